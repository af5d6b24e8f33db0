"""Writes networks of the shapes of MLPerf Tiny with random weights, and random inputs: instructions and memory do not depend on values.

Usage: networks.py DIR   (needs onnx and numpy)
"""

import sys

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

random = np.random.default_rng(1)


class Net:
    def __init__(self, shape):
        self.shape, self.nodes, self.constants, self.last, self.count = shape, [], [], "input", 0

    def constant(self, *dims, deviation):
        name = f"c{len(self.constants)}"
        values = (random.standard_normal(dims) * deviation).astype(np.float32)
        self.constants.append(numpy_helper.from_array(values, name))
        return name

    def op(self, kind, inputs, **attributes):
        self.count += 1
        self.last = f"v{self.count}"
        self.nodes.append(helper.make_node(kind, inputs, [self.last], name=self.last, **attributes))
        return self.last

    def conv(self, source, into, out, kernel, stride=1, group=1, relu=True):
        fan = into // group * kernel[0] * kernel[1]
        weights = self.constant(out, into // group, *kernel, deviation=(2 / fan) ** 0.5)
        bias = self.constant(out, deviation=0.1)
        self.op("Conv", [source, weights, bias], auto_pad="SAME_UPPER", strides=[stride, stride], group=group,
                kernel_shape=list(kernel))
        return self.op("Relu", [self.last]) if relu else self.last

    def dense(self, into, out, relu=False):
        weights, bias = self.constant(out, into, deviation=(2 / into) ** 0.5), self.constant(out, deviation=0.1)
        self.op("Gemm", [self.last, weights, bias], transB=1)
        return self.op("Relu", [self.last]) if relu else self.last

    def head(self, into, out):
        self.op("GlobalAveragePool", [self.last])
        self.op("Flatten", [self.last])
        return self.dense(into, out)

    def save(self, folder, name):
        graph = helper.make_graph(
            self.nodes, name, [helper.make_tensor_value_info("input", TensorProto.FLOAT, self.shape)],
            [helper.make_tensor_value_info(self.last, TensorProto.FLOAT, None)], self.constants)
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=8)
        onnx.save(model, f"{folder}/{name}.onnx")
        np.save(f"{folder}/{name}.npy", random.standard_normal([32, *self.shape[1:]]).astype(np.float32))


def resnet8():
    net = Net([1, 3, 32, 32])
    x = net.conv("input", 3, 16, (3, 3))
    into = 16
    for out in (16, 32, 64):
        stride = 1 if out == into else 2
        net.conv(x, into, out, (3, 3), stride)
        y = net.conv(net.last, out, out, (3, 3), relu=False)
        short = x if out == into else net.conv(x, into, out, (1, 1), stride, relu=False)
        net.op("Add", [short, y])
        x = net.op("Relu", [net.last])
        into = out
    net.head(64, 10)
    return net


def mobilenet():
    net = Net([1, 3, 96, 96])
    net.conv("input", 3, 8, (3, 3), 2)
    into = 8
    for out, stride in [(16, 1), (32, 2), (32, 1), (64, 2), (64, 1), (128, 2)] + [(128, 1)] * 5 + [(256, 2), (256, 1)]:
        net.conv(net.last, into, into, (3, 3), stride, group=into)
        net.conv(net.last, into, out, (1, 1))
        into = out
    net.head(256, 2)
    return net


def ds_cnn():
    net = Net([1, 1, 49, 10])
    net.conv("input", 1, 64, (10, 4), 2)
    for _ in range(4):
        net.conv(net.last, 64, 64, (3, 3), group=64)
        net.conv(net.last, 64, 64, (1, 1))
    net.head(64, 12)
    return net


def autoencoder():
    net = Net([1, 640])
    sizes = [640, 128, 128, 128, 128, 8, 128, 128, 128, 128, 640]
    for i, (into, out) in enumerate(zip(sizes, sizes[1:])):
        net.dense(into, out, relu=i < len(sizes) - 2)
    return net


if __name__ == "__main__":
    for make in (resnet8, mobilenet, ds_cnn, autoencoder):
        make().save(sys.argv[1], make.__name__)
