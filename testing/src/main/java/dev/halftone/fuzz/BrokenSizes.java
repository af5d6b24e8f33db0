package dev.halftone.fuzz;

import dev.halftone.graph.Attribute;
import dev.halftone.graph.Dim;
import dev.halftone.graph.Graph;
import dev.halftone.graph.Node;
import dev.halftone.graph.TensorType;
import dev.halftone.tensor.DType;
import dev.halftone.tensor.Shape;
import dev.halftone.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/// Extreme numbers, and nodes that make extreme sizes of them.
final class BrokenSizes {

  private static final long[] NUMBERS = {
    0,
    1,
    2,
    3,
    5,
    7,
    -1,
    -2,
    -5,
    16,
    63,
    64,
    65,
    255,
    1000,
    65_535,
    65_536,
    1 << 20,
    Integer.MAX_VALUE,
    Integer.MIN_VALUE,
    1L << 31,
    1L << 32,
    1L << 40,
    Long.MAX_VALUE,
    Long.MIN_VALUE,
    Long.MAX_VALUE - 1
  };

  private BrokenSizes() {}

  static long extreme(SplittableRandom random) {
    return NUMBERS[random.nextInt(NUMBERS.length)];
  }

  static Dim dim(SplittableRandom random) {
    return switch (random.nextInt(6)) {
      case 0 -> Dim.UNKNOWN;
      case 1 -> new Dim.Named("n");
      default -> Dim.of(Math.max(0, extreme(random)));
    };
  }

  static TensorType type(SplittableRandom random) {
    DType[] types = DType.values();
    DType dtype = random.nextBoolean() ? DType.FLOAT : types[random.nextInt(types.length)];
    if (random.nextInt(5) == 0) {
      return TensorType.ofUnknownRank(dtype);
    }
    List<Dim> dims = new ArrayList<>();
    for (int i = random.nextInt(6); i > 0; i--) {
      dims.add(dim(random));
    }
    return TensorType.of(dtype, dims);
  }

  /// A few numbers.
  static Tensor tensor(SplittableRandom random) {
    int count = random.nextInt(5);
    Shape shape = count == 1 && random.nextBoolean() ? Shape.SCALAR : new Shape(count);
    if (random.nextBoolean()) {
      return Tensor.of(shape, random.longs(count).map(_ -> extreme(random)).toArray());
    }
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] =
          new float[] {0, 1, -1, 0.5f, Float.NaN, Float.POSITIVE_INFINITY, 1e38f, 1e-40f}
              [random.nextInt(8)];
    }
    return Tensor.of(shape, values);
  }

  /// A node between two others whose result is as large as some extreme number says.
  static Graph insert(Graph graph, SplittableRandom random) {
    List<Node> nodes = new ArrayList<>(graph.nodes());
    if (nodes.isEmpty() || nodes.stream().allMatch(node -> node.outputs().isEmpty())) {
      return graph;
    }
    int at = random.nextInt(nodes.size());
    if (nodes.get(at).inputs().isEmpty()) {
      return graph;
    }
    String value = nodes.get(at).input(0);
    String fresh = "inserted" + random.nextInt(1 << 20);
    Map<String, Tensor> constants = new LinkedHashMap<>(graph.initializers());
    long[] sizes = random.longs(random.nextInt(1, 5)).map(_ -> extreme(random)).toArray();
    constants.put(fresh + "_sizes", Tensor.vector(sizes));
    constants.put(fresh + "_scales", Tensor.vector(1, 1, random.nextInt(1, 100_000), 0.001f));
    constants.put(fresh + "_one", Tensor.of(Shape.SCALAR, extreme(random)));
    constants.put(fresh + "_two", Tensor.of(Shape.SCALAR, extreme(random)));
    String given = fresh + "_sizes";
    Node node =
        switch (random.nextInt(9)) {
          case 0 -> Node.of("ConstantOfShape", fresh, List.of(given), List.of(fresh));
          case 1 -> Node.of("Expand", fresh, List.of(value, given), List.of(fresh));
          case 2 -> Node.of("Tile", fresh, List.of(value, given), List.of(fresh));
          case 3 ->
              Node.of(
                  "Range",
                  fresh,
                  List.of(fresh + "_one", fresh + "_two", fresh + "_one"),
                  List.of(fresh));
          case 4 -> Node.of("Resize", fresh, List.of(value, "", fresh + "_scales"), List.of(fresh));
          case 5 -> Node.of("Resize", fresh, List.of(value, "", "", given), List.of(fresh));
          case 6 -> Node.of("Pad", fresh, List.of(value, given), List.of(fresh));
          case 7 -> Node.of("Reshape", fresh, List.of(value, given), List.of(fresh));
          default -> Node.of("Gather", fresh, List.of(value, fresh + "_one"), List.of(fresh));
        };
    List<String> inputs = new ArrayList<>(nodes.get(at).inputs());
    inputs.set(random.nextInt(inputs.size()), fresh);
    nodes.set(at, nodes.get(at).withInputs(inputs));
    nodes.add(at, node);
    return graph.withNodes(nodes).withInitializers(constants);
  }

  /// Many nodes in a row, or a few each of which doubles what the one before made.
  static Graph chain(Graph graph, SplittableRandom random) {
    List<Node> nodes = new ArrayList<>(graph.nodes());
    if (nodes.isEmpty() || nodes.getFirst().inputs().isEmpty()) {
      return graph;
    }
    String from = nodes.getFirst().input(0);
    String name = "chain" + random.nextInt(1 << 20) + "_";
    String op =
        List.of("Relu", "Identity", "Transpose", "Concat", "Add", "Mul", "Shape", "Reshape")
            .get(random.nextInt(8));
    Map<String, Tensor> constants = new LinkedHashMap<>(graph.initializers());
    constants.put(name + "target", Tensor.vector(-1L, 1L));
    List<Node> chain = new ArrayList<>();
    String last = from;
    for (int i = random.nextInt(1, random.nextInt(8) == 0 ? 3000 : 40); i > 0; i--) {
      String next = name + i;
      List<String> inputs =
          switch (op) {
            case "Concat", "Add", "Mul" -> List.of(last, last);
            case "Reshape" -> List.of(last, name + "target");
            default -> List.of(last);
          };
      boolean shape = op.equals("Shape") && !last.equals(from);
      Node node =
          Node.of(shape ? "Concat" : op, next, shape ? List.of(last, last) : inputs, List.of(next));
      chain.add(op.equals("Concat") || shape ? node.with("axis", new Attribute.Int(0)) : node);
      last = next;
    }
    List<String> inputs = new ArrayList<>(nodes.getFirst().inputs());
    inputs.set(0, last);
    nodes.set(0, nodes.getFirst().withInputs(inputs));
    nodes.addAll(0, chain);
    return graph.withNodes(nodes).withInitializers(constants);
  }
}
