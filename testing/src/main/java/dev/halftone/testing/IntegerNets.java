package dev.halftone.testing;

import dev.halftone.Networks;
import dev.halftone.NormalNoise;
import dev.halftone.data.Dataset;
import dev.halftone.graph.Attribute;
import dev.halftone.graph.Dim;
import dev.halftone.graph.Model;
import dev.halftone.graph.Node;
import dev.halftone.tensor.Shape;
import dev.halftone.tensor.Tensor;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;

/// Small networks, each with an operation that integer devices compute, on pictures of odd extents.
public final class IntegerNets {

  public static final int H = 9;
  public static final int W = 7;

  private IntegerNets() {}

  public record Net(String name, Model model) {
    @Override
    public String toString() {
      return name;
    }
  }

  /// With operations that are defined on int8 alone.
  private static final Set<String> NARROW =
      Set.of(
          "gate",
          "two clamps",
          "PRelu",
          "softmax",
          "softmax of places",
          "attention",
          "Tanh",
          "LeakyRelu",
          "Elu",
          "Softplus",
          "flattened and clamped");

  /// Those that also run on activations of 16 bits.
  public static List<Net> wide() {
    return all().stream().filter(net -> !NARROW.contains(net.name())).toList();
  }

  public static List<Net> narrow() {
    return all().stream().filter(net -> NARROW.contains(net.name())).toList();
  }

  private static Networks image(int channels) {
    return Networks.input(5, -1, channels, H, W);
  }

  private static Node node(String op, String... inputs) {
    return Node.of(op, "y", List.of(inputs), List.of("y"));
  }

  private static Node conv(Networks net, int inC, int outC, int kernel, int group) {
    net.constant("w", net.normal(0.3, outC, inC / group, kernel, kernel))
        .constant("b", net.normal(0.2, outC));
    return node("Conv", net.last(), "w", "b").with("group", new Attribute.Int(group));
  }

  private static Net weighted(
      String name, Shape weight, int group, long[] strides, long[] pads, long[] dilations) {
    int inC = (int) weight.dim(1) * group;
    Networks net = image(inC);
    Node conv =
        conv(net, inC, (int) weight.dim(0), (int) weight.dim(2), group)
            .with("strides", Attribute.Ints.of(strides))
            .with("pads", Attribute.Ints.of(pads))
            .with("dilations", Attribute.Ints.of(dilations));
    return new Net(name, net.add(conv).model());
  }

  private static Net transposed(String name, int k, int stride, int pad, int group) {
    Networks net = image(3);
    net.constant("w", net.normal(0.3, 3, 6 / group, k, k)).constant("b", net.normal(0.2, 6));
    Node node =
        node("ConvTranspose", "input", "w", "b")
            .with("strides", Attribute.Ints.of(stride, stride))
            .with("pads", Attribute.Ints.of(pad, pad, pad, pad))
            .with("group", new Attribute.Int(group));
    return new Net(name, net.add(node).relu("r").model());
  }

  private static Net pool(String op, long... pads) {
    Node pool =
        Node.of(op, "p", List.of("input"), List.of("p"))
            .with("kernel_shape", Attribute.Ints.of(3, 2))
            .with("strides", Attribute.Ints.of(2, 1))
            .with("pads", Attribute.Ints.of(pads));
    return new Net(op, image(3).add(pool).conv("y", 3, 4, 1, 1).model());
  }

  /// A function whose integers are the very same on both sides, before a convolution.
  private static Net function(String op) {
    return new Net(op, image(3).op(op, "f", "input").conv("y", 3, 4, 1, 1).model());
  }

  private static Net behindConv(String name, UnaryOperator<Networks> more) {
    Networks net = image(3).conv("c", 3, 6, 3, 1);
    return new Net(name, more.apply(net).model());
  }

  public static List<Net> all() {
    long[] one = {1, 1};
    long[] two = {2, 2};
    return List.of(
        weighted("conv", new Shape(5, 3, 3, 3), 1, one, new long[] {1, 1, 1, 1}, one),
        weighted("conv, odd padding", new Shape(5, 3, 3, 3), 1, two, new long[] {0, 2, 1, 0}, one),
        weighted("conv in groups", new Shape(6, 2, 3, 3), 2, new long[] {2, 1}, new long[4], one),
        weighted("conv, dilated", new Shape(3, 2, 3, 3), 1, one, new long[] {2, 2, 2, 2}, two),
        weighted(
            "conv of many channels", new Shape(7, 21, 3, 3), 1, one, new long[] {1, 1, 1, 1}, one),
        weighted(
            "depthwise of many channels",
            new Shape(19, 1, 3, 3),
            19,
            one,
            new long[] {1, 1, 1, 1},
            one),
        weighted("depthwise", new Shape(5, 1, 3, 3), 5, two, new long[] {1, 1, 1, 1}, one),
        weighted(
            "depthwise, multiplied", new Shape(6, 1, 3, 3), 3, one, new long[] {1, 1, 1, 1}, one),
        transposed("transposed", 2, 2, 0, 1),
        transposed("transposed, odd", 3, 2, 1, 1),
        transposed("transposed in groups", 4, 3, 2, 3),
        new Net("conv, same", same("SAME_UPPER")),
        new Net("conv, same, lower", same("SAME_LOWER")),
        pool("MaxPool", 1, 0, 1, 1),
        pool("AveragePool", 1, 1, 1, 0),
        new Net(
            "average that counts padding",
            image(3)
                .add(
                    Node.of("AveragePool", "p", List.of("input"), List.of("p"))
                        .with("kernel_shape", Attribute.Ints.of(3, 3))
                        .with("pads", Attribute.Ints.of(1, 1, 1, 1))
                        .with("count_include_pad", new Attribute.Int(1)))
                .conv("y", 3, 4, 1, 1)
                .model()),
        behindConv("head", net -> net.relu("r").head("y", 6, 10)),
        behindConv("two clamps", net -> net.relu6("r6").op("Neg", "n", "r6").relu("r")),
        behindConv(
            "residual",
            net -> net.relu("r").conv("d", 6, 6, 3, 1).op("Add", "s", "r", "d").relu("q")),
        behindConv(
            "sum with constant",
            net -> net.constant("k", net.normal(1, 6, 1, 1)).op("Add", "y", "c", "k")),
        behindConv(
            "gate",
            net ->
                net.op("GlobalAveragePool", "g", "c")
                    .op("Sigmoid", "s", "g")
                    .op("Mul", "y", "c", "s")),
        behindConv(
            "concat",
            net ->
                net.conv("d", 6, 4, 1, 1)
                    .add(node("Concat", "c", "d", "c").with("axis", new Attribute.Int(1)))),
        behindConv(
            "times",
            net -> net.constant("k", Tensor.scalar(0.25f)).op("Mul", "m", "c", "k").relu("r")),
        behindConv(
            "difference", net -> net.conv("d", 6, 6, 3, 1).op("Sub", "y", "c", "d").relu("r")),
        behindConv(
            "difference of a map and its mean",
            net -> net.op("GlobalAveragePool", "g", "c").op("Sub", "y", "g", "c")),
        new Net("PRelu", prelu(image(3)).conv("y", 3, 4, 1, 1).model()),
        behindConv("softmax", net -> net.relu("r").head("y", 6, 10).op("Softmax", "s", "y")),
        behindConv(
            "softmax of places",
            net -> net.add(node("Softmax", "c").with("axis", new Attribute.Int(2)))),
        behindConv("argmax", net -> net.relu("r").head("l", 6, 10).add(arg("l", -1, 1))),
        behindConv("argmax of channels", net -> net.add(arg("c", 1, 0))),
        behindConv("attention", IntegerNets::attention),
        function("Tanh"),
        function("LeakyRelu"),
        function("Elu"),
        function("Softplus"),
        function("HardSigmoid"),
        behindConv("max of all", net -> net.op("GlobalMaxPool", "y", "c")),
        behindConv(
            "flattened picture",
            net ->
                net.op("Flatten", "f", "c")
                    .constant("fw", net.normal(0.05, 6 * H * W, 4))
                    .op("MatMul", "y", "f", "fw")),
        behindConv("flattened and clamped", net -> net.op("Flatten", "f", "c").op("Neg", "n", "f")),
        behindConv(
            "tokens",
            net ->
                net.constant("s", Tensor.vector(1L, 6L, (long) H * W))
                    .op("Reshape", "t", "c", "s")
                    .add(
                        Node.of("Transpose", "u", List.of("t"), List.of("u"))
                            .with("perm", Attribute.Ints.of(0, 2, 1)))
                    .constant("tw", net.normal(0.3, 6, 5))
                    .op("MatMul", "y", "u", "tw")),
        new Net(
            "channels last",
            Networks.input(5, -1, H, W, 3)
                .add(
                    Node.of("Transpose", "t", List.of("input"), List.of("t"))
                        .with("perm", Attribute.Ints.of(0, 3, 1, 2)))
                .conv("c", 3, 4, 3, 1)
                .add(node("Transpose", "c").with("perm", Attribute.Ints.of(0, 2, 3, 1)))
                .model()),
        behindConv(
            "slice",
            net ->
                net.constant("b", Tensor.vector(-8L, 1L))
                    .constant("e", Tensor.vector(Long.MAX_VALUE, 5L))
                    .constant("a", Tensor.vector(2L, 1L))
                    .constant("st", Tensor.vector(2L, 1L))
                    .op("Slice", "y", "c", "b", "e", "a", "st")),
        behindConv(
            "split",
            net ->
                net.constant("parts", Tensor.vector(2L, 4L))
                    .add(
                        new Node(
                            "p",
                            "Split",
                            "",
                            List.of("c", "parts"),
                            List.of("p", "q"),
                            Map.of("axis", new Attribute.Int(1)),
                            List.of()))
                    .op("GlobalAveragePool", "y", "q")),
        behindConv(
            "pad channels",
            net ->
                net.constant("p", Tensor.vector(0L, 1L, 0L, 2L, 0L, 3L, 1L, 0L))
                    .op("Pad", "y", "c", "p")),
        behindConv(
            "resize",
            net ->
                net.constant("s", Tensor.vector(1f, 1f, 2f, 1.5f))
                    .add(
                        node("Resize", "c", "", "s")
                            .with("mode", new Attribute.Text("nearest"))
                            .with("nearest_mode", new Attribute.Text("floor"))
                            .with(
                                "coordinate_transformation_mode",
                                new Attribute.Text("asymmetric")))));
  }

  private static Node arg(String of, int axis, int keepDims) {
    return node("ArgMax", of)
        .with("axis", new Attribute.Int(axis))
        .with("keepdims", new Attribute.Int(keepDims));
  }

  private static Networks prelu(Networks net) {
    return net.constant("slope", net.normal(0.3, 3, 1, 1)).op("PRelu", "p", "input", "slope");
  }

  /// Places look at each other in two heads; then one head's matrix serves both.
  private static Networks attention(Networks net) {
    return net.constant("s", Tensor.vector(1L, 2L, 3L, (long) H * W))
        .op("Reshape", "k", "c", "s")
        .add(
            Node.of("Transpose", "q", List.of("k"), List.of("q"))
                .with("perm", Attribute.Ints.of(0, 1, 3, 2)))
        .op("MatMul", "scores", "q", "k")
        .op("Softmax", "weights", "scores")
        .op("MatMul", "mixed", "weights", "q")
        .constant("from", Tensor.vector(0L))
        .constant("to", Tensor.vector(1L))
        .op("Slice", "one", "mixed", "from", "to", "to")
        .op("MatMul", "y", "k", "one");
  }

  private static Model same(String pad) {
    Networks net = image(3);
    return net.add(
            conv(net, 3, 4, 4, 1)
                .with("strides", Attribute.Ints.of(2, 2))
                .with("auto_pad", new Attribute.Text(pad)))
        .model();
  }

  /// Samples for the model's only input.
  public static Dataset noise(Model model) {
    List<Dim> dims = model.graph().inputs().getFirst().type().orElseThrow().dims().orElseThrow();
    return new NormalNoise(
        12,
        "input",
        new Shape(dims.stream().mapToLong(dim -> dim.isKnown() ? dim.size() : 1).toArray()));
  }
}
