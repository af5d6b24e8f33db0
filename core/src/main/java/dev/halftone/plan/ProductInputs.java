package dev.halftone.plan;

import static java.util.Objects.requireNonNull;

import dev.halftone.UnusableInputException;
import dev.halftone.calibrate.Statistics;
import dev.halftone.calibrate.TensorStatistics;
import dev.halftone.form.ProductInput;
import dev.halftone.graph.Graph;
import dev.halftone.graph.GraphIndex;
import dev.halftone.recipe.ProductScale;
import dev.halftone.recipe.Recipe;
import dev.halftone.recipe.Subject;
import dev.halftone.scheme.Affine;
import dev.halftone.scheme.ChannelValues;
import dev.halftone.scheme.QuantizedType;
import dev.halftone.scheme.Range;
import dev.halftone.smooth.RowStatistics;
import dev.halftone.smooth.SmoothedChannels;
import dev.halftone.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// Chooses how what products read becomes integers.
///
/// A grid for the whole tensor takes one pass over it. One for each row takes three passes and two more operations, and follows values that
/// calibration did not see. So rows have scales of their own where the recipe says so, or where one grid would cost the products more than
/// a limit, and rows at most half of that.
final class ProductInputs {

  /// Power of the error over power of the row, in the mean of rows, above which rows get scales of their own.
  private static final double LIMIT = 3e-3;

  private static final double GAIN = 0.5;

  /// Rows whose greatest value is below this part of the usual one need no finer steps.
  private static final double LEAST = 0.4;

  private final GraphIndex index;
  private final Statistics statistics;

  private ProductInputs(Graph graph, Statistics statistics) {
    this.index = new GraphIndex(graph);
    this.statistics = statistics;
  }

  /// By the key of each layer that is a product.
  static Map<String, ProductInput> of(
      Graph graph, Placement placement, Statistics statistics, Recipe recipe) {
    ProductInputs inputs = new ProductInputs(graph, statistics);
    Map<String, ProductInput> chosen = new LinkedHashMap<>();
    Map<String, ProductInput> measured = new LinkedHashMap<>();
    placement.layers().stream()
        .filter(Layer::isProduct)
        .forEach(layer -> {
          String tensor = layer.input();
          ProductScale scale = recipe.rules().product(Subject.of(layer.node())).orElseThrow();
          chosen.put(
              layer.key(),
              switch (scale) {
                case DYNAMIC -> new ProductInput.Dynamic();
                case ROW, SMOOTHED_ROW -> inputs.rows(tensor);
                case STATIC -> inputs.fixed(tensor);
                case MEASURED -> measured.computeIfAbsent(tensor, inputs::measured);
              });
        });
    return chosen;
  }

  private ProductInput measured(String tensor) {
    ProductInput.Fixed fixed = fixed(tensor);
    RowStatistics seen = statistics.rows().get(tensor);
    if (seen == null || seen.channels().isEmpty()) {
      return fixed;
    }
    ProductInput.PerRow rows = rows(tensor);
    double one =
        statistics
            .smoothing()
            .of(tensor)
            .map(SmoothedChannels::error)
            .orElse(seen.inversePower() * fixed.grid().scale() * fixed.grid().scale() / 12);
    double each = seen.peak() * rows.scale() * rows.scale() / 12;
    return one > LIMIT && each < GAIN * one ? rows : fixed;
  }

  private ProductInput.Fixed fixed(String tensor) {
    return new ProductInput.Fixed(Affine.covering(range(tensor), QuantizedType.UINT8));
  }

  private Range range(String tensor) {
    TensorStatistics seen =
        statistics
            .of(tensor)
            .orElseThrow(() ->
                new UnusableInputException(
                    "the statistics do not know tensor %s: calibrate again with this model and this recipe"
                        .formatted(tensor)));
    return statistics
        .smoothing()
        .of(tensor)
        .map(smoothed -> smoothed(smoothed, requireNonNull(statistics.rows().get(tensor))))
        .orElse(new Range(seen.min(), seen.max()));
  }

  private static Range smoothed(SmoothedChannels channels, RowStatistics rows) {
    Range range = new Range(0, 0);
    for (int c = 0; c < rows.channels().size(); c++) {
      ChannelValues seen = rows.channels().get(c);
      float shift = channels.shifts().get(c);
      float scale = channels.scales().get(c);
      range = range.union(new Range((seen.low() - shift) / scale, (seen.high() - shift) / scale));
    }
    return range;
  }

  /// True of sums with constants that differ from zero somewhere, as normalizations make them: no row of these is all zeros.
  private boolean isNeverZero(String tensor) {
    return index
        .producer(tensor)
        .filter(node -> node.is("LayerNormalization") && node.hasInput(2) || node.is("Add"))
        .flatMap(node ->
            node.inputs().stream()
                .flatMap(input -> index.constant(input).stream())
                .reduce((_, last) -> last))
        .filter(last -> last.count() > 1)
        .filter(last -> last.shape().dim(last.shape().rank() - 1) == last.count())
        .filter(ProductInputs::isSomewhereNotZero)
        .isPresent();
  }

  private static boolean isSomewhereNotZero(Tensor values) {
    for (float value : values.toFloats()) {
      if (value != 0) {
        return true;
      }
    }
    return false;
  }

  private ProductInput.PerRow rows(String tensor) {
    Optional<Float> bound = LowerBound.of(tensor, index);
    if (bound.isEmpty()) {
      float smallest = isNeverZero(tensor) ? 0 : Affine.MIN_SCALE;
      return new ProductInput.PerRow(Float.NEGATIVE_INFINITY, smallest);
    }
    double usual =
        Optional.ofNullable(statistics.rows().get(tensor))
            .map(seen -> LEAST * Math.sqrt(seen.rowSquare()))
            .orElse(1.0);
    double least = Math.max(usual, Math.max(Affine.MIN_SCALE, -2.0 * bound.get()));
    return new ProductInput.PerRow(bound.get(), (float) least);
  }
}
