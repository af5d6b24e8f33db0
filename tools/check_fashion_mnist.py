#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Checks an exported Fashion-MNIST classifier with ONNX Runtime and prints its accuracy.

With --quantize it also quantizes the model with ONNX Runtime's own static quantization, as a
point of reference.
"""

import argparse
import tempfile
from collections import Counter
from pathlib import Path

import numpy as np
import onnx
import onnxruntime as ort

from fashion_mnist import DEFAULT_DATA_DIR, load_split, preprocess


def logits(model, images, threads):
    options = ort.SessionOptions()
    options.intra_op_num_threads = threads
    session = ort.InferenceSession(str(model), options, providers=["CPUExecutionProvider"])
    batches = (images[start : start + 500] for start in range(0, len(images), 500))
    return np.concatenate([session.run(["logits"], {"image": preprocess(b)})[0] for b in batches])


def load_packed(path):
    with np.load(path) as packed:
        return packed["images"], packed["labels"]


def describe(model):
    onnx.checker.check_model(model, full_check=True)
    counts = Counter(node.op_type for node in model.graph.node)
    print("operators:", ", ".join(f"{op} {count}" for op, count in counts.most_common()))
    for entry in model.metadata_props:
        print(f"metadata {entry.key}: {entry.value!r}")


def quantize(source, target, images):
    from onnxruntime.quantization import CalibrationDataReader, QuantType, quantize_static
    from onnxruntime.quantization.shape_inference import quant_pre_process

    class Reader(CalibrationDataReader):
        def __init__(self):
            self.batches = iter(np.split(preprocess(images), len(images) // 20))

        def get_next(self):
            batch = next(self.batches, None)
            return None if batch is None else {"image": batch}

    prepared = target.with_name("prepared.onnx")
    quant_pre_process(str(source), str(prepared))
    quantize_static(
        str(prepared),
        str(target),
        Reader(),
        per_channel=True,
        weight_type=QuantType.QInt8,
        activation_type=QuantType.QUInt8,
    )


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("model", type=Path)
    parser.add_argument("--data", type=Path, default=DEFAULT_DATA_DIR, help="idx files' directory")
    parser.add_argument("--packed-dir", type=Path, default=Path("."), help="npz files' directory")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--quantize", action="store_true")
    args = parser.parse_args()

    print(f"{args.model}: {args.model.stat().st_size} bytes")
    describe(onnx.load(args.model))

    tests = {
        "full test set": load_split(args.data, "test"),
        "packed test set": load_packed(args.packed_dir / "fashion-mnist-test.npz"),
    }
    results = {}
    for name, (images, labels) in tests.items():
        results[name] = logits(args.model, images, args.threads)
        top1 = np.mean(results[name].argmax(1) == labels)
        print(f"{name}: {len(labels)} pictures, top-1 {top1:.4f}")

    if args.quantize:
        with tempfile.TemporaryDirectory() as directory:
            quantized = Path(directory) / "quantized.onnx"
            calibration, _ = load_packed(args.packed_dir / "fashion-mnist-calibration.npz")
            quantize(args.model, quantized, calibration)
            print(f"quantized by ONNX Runtime: {quantized.stat().st_size} bytes")
            for name, (images, labels) in tests.items():
                answers = logits(quantized, images, args.threads).argmax(1)
                top1 = np.mean(answers == labels)
                agreement = np.mean(answers == results[name].argmax(1))
                print(f"{name}: quantized top-1 {top1:.4f}, agreement {agreement:.4f}")


if __name__ == "__main__":
    main()
