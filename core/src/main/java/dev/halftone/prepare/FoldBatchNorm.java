package dev.halftone.prepare;

import dev.halftone.graph.Attribute;
import dev.halftone.graph.GraphEdit;
import dev.halftone.graph.GraphIndex;
import dev.halftone.graph.Model;
import dev.halftone.graph.Node;
import dev.halftone.tensor.DType;
import dev.halftone.tensor.Shape;
import dev.halftone.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// Merges BatchNormalization, and Mul, Div, Add and Sub with a constant per channel, into the weights and bias of the Conv,
/// ConvTranspose or Gemm before it. Computed in double and rounded once per merged node.
///
/// Only where nobody else reads the layer's output and weights and bias are float constants. Constants shared with other layers
/// stay as they are for these.
public final class FoldBatchNorm implements Pass {

  @Override
  public Model apply(Model model) {
    Model folded = model;
    for (Optional<Model> next = step(model); next.isPresent(); next = step(folded)) {
      folded = next.get();
    }
    return folded;
  }

  /// Merges the nodes behind every layer, one behind each in turn; empty where there is none.
  private static Optional<Model> step(Model model) {
    GraphIndex index = new GraphIndex(model.graph());
    GraphEdit edit = new GraphEdit(model.graph());
    List<Draft> open = new ArrayList<>();
    for (Node node : model.graph().nodes()) {
      Layer.of(node, index).ifPresent(layer -> open.add(new Draft(node, node, layer, 0)));
    }
    boolean changed = false;
    while (!open.isEmpty()) {
      List<Draft> merged = new ArrayList<>();
      for (Draft draft : open) {
        next(draft, index, edit, model.opset())
            .ifPresentOrElse(merged::add, () -> draft.finish(edit));
      }
      changed |= !merged.isEmpty();
      open.clear();
      open.addAll(merged);
    }
    return changed ? Optional.of(model.withGraph(edit.build())) : Optional.empty();
  }

  /// A layer that took in some of the nodes behind it.
  ///
  /// @param original its node in the graph
  /// @param node what that becomes
  /// @param merges how many it took in
  private record Draft(Node original, Node node, Layer layer, int merges) {

    /// Each merge makes constants, named after those before it. More than these are of no real network: only the last are made.
    private static final int MOST_NAMED = 8;

    Draft then(Layer merged, String output, GraphEdit edit) {
      Node next = merges < MOST_NAMED ? merged.node(node, edit) : node;
      Draft draft =
          new Draft(original, next.withOutputs(List.of(output)), merged.rounded(), merges + 1);
      edit.replace(original, draft.node);
      return draft;
    }

    void finish(GraphEdit edit) {
      if (merges > MOST_NAMED) {
        edit.replace(original, layer.node(node, edit));
      }
    }
  }

  /// The layer with one more node behind it merged; empty where there is none.
  private static Optional<Draft> next(Draft draft, GraphIndex index, GraphEdit edit, long opset) {
    String output = draft.node().output();
    Layer layer = draft.layer();
    Optional<Node> reader = index.onlyConsumer(output);
    Optional<Layer> merged =
        reader
            .flatMap(node ->
                ChannelAffine.of(node, output, layer.rank(), layer.channels(), index, opset))
            .map(layer::then)
            .filter(Layer::isFinite);
    if (merged.isEmpty()) {
      return Optional.empty();
    }
    edit.remove(reader.orElseThrow());
    return Optional.of(draft.then(merged.get(), reader.get().output(), edit));
  }

  /// The constants of a layer.
  ///
  /// @param rank of the layer's output
  /// @param weights row-major, of this shape
  /// @param channelOf output channel of a weight: `(i / inner) % perGroup + i / outer * perGroup`
  /// @param bias `[channels]`
  private record Layer(
      Shape shape, int rank, int channels, double[] weights, Channel channelOf, double[] bias) {

    /// @param inner weights in a row of one channel
    /// @param perGroup channels that follow each other
    /// @param outer weights of one group
    private record Channel(long inner, long perGroup, long outer) {
      int of(int weight) {
        return (int) (weight / inner % perGroup + weight / outer * perGroup);
      }
    }

    static Optional<Layer> of(Node node, GraphIndex index) {
      boolean known = node.is("Conv") || node.is("ConvTranspose") || node.is("Gemm");
      Optional<Tensor> weights =
          known
              ? index.constant(node.input(1)).filter(tensor -> tensor.dtype() == DType.FLOAT)
              : Optional.empty();
      if (weights.isEmpty() || weights.get().count() == 0) {
        return Optional.empty();
      }
      Shape shape = weights.get().shape();
      boolean gemm = node.is("Gemm");
      if (gemm ? shape.rank() != 2 : shape.rank() < 3) {
        return Optional.empty();
      }
      Channel channel = channel(node, shape);
      int channels = Math.toIntExact(shape.count() / channel.outer * channel.perGroup);
      double alpha = gemm ? node.floatAttribute("alpha", 1) : 1;
      double beta = gemm ? node.floatAttribute("beta", 1) : 1;
      double[] scaled = scaled(weights.get(), alpha);
      return bias(node, channels, beta, index)
          .map(bias -> new Layer(shape, shape.rank(), channels, scaled, channel, bias));
    }

    private static Channel channel(Node node, Shape shape) {
      long count = shape.count();
      if (node.is("Conv")) { // [outC][inC/group][k...]
        return new Channel(count / shape.dim(0), shape.dim(0), count);
      }
      if (node.is("ConvTranspose")) { // [inC][outC/group][k...]
        long inner = count / shape.dim(0) / shape.dim(1);
        return new Channel(inner, shape.dim(1), count / node.intAttribute("group", 1));
      }
      return node.intAttribute("transB", 0) != 0 // [N][K], else [K][N]
          ? new Channel(shape.dim(1), shape.dim(0), count)
          : new Channel(1, shape.dim(1), count);
    }

    /// Empty where the bias is no constant, or differs from row to row.
    private static Optional<double[]> bias(Node node, int channels, double beta, GraphIndex index) {
      if (!node.hasInput(2)) {
        return Optional.of(new double[channels]);
      }
      return index
          .constant(node.input(2))
          .filter(bias -> bias.dtype() == DType.FLOAT)
          .filter(bias -> bias.shape().rank() == 0 || bias.shape().dim(-1) == bias.count())
          .filter(bias -> bias.count() == channels || bias.count() == 1)
          .map(bias -> {
            double[] values = scaled(bias, beta);
            double[] all = new double[channels];
            Arrays.setAll(all, c -> values[values.length == 1 ? 0 : c]);
            return all;
          });
    }

    private static double[] scaled(Tensor tensor, double factor) {
      float[] values = tensor.toFloats();
      double[] wide = new double[values.length];
      Arrays.setAll(wide, i -> values[i] * factor);
      return wide;
    }

    Layer then(ChannelAffine affine) {
      double[] other = new double[weights.length];
      Arrays.setAll(other, i -> weights[i] * affine.scale()[channelOf.of(i)]);
      double[] shifted = new double[channels];
      Arrays.setAll(shifted, c -> bias[c] * affine.scale()[c] + affine.offset()[c]);
      return new Layer(shape, rank, channels, other, channelOf, shifted);
    }

    /// As its constants say it.
    Layer rounded() {
      return new Layer(shape, rank, channels, rounded(weights), channelOf, rounded(bias));
    }

    private static double[] rounded(double[] values) {
      return Arrays.stream(values).map(value -> (float) value).toArray();
    }

    boolean isFinite() {
      return isFinite(weights) && isFinite(bias);
    }

    private static boolean isFinite(double[] values) {
      return Arrays.stream(values).allMatch(value -> Float.isFinite((float) value));
    }

    /// The node with these constants in place of its own.
    Node node(Node original, GraphEdit edit) {
      List<String> inputs = new ArrayList<>();
      inputs.add(original.input(0));
      inputs.add(edit.addConstant(original.input(1), tensor(shape, weights)));
      String name = original.hasInput(2) ? original.input(2) : original.input(1) + "_bias";
      inputs.add(edit.addConstant(name, tensor(new Shape(channels), bias)));
      Node merged = original.withInputs(inputs);
      return original.is("Gemm")
          ? merged.with("alpha", new Attribute.Float(1)).with("beta", new Attribute.Float(1))
          : merged;
    }

    private static Tensor tensor(Shape shape, double[] values) {
      float[] narrow = new float[values.length];
      for (int i = 0; i < narrow.length; i++) {
        narrow[i] = (float) values[i];
      }
      return Tensor.of(shape, narrow);
    }
  }
}
