package dev.halftone;

import dev.halftone.graph.Attribute;
import dev.halftone.graph.Model;
import dev.halftone.graph.Node;
import dev.halftone.tensor.Shape;
import java.util.List;

/// Networks of the shapes of MLPerf Tiny, with random weights, as `bench/microcontroller/networks.py` makes them, and a smaller one.
public final class TinyNets {

  private TinyNets() {}

  /// 12x12x3, two residual blocks behind a stem: the sum of the first, `one.r`, is multiplied by `b` and added in `two`.
  public static Model twoBlocks() {
    return Networks.input(3, -1, 3, 12, 12)
        .conv("stem", 3, 4, 3, 1)
        .relu("stem.r")
        .conv("a", 4, 4, 3, 1)
        .op("Add", "one", "a", "stem.r")
        .relu("one.r")
        .conv("b", 4, 4, 3, 1)
        .op("Add", "two", "b", "one.r")
        .relu("two.r")
        .head("h", 4, 5)
        .model();
  }

  /// 32x32x3, 12.5 million products.
  public static Model resNet8() {
    Networks net = Networks.input(1, 1, 3, 32, 32);
    conv(net, "stem", new Shape(16, 3, 3, 3), 1, 1).relu("x0");
    String x = "x0";
    int into = 16;
    for (int out : new int[] {16, 32, 64}) {
      int stride = out == into ? 1 : 2;
      String name = "b" + out;
      conv(net.from(x), name + ".a", new Shape(out, into, 3, 3), stride, 1).relu(name + ".r");
      conv(net, name + ".b", new Shape(out, out, 3, 3), 1, 1);
      if (out != into) {
        conv(net.from(x), name + ".s", new Shape(out, into, 1, 1), stride, 1);
        x = name + ".s";
      }
      net.op("Add", name + ".sum", name + ".b", x).relu(name + ".x");
      x = name + ".x";
      into = out;
    }
    return net.head("logits", 64, 10).model();
  }

  /// MobileNet-0.25, 96x96x3, 7.5 million products.
  public static Model mobileNet() {
    Networks net = Networks.input(2, 1, 3, 96, 96);
    conv(net, "stem", new Shape(8, 3, 3, 3), 2, 1).relu("stem.r");
    int[] outs = {16, 32, 32, 64, 64, 128, 128, 128, 128, 128, 128, 256, 256};
    List<Integer> halved = List.of(1, 3, 5, 11);
    int into = 8;
    for (int i = 0; i < outs.length; i++) {
      conv(net, "d" + i, new Shape(into, 1, 3, 3), halved.contains(i) ? 2 : 1, into).relu("dr" + i);
      conv(net, "p" + i, new Shape(outs[i], into, 1, 1), 1, 1).relu("pr" + i);
      into = outs[i];
    }
    return net.head("logits", 256, 2).model();
  }

  /// DS-CNN, 49x10x1, 2.7 million products.
  public static Model dsCnn() {
    Networks net = Networks.input(3, 1, 1, 49, 10);
    conv(net, "stem", new Shape(64, 1, 10, 4), 2, 1).relu("stem.r");
    for (int i = 0; i < 4; i++) {
      conv(net, "d" + i, new Shape(64, 1, 3, 3), 1, 64).relu("dr" + i);
      conv(net, "p" + i, new Shape(64, 64, 1, 1), 1, 1).relu("pr" + i);
    }
    return net.head("logits", 64, 12).model();
  }

  /// 640 numbers through 128 and 8, 0.26 million products.
  public static Model autoencoder() {
    Networks net = Networks.input(4, 1, 640);
    int[] sizes = {640, 128, 128, 128, 128, 8, 128, 128, 128, 128, 640};
    for (int i = 0; i < sizes.length - 1; i++) {
      String name = "l" + i;
      net.constant(name + ".w", net.normal(Math.sqrt(2.0 / sizes[i]), sizes[i + 1], sizes[i]))
          .constant(name + ".b", net.normal(0.1, sizes[i + 1]))
          .add(
              Node.of("Gemm", name, List.of(net.last(), name + ".w", name + ".b"), List.of(name))
                  .with("transB", new Attribute.Int(1)));
      if (i < sizes.length - 2) {
        net.relu(name + ".r");
      }
    }
    return net.model();
  }

  private static Networks conv(Networks net, String name, Shape weight, int stride, int group) {
    double deviation = Math.sqrt(2.0 / weight.countAfter(0));
    net.constant(name + ".w", net.normal(deviation, weight.dims()))
        .constant(name + ".b", net.normal(0.1, weight.dim(0)));
    return net.add(
        Node.of("Conv", name, List.of(net.last(), name + ".w", name + ".b"), List.of(name))
            .with("auto_pad", new Attribute.Text("SAME_UPPER"))
            .with("strides", Attribute.Ints.of(stride, stride))
            .with("group", new Attribute.Int(group)));
  }
}
