package dev.halftone.data.picture;

import dev.halftone.graph.Graph;
import dev.halftone.graph.GraphIndex;
import dev.halftone.graph.Node;
import dev.halftone.graph.shape.ShapeInference;
import dev.halftone.tensor.Tensor;
import java.util.Optional;
import java.util.Set;

/// Reads from the first nodes of a network, where they subtract and divide by constants, which pixels it wants: those of 0..255, or of 0..1.
///
/// The chain of additions and products (and of a BatchNormalization) at the input is one line `scale x + offset`, taken at the mean of the channels.
/// What it makes of the right pixels is of the size that networks are fed with, and not what they were already.
final class InputNormalization {

  /// Layout changes between input and normalization.
  private static final Set<String> PASSES = Set.of("Cast", "Identity", "Transpose");

  /// Normalized pixels reach at least this far from zero (to both sides, where the line starts from 0..1), ...
  private static final double LEAST = 0.3;

  /// ... and no farther than this.
  private static final double MOST = 6;

  /// From here on an offset is a mean of pixels of 0..255.
  private static final double PIXEL_OFFSET = 30;

  private double scale = 1;
  private double offset;

  private InputNormalization() {}

  /// Raw pixels, or those divided by 255; empty where the first nodes do not tell.
  static Optional<Normalization> of(Graph graph, String input) {
    InputNormalization line = new InputNormalization();
    line.follow(graph, input);
    return line.wanted();
  }

  private void follow(Graph graph, String input) {
    GraphIndex index = new GraphIndex(graph);
    Optional<Node> reader = index.onlyConsumer(input);
    String value = input;
    while (reader.isPresent()
        && (PASSES.contains(reader.get().opType()) || takes(index, reader.get(), value))) {
      value = reader.get().output();
      reader = index.onlyConsumer(value);
    }
  }

  /// Continues the line through one node; false where it ends there.
  private boolean takes(GraphIndex index, Node node, String value) {
    if (node.is("BatchNormalization") && node.input(0).equals(value)) {
      return takesNorm(index, node);
    }
    boolean isFirst = node.input(0).equals(value);
    Optional<Double> number = mean(index, node.input(isFirst ? 1 : 0));
    if (number.isEmpty() || node.inputs().size() != 2) {
      return false;
    }
    double constant = number.get();
    switch (node.opType()) {
      case "Add" -> offset += constant;
      case "Sub" -> {
        scale = isFirst ? scale : -scale;
        offset = isFirst ? offset - constant : constant - offset;
      }
      case "Mul" -> times(constant);
      case "Div" -> {
        if (!isFirst || constant == 0) {
          return false;
        }
        times(1 / constant);
      }
      default -> {
        return false;
      }
    }
    return true;
  }

  private void times(double factor) {
    scale *= factor;
    offset *= factor;
  }

  private boolean takesNorm(GraphIndex index, Node node) {
    Optional<Double> gamma = mean(index, node.input(1));
    Optional<Double> beta = mean(index, node.input(2));
    Optional<Double> mean = mean(index, node.input(3));
    Optional<Double> variance = mean(index, node.input(4));
    if (gamma.isEmpty() || beta.isEmpty() || mean.isEmpty() || variance.isEmpty()) {
      return false;
    }
    double factor = gamma.get() / Math.sqrt(variance.get() + node.floatAttribute("epsilon", 1e-5f));
    offset -= mean.get();
    times(factor);
    offset += beta.get();
    return true;
  }

  private static Optional<Double> mean(GraphIndex index, String value) {
    return ShapeInference.constant(index, value)
        .filter(tensor -> tensor.dtype().isFloat() && tensor.count() >= 1 && tensor.count() <= 4)
        .map(Tensor::toFloats)
        .map(values -> mean(values));
  }

  private static double mean(float[] values) {
    double sum = 0;
    for (float value : values) {
      sum += value;
    }
    return sum / values.length;
  }

  private Optional<Normalization> wanted() {
    if (scale == 1 && offset == 0) {
      return Optional.empty();
    }
    boolean isMean = Math.abs(scale) == 1 && Math.abs(offset) > PIXEL_OFFSET;
    if (isMean || isNormalized(255)) {
      return Optional.of(Normalization.RAW);
    }
    double low = Math.min(offset, offset + scale);
    double high = Math.max(offset, offset + scale);
    return isNormalized(1) && low <= -LEAST && high >= LEAST
        ? Optional.of(Normalization.ZERO_TO_ONE)
        : Optional.empty();
  }

  /// @param white the largest pixel
  private boolean isNormalized(double white) {
    double reach = Math.max(Math.abs(offset), Math.abs(scale * white + offset));
    return reach >= LEAST && reach <= MOST && Math.abs(scale * white) >= LEAST;
  }
}
