"""Compiles the networks that networks.py wrote with BakeNN, as C beside Halftone's.

Usage: rival.py DIR   (needs onnx and bakenn[torch])
"""

import sys

import bakenn
import numpy as np
import onnx
import torch
from onnx import numpy_helper


class Net(torch.nn.Module):
    """The nodes of an ONNX file, as torch operations."""

    def __init__(self, model):
        super().__init__()
        self.nodes = [
            (n.op_type, list(n.input), n.output[0], {a.name: onnx.helper.get_attribute_value(a) for a in n.attribute})
            for n in model.graph.node
        ]
        for constant in model.graph.initializer:
            self.register_buffer(constant.name, torch.from_numpy(numpy_helper.to_array(constant).copy()))

    def forward(self, x):
        values = {"input": x, **dict(self.named_buffers())}
        for kind, inputs, output, attributes in self.nodes:
            values[output] = self.op(kind, [values[name] for name in inputs], attributes)
        return values[output]

    @staticmethod
    def op(kind, inputs, attributes):
        functional = torch.nn.functional
        if kind == "Conv":
            x, w, b = inputs
            padding = []  # the same on both sides, which counts as many outputs: BakeNN copies what is padded otherwise
            for size, kernel, stride in zip(x.shape[2:], w.shape[2:], attributes["strides"]):
                padding.append(max(0, (-(-size // stride) - 1) * stride + kernel - size + 1) // 2)
            return functional.conv2d(x, w, b, attributes["strides"], padding, 1, attributes["group"])
        if kind == "Relu":
            return functional.relu(inputs[0])
        if kind == "Add":
            return inputs[0] + inputs[1]
        if kind == "GlobalAveragePool":
            return functional.adaptive_avg_pool2d(inputs[0], 1)
        if kind == "Flatten":
            return torch.flatten(inputs[0], 1)
        assert kind == "Gemm", kind
        return functional.linear(*inputs)


if __name__ == "__main__":
    folder = sys.argv[1]
    for name in ("resnet8", "mobilenet", "ds_cnn", "autoencoder"):
        net = Net(onnx.load(f"{folder}/{name}.onnx")).eval()
        samples = [torch.from_numpy(x[None]) for x in np.load(f"{folder}/{name}.npy")[:1]]  # values do not matter
        bakenn.compile_torch_ptq(net, samples[0], samples, f"{folder}/bakenn-{name}", name=name, target="cortex-m4")
