package dev.halftone.plan;

import dev.halftone.device.Devices;
import dev.halftone.device.IntegerKernel;
import dev.halftone.device.PairedProducts;
import dev.halftone.graph.Graph;
import dev.halftone.graph.GraphIndex;
import dev.halftone.graph.Node;
import dev.halftone.integer.AccumulatorBound;
import dev.halftone.integer.AccumulatorBound.Positions;
import dev.halftone.plan.rounding.LeastScales;
import dev.halftone.plan.rounding.Nearest;
import dev.halftone.scheme.Affine;
import dev.halftone.scheme.QuantizedType;
import dev.halftone.tensor.DType;
import dev.halftone.tensor.Shape;
import dev.halftone.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/// The bounds of a layer's sums of products, from its integer weights alone, whatever the input.
///
/// @param node label of the layer
/// @param products that each output sums up
/// @param bound over all outputs
/// @param pairsFitInt16 whether the sum of two neighbouring products always fits 16 bits, in which ONNX Runtime adds them on some
///     processors
/// @param exact whether bias and zero point are known; otherwise the bound holds for every zero point, and leaves the bias out
public record LayerSums(
    String node,
    String operation,
    int products,
    AccumulatorBound bound,
    boolean pairsFitInt16,
    boolean exact) {

  /// As good as any other of 8 bits.
  private static final Affine ANY_INPUT = new Affine(QuantizedType.UINT8, 1, 0);

  /// Of the layers that would become integer, their weights rounded to int8; and of those that are integer already.
  ///
  /// @param graph prepared
  public static List<LayerSums> of(Graph graph, Placement placement) {
    List<LayerSums> all = new ArrayList<>();
    GraphIndex index = new GraphIndex(graph);
    for (Layer layer : placement.layers()) {
      Tensor weight = graph.constant(layer.weight()).orElseThrow();
      QuantizedType type = QuantizedType.weight(8);
      LeastScales least =
          LeastScales.of(
              layer,
              weight,
              type,
              new LeastScales.Reads(
                  Optional.of(ANY_INPUT), new float[0], PairedProducts.limit(ANY_INPUT.type())),
              placement.device());
      byte[] integers = Nearest.quantize(weight, layer.outputAxis(), type, least.scales()).values();
      AccumulatorBound bound =
          bound(integers, weight.shape(), layer.outputAxis(), new int[0], -128)
              .union(bound(integers, weight.shape(), layer.outputAxis(), new int[0], 127));
      all.add(sums(layer.node(), weight.shape(), integers, bound, false));
    }
    graph.nodes().forEach(node -> quantized(node, index).ifPresent(all::add));
    return all;
  }

  /// A layer that reads its activations, weights and bias through DequantizeLinear.
  private static Optional<LayerSums> quantized(Node node, GraphIndex index) {
    Optional<Tensor> weight =
        Devices.ONNX_RUNTIME_CPU.kernel(node) == IntegerKernel.WEIGHTED
            ? integers(node, 1, index).filter(tensor -> tensor.dtype() == DType.INT8)
            : Optional.empty();
    Optional<Integer> zeroPoint = zeroPoint(node, index);
    if (weight.isEmpty() || zeroPoint.isEmpty()) {
      return Optional.empty();
    }
    Shape shape = weight.get().shape();
    int[] bias =
        integers(node, 2, index)
            .filter(tensor -> tensor.dtype() == DType.INT32)
            .map(Tensor::toInts)
            .orElse(new int[0]);
    byte[] values = weight.get().toBytes();
    int axis = Devices.ONNX_RUNTIME_CPU.outputAxis(node);
    boolean exact = !node.hasInput(2) || bias.length > 0;
    AccumulatorBound bound = bound(values, shape, axis, bias, zeroPoint.get());
    return Optional.of(sums(node, shape, values, bound, exact));
  }

  private static LayerSums sums(
      Node node, Shape weight, byte[] integers, AccumulatorBound bound, boolean exact) {
    int products =
        Math.toIntExact(weight.count() / weight.dim(Devices.ONNX_RUNTIME_CPU.outputAxis(node)));
    boolean fit = pairsFit(node, weight, integers);
    return new LayerSums(node.label(), node.opType(), products, bound, fit, exact);
  }

  private static boolean pairsFit(Node node, Shape weight, byte[] integers) {
    int axis = Devices.ONNX_RUNTIME_CPU.outputAxis(node);
    int outputs = (int) weight.dim(axis);
    int limit = PairedProducts.limit(ANY_INPUT.type());
    return Devices.ONNX_RUNTIME_CPU.paired(node, weight).stream()
        .allMatch(pairs ->
            IntStream.range(0, outputs)
                .mapToObj(output -> Positions.of(integers.length, outputs, axis == 0, output))
                .allMatch(row ->
                    pairs.largest(input -> integers[row.from() + input * row.step()]) <= limit));
  }

  private static AccumulatorBound bound(
      byte[] weights, Shape shape, int outputAxis, int[] bias, int zeroPoint) {
    return AccumulatorBound.of(
        weights,
        (int) shape.dim(outputAxis),
        outputAxis == 0,
        bias,
        -128 - zeroPoint,
        127 - zeroPoint);
  }

  private static Optional<Tensor> integers(Node node, int input, GraphIndex index) {
    return dequantized(node, input, index).flatMap(source -> index.constant(source.input(0)));
  }

  private static Optional<Node> dequantized(Node node, int input, GraphIndex index) {
    return node.hasInput(input)
        ? index.producer(node.input(input)).filter(source -> source.is("DequantizeLinear"))
        : Optional.empty();
  }

  /// Of 8-bit activations, as int8 has it.
  private static Optional<Integer> zeroPoint(Node node, GraphIndex index) {
    return dequantized(node, 0, index)
        .filter(source -> source.hasInput(2))
        .flatMap(source -> index.constant(source.input(2)))
        .filter(tensor -> tensor.count() == 1)
        .flatMap(tensor ->
            switch (tensor.dtype()) {
              case UINT8 -> Optional.of(tensor.toInts()[0] - 128);
              case INT8 -> Optional.of(tensor.toInts()[0]);
              default -> Optional.empty();
            });
  }
}
