#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Trains a small MobileNetV2-style Fashion-MNIST classifier and exports it to ONNX.

The exported graph is what a training framework hands over before any deployment optimizer has
seen it: BatchNormalization is not folded into the convolutions, and ReLU6 is a Clip.

The weights depend on --seed, --epochs, --threads, the pinned package versions and the kind of
CPU; with all of those equal, two runs produce the same file.
"""

import argparse
import math
import time
from pathlib import Path

import onnx
import torch
import torch.nn.functional as F
from torch import nn

from fashion_mnist import DEFAULT_DATA_DIR, LABELS, MEAN, STD, load_split

BATCH_SIZE = 128
PEAK_LEARNING_RATE = 0.15
MOMENTUM = 0.9
WEIGHT_DECAY = 5e-4
LABEL_SMOOTHING = 0.1
WARMUP_EPOCHS = 1
MAX_SHIFT = 2  # pixels, in each direction

OPSET = 17


def conv_bn(inputs, outputs, kernel=1, stride=1, groups=1, activate=True):
    """A convolution without bias and its batch normalization, as layers for nn.Sequential."""
    layers = [
        nn.Conv2d(inputs, outputs, kernel, stride, kernel // 2, groups=groups, bias=False),
        nn.BatchNorm2d(outputs),
    ]
    if activate:
        layers.append(nn.ReLU6())
    return layers


class InvertedResidual(nn.Module):
    """Expand (1x1), filter each channel (depthwise 3x3), project (1x1, linear)."""

    def __init__(self, inputs, outputs, stride, expansion):
        super().__init__()
        hidden = inputs * expansion
        layers = conv_bn(inputs, hidden) if expansion > 1 else []
        layers += conv_bn(hidden, hidden, kernel=3, stride=stride, groups=hidden)
        layers += conv_bn(hidden, outputs, activate=False)
        self.layers = nn.Sequential(*layers)
        self.residual = stride == 1 and inputs == outputs

    def forward(self, x):
        return x + self.layers(x) if self.residual else self.layers(x)


class FashionNet(nn.Module):
    """MobileNetV2 scaled down to 28x28 grey pictures, about 250,000 parameters."""

    STEM = 16
    # Expansion, output channels, number of blocks, stride of the first block.
    STAGES = (
        (1, 32, 1, 2),  # 28x28 -> 14x14
        (2, 32, 1, 1),
        (3, 48, 2, 2),  # 14x14 -> 7x7
        (4, 80, 4, 1),
    )
    HEAD = 256

    def __init__(self):
        super().__init__()
        self.stem = nn.Sequential(*conv_bn(1, self.STEM, kernel=3))
        blocks, channels = [], self.STEM
        for expansion, outputs, repeats, first_stride in self.STAGES:
            for index in range(repeats):
                stride = first_stride if index == 0 else 1
                blocks.append(InvertedResidual(channels, outputs, stride, expansion))
                channels = outputs
        self.blocks = nn.Sequential(*blocks)
        self.head = nn.Sequential(*conv_bn(channels, self.HEAD))
        self.pool = nn.AdaptiveAvgPool2d(1)
        self.classifier = nn.Linear(self.HEAD, len(LABELS))

        for module in self.modules():
            if isinstance(module, nn.Conv2d):
                nn.init.kaiming_normal_(module.weight, mode="fan_out", nonlinearity="relu")
            elif isinstance(module, nn.Linear):
                nn.init.normal_(module.weight, std=0.01)
                nn.init.zeros_(module.bias)

    def forward(self, image):
        x = self.head(self.blocks(self.stem(image)))
        return self.classifier(torch.flatten(self.pool(x), 1))


def augment(pixels):
    """Shifts and mirrors each uint8 picture of a batch [N, 28, 28] at random."""
    count, size = len(pixels), pixels.shape[-1]
    padded = F.pad(pixels, (MAX_SHIFT,) * 4)
    offsets = torch.randint(0, 2 * MAX_SHIFT + 1, (2, count, 1))
    line = torch.arange(size)
    mirrored = torch.rand(count, 1) < 0.5
    rows = line + offsets[0]
    columns = torch.where(mirrored, line.flip(0), line) + offsets[1]
    return padded[torch.arange(count)[:, None, None], rows[:, :, None], columns[:, None, :]]


def to_input(pixels):
    """The same preprocessing as fashion_mnist.preprocess, for tensors."""
    return ((pixels.float() - MEAN) / STD).unsqueeze(1)


def learning_rate_factor(progress, epochs):
    """Linear warm-up, then a cosine down to zero; progress is in epochs."""
    if progress < WARMUP_EPOCHS:
        return progress / WARMUP_EPOCHS
    return 0.5 * (1 + math.cos(math.pi * (progress - WARMUP_EPOCHS) / (epochs - WARMUP_EPOCHS)))


def train(model, images, labels, epochs, after_epoch):
    # Weight decay on the convolution and linear weights only, not on the normalization or biases.
    decayed = [p for p in model.parameters() if p.ndim > 1]
    others = [p for p in model.parameters() if p.ndim <= 1]
    optimizer = torch.optim.SGD(
        [{"params": decayed, "weight_decay": WEIGHT_DECAY}, {"params": others}],
        lr=PEAK_LEARNING_RATE,
        momentum=MOMENTUM,
        nesterov=True,
    )
    steps = len(images) // BATCH_SIZE
    scheduler = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda step: learning_rate_factor((step + 1) / steps, epochs)
    )
    for epoch in range(epochs):
        start, total_loss = time.monotonic(), 0.0
        model.train()
        order = torch.randperm(len(images))
        for step in range(steps):
            batch = order[step * BATCH_SIZE : (step + 1) * BATCH_SIZE]
            inputs = to_input(augment(images[batch])).contiguous(memory_format=torch.channels_last)
            loss = F.cross_entropy(model(inputs), labels[batch], label_smoothing=LABEL_SMOOTHING)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            scheduler.step()
            total_loss += loss.item()
        after_epoch(epoch, total_loss / steps, time.monotonic() - start)


def accuracy(model, images, labels):
    model.eval()
    with torch.inference_mode():
        correct = sum(
            (model(to_input(x)).argmax(1) == y).sum().item()
            for x, y in zip(images.split(1000), labels.split(1000))
        )
    return correct / len(images)


def export(model, path, metadata):
    model.eval()
    # A model in evaluation mode, exported with PRESERVE: batch normalization gets its inference
    # form, and the exporter leaves it beside the convolution. EVAL would fold it.
    torch.onnx.export(
        model.to(memory_format=torch.contiguous_format),
        (torch.zeros(1, 1, 28, 28),),
        str(path),
        input_names=["image"],
        output_names=["logits"],
        dynamic_axes={"image": {0: "batch"}, "logits": {0: "batch"}},
        opset_version=OPSET,
        training=torch.onnx.TrainingMode.PRESERVE,
        do_constant_folding=False,
        dynamo=False,
    )
    exported = onnx.load(path)
    exported.graph.name = "fashion_mnist"
    exported.doc_string = "Fashion-MNIST classifier, MobileNetV2 style, float32"
    onnx.helper.set_model_props(exported, metadata)

    onnx.checker.check_model(exported, full_check=True)
    normalizations = [n for n in exported.graph.node if n.op_type == "BatchNormalization"]
    expected = sum(isinstance(m, nn.BatchNorm2d) for m in model.modules())
    if len(normalizations) != expected or any(len(n.output) != 1 for n in normalizations):
        raise RuntimeError("the exporter did not keep batch normalization in its inference form")
    onnx.save(exported, path)


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, default=DEFAULT_DATA_DIR, help="idx files' directory")
    parser.add_argument("--output", type=Path, default=Path("fashion-mnist.onnx"))
    parser.add_argument("--epochs", type=int, default=12)
    parser.add_argument("--seed", type=int, default=20240229)
    parser.add_argument("--threads", type=int, default=2)
    args = parser.parse_args()
    if args.epochs <= WARMUP_EPOCHS:
        parser.error(f"--epochs must be greater than {WARMUP_EPOCHS}")

    torch.set_num_threads(args.threads)
    torch.use_deterministic_algorithms(True)
    # Nothing here reads memory it has not written, so do not spend time on filling it first.
    torch.utils.deterministic.fill_uninitialized_memory = False
    torch.manual_seed(args.seed)

    images, labels = map(torch.tensor, load_split(args.data, "train"))
    test_images, test_labels = map(torch.tensor, load_split(args.data, "test"))

    model = FashionNet().to(memory_format=torch.channels_last)
    print(f"{sum(p.numel() for p in model.parameters())} parameters", flush=True)

    def report(epoch, loss, seconds):
        # For information: the test set steers nothing, the last epoch is what is exported.
        score = accuracy(model, test_images, test_labels)
        print(f"epoch {epoch + 1}: loss {loss:.4f}, test {score:.4f}, {seconds:.0f} s", flush=True)

    start = time.monotonic()
    train(model, images, labels, args.epochs, report)
    print(f"trained in {time.monotonic() - start:.0f} s")

    metadata = {
        "labels": "\n".join(LABELS),
        "mean": str(MEAN),
        "std": str(STD),
        "preprocessing": "grey pixel 0..255: (pixel - mean) / std, NCHW 1x28x28",
        "training.script": Path(__file__).name,
        "training.seed": str(args.seed),
        "training.epochs": str(args.epochs),
        "training.threads": str(args.threads),
        "training.framework": f"PyTorch {torch.__version__}",
        "training.data": "Fashion-MNIST, 60000 training pictures, Copyright (c) 2017 Zalando SE, MIT",
    }
    export(model, args.output, metadata)
    print(f"wrote {args.output}, {args.output.stat().st_size} bytes")


if __name__ == "__main__":
    main()
