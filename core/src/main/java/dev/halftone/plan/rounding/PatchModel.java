package dev.halftone.plan.rounding;

import dev.halftone.graph.Attribute;
import dev.halftone.graph.Graph;
import dev.halftone.graph.Model;
import dev.halftone.graph.Node;
import dev.halftone.graph.Value;
import dev.halftone.plan.Layer;
import dev.halftone.tensor.Shape;
import dev.halftone.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.IntStream;

/// A model that multiplies the inputs of one layer with each other, so that the runtime does the heavy products.
///
/// The patches that a convolution's kernel covers are laid out by a convolution with one-hot kernels, which leaves padding, strides and
/// dilations to the runtime; of a large map only places evenly spread are taken.
///
/// Products may be of some blocks only, for they are large. Sums are always those of all: where a row lies in memory decides how the runtime
/// adds it up, and so the last bit.
final class PatchModel {

  /// The names of the inputs, to be fed in their [ActivationStorage] form.
  static final String QUANTIZED = "quantized";

  static final String REAL = "real";

  static final String SECOND = "second";
  static final String CROSS = "cross";
  static final String SUM_OF_QUANTIZED = "quantized/sum";
  static final String SUM_OF_REAL = "real/sum";
  static final String EXTENTS = "extents";

  private static final int FEWEST_PLACES = 256;
  private static final int MOST_PLACES = 4096;
  private static final int PLACES_AN_INPUT = 32;

  /// The inputs of a layer.
  ///
  /// @param weight its shape
  /// @param places of the layer's output in one sample
  record Inputs(Layer layer, Shape weight, InputRows rows, long places) {}

  private final Layer layer;
  private final Shape weight;
  private final InputRows rows;
  private final InputRows.Blocks blocks;
  private final int stride;
  private final List<Node> nodes = new ArrayList<>();
  private final Map<String, Tensor> constants = new TreeMap<>();

  private PatchModel(Inputs inputs, InputRows.Blocks blocks) {
    this.layer = inputs.layer;
    this.weight = inputs.weight;
    this.rows = inputs.rows;
    this.blocks = blocks;
    this.stride = stride(weight, rows, inputs.places);
  }

  /// @param whole gives the operator sets
  /// @param blocks whose products are wanted
  static Model of(
      Model whole,
      Inputs inputs,
      InputRows.Blocks blocks,
      ActivationStorage quantized,
      ActivationStorage real) {
    return whole.withGraph(new PatchModel(inputs, blocks).graph(quantized, real));
  }

  /// Only every n-th place along each axis is taken.
  private static int stride(Shape weight, InputRows rows, long places) {
    long wanted = Math.clamp((long) PLACES_AN_INPUT * rows.size(), FEWEST_PLACES, MOST_PLACES);
    int axes = Math.max(1, weight.rank() - 2);
    return (int) Math.max(1, Math.round(Math.pow((double) places / wanted, 1.0 / axes)));
  }

  private Graph graph(ActivationStorage quantized, ActivationStorage real) {
    nodes.add(quantized.load(QUANTIZED, constants));
    nodes.add(real.load(REAL, constants));
    String allOfQ = inputsByPlace(QUANTIZED);
    String allOfR = inputsByPlace(REAL);
    String q = wanted(allOfQ);
    String r = wanted(allOfR);
    String placesFirst = q + "/transposed";
    nodes.add(transpose(q, placesFirst, 0, 2, 1));
    nodes.add(Node.of("MatMul", "", List.of(q, placesFirst), List.of(SECOND)));
    nodes.add(Node.of("MatMul", "", List.of(r, placesFirst), List.of(CROSS)));
    constants.put("last", Tensor.vector(2L));
    nodes.add(sum(allOfQ, SUM_OF_QUANTIZED));
    nodes.add(sum(allOfR, SUM_OF_REAL));
    nodes.add(Node.of("Shape", "", List.of(q), List.of(EXTENTS)));
    List<Value> inputs =
        List.of(
            new Value(ActivationStorage.name(QUANTIZED), quantized.type()),
            new Value(ActivationStorage.name(REAL), real.type()));
    List<Value> outputs =
        List.of(SECOND, CROSS, SUM_OF_QUANTIZED, SUM_OF_REAL, EXTENTS).stream()
            .map(name -> new Value(name, Optional.empty(), List.of()))
            .toList();
    return new Graph("moments", nodes, constants, inputs, outputs, List.of(), List.of());
  }

  private static Node sum(String from, String to) {
    return Node.of("ReduceSum", "", List.of(from, "last"), List.of(to))
        .with("keepdims", new Attribute.Int(0));
  }

  private static Node transpose(String from, String to, long... perm) {
    return Node.of("Transpose", "", List.of(from), List.of(to))
        .with("perm", Attribute.Ints.of(perm));
  }

  /// Of the blocks of all groups those whose products are wanted.
  private String wanted(String byPlace) {
    if (blocks.count() == rows.allBlocks()) {
      return byPlace;
    }
    constants.put("first", Tensor.vector((long) blocks.first()));
    constants.put("end", Tensor.vector((long) blocks.first() + blocks.count()));
    constants.put("axis", Tensor.vector(0L));
    String wanted = byPlace + "/wanted";
    nodes.add(Node.of("Slice", "", List.of(byPlace, "first", "end", "axis"), List.of(wanted)));
    return wanted;
  }

  /// [blocks of all groups][inputs of a block][places]
  private String inputsByPlace(String tensor) {
    if (!layer.node().is("Conv")) {
      String matrix = reshape(tensor, "matrix", -1, rows.allBlocks(), rows.size());
      nodes.add(transpose(matrix, tensor + "/by_place", 1, 2, 0));
      return tensor + "/by_place";
    }
    String patches = reshape(patches(tensor), "blocks", 0, rows.allBlocks(), rows.size(), -1);
    nodes.add(transpose(patches, tensor + "/samples_last", 1, 2, 0, 3));
    return reshape(tensor + "/samples_last", "by_place", rows.allBlocks(), rows.size(), -1);
  }

  private String reshape(String tensor, String suffix, long... extents) {
    String shape = "shape_of_" + suffix;
    constants.put(shape, Tensor.vector(extents));
    String reshaped = tensor + "/" + suffix;
    nodes.add(Node.of("Reshape", "", List.of(tensor, shape), List.of(reshaped)));
    return reshaped;
  }

  /// [samples][input channels * extent of the kernel][places along each axis]
  private String patches(String tensor) {
    int axes = weight.rank() - 2;
    long[] strides =
        layer
            .node()
            .intsAttribute("strides")
            .orElse(IntStream.range(0, axes).mapToObj(_ -> 1L).toList())
            .stream()
            .mapToLong(step -> step * stride)
            .toArray();
    boolean pointwise =
        IntStream.range(2, weight.rank()).allMatch(i -> weight.dim(i) == 1)
            && layer.node().intsAttribute("pads").stream()
                .allMatch(pads -> pads.stream().allMatch(pad -> pad == 0));
    String patches = tensor + "/patches";
    if (pointwise) {
      long[] ones = new long[axes];
      java.util.Arrays.fill(ones, 1);
      nodes.add(
          Node.of("MaxPool", "", List.of(tensor), List.of(patches))
              .with("kernel_shape", Attribute.Ints.of(ones))
              .with("strides", Attribute.Ints.of(strides)));
      return patches;
    }
    constants.put("one_hot", oneHot());
    Node conv = Node.of("Conv", "", List.of(tensor, "one_hot"), List.of(patches));
    nodes.add(
        conv.withAttributes(layer.node().attributes())
            .with("strides", Attribute.Ints.of(strides))
            .with("group", new Attribute.Int(rows.groups() * weight.dim(1))));
    return patches;
  }

  /// [input channels * extent of the kernel][1][kernel]: kernel number i of a channel picks element i.
  private Tensor oneHot() {
    int channels = Math.toIntExact(rows.groups() * weight.dim(1));
    int extent = Math.toIntExact(rows.inputs() / weight.dim(1));
    float[] values = new float[channels * extent * extent];
    for (int kernel = 0; kernel < channels * extent; kernel++) {
      values[kernel * extent + kernel % extent] = 1;
    }
    long[] dims = new long[weight.rank()];
    dims[0] = (long) channels * extent;
    dims[1] = 1;
    for (int i = 2; i < dims.length; i++) {
      dims[i] = weight.dim(i);
    }
    return Tensor.of(new Shape(dims), values);
  }
}
