package dev.halftone.search;

import dev.halftone.InvalidRecipeException;
import dev.halftone.Quantizer;
import dev.halftone.UnusableInputException;
import dev.halftone.calibrate.Statistics;
import dev.halftone.data.Dataset;
import dev.halftone.format.onnx.OnnxWriter;
import dev.halftone.graph.Model;
import dev.halftone.plan.Plan;
import dev.halftone.plan.bits.Allocation;
import dev.halftone.plan.bits.LayerNoise;
import dev.halftone.plan.rounding.Solver;
import dev.halftone.recipe.Recipe;
import dev.halftone.recipe.Rounding;
import dev.halftone.recipe.Rule;
import dev.halftone.rewrite.InsertQdq;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.DoubleFunction;
import java.util.function.ToLongFunction;

/// Gives each layer the bits that buy most, under a budget of bits a weight or of bytes of the file.
///
/// What is decided is a recipe with bits for single nodes: it can be saved, changed by hand, and run as any other.
///
/// @param layers what each layer costs, in graph order
/// @param allocation the bits that each gets
/// @param recipe says so
public record MixedPrecision(List<LayerNoise> layers, Allocation allocation, Recipe recipe) {

  /// The search for a size ends when bits a weight are known to this.
  private static final double PRECISION = 0.02;

  /// What a plan tells of sizes leaves names and shared tables out: so often, at most, a file is written to learn what these take.
  private static final int TURNS = 4;

  public MixedPrecision {
    layers = List.copyOf(layers);
  }

  /// @param quantizer its recipe says everything but the bits of the weights
  /// @param average bits a weight, 2 to 8
  /// @param data the samples that the statistics are of
  public static MixedPrecision ofBits(
      Quantizer quantizer, Model prepared, Statistics statistics, Dataset data, double average) {
    if (!(average >= Allocation.FEWEST && average <= Allocation.MOST)) {
      throw new InvalidRecipeException("bits a weight are 2 to 8, not " + average);
    }
    List<LayerNoise> layers = Sensitivity.measure(quantizer, prepared, statistics, data);
    return of(quantizer.recipe(), layers, average);
  }

  /// Throws UnusableInputException where even 2 bits a weight make a larger file.
  ///
  /// @param bytes the file may take
  public static MixedPrecision ofSize(
      Quantizer quantizer, Model prepared, Statistics statistics, Dataset data, long bytes) {
    List<LayerNoise> layers = Sensitivity.measure(quantizer, prepared, statistics, data);
    Plan plan = quantizer.plan(prepared, statistics, data);
    Map<Allocation, Long> sizes = new HashMap<>();
    ToLongFunction<MixedPrecision> sizeOf =
        mixed ->
            sizes.computeIfAbsent(
                mixed.allocation, _ -> size(quantizer, prepared, plan, mixed.recipe));
    MixedPrecision fits = of(quantizer.recipe(), layers, Allocation.FEWEST);
    long least = sizeOf.applyAsLong(fits);
    if (least > bytes) {
      throw new UnusableInputException(
          String.format(
              Locale.ROOT,
              "no choice of bits makes the file as small as %,d bytes: with 2 bits for every weight it takes %,d; give at least that",
              bytes,
              least));
    }
    MixedPrecision tried = of(quantizer.recipe(), layers, Allocation.MOST);
    for (int turn = 0; turn < TURNS; turn++) {
      long size = sizeOf.applyAsLong(tried);
      if (size <= bytes && tried.allocation.average() > fits.allocation.average()) {
        fits = tried;
      }
      long beside = size - weightBytes(plan, tried);
      MixedPrecision next =
          fitting(plan, average -> of(quantizer.recipe(), layers, average), bytes - beside);
      if (next.allocation.equals(tried.allocation)) {
        break;
      }
      tried = next;
    }
    return fits;
  }

  /// The most bits a weight whose weights take no more than this, by what the plan knows of their forms.
  private static MixedPrecision fitting(
      Plan plan, DoubleFunction<MixedPrecision> choice, long bytes) {
    MixedPrecision most = choice.apply(Allocation.MOST);
    if (weightBytes(plan, most) <= bytes) {
      return most;
    }
    double low = Allocation.FEWEST;
    double high = Allocation.MOST;
    MixedPrecision fits = choice.apply(low);
    while (high - low > PRECISION) {
      double middle = (low + high) / 2;
      MixedPrecision tried = choice.apply(middle);
      if (weightBytes(plan, tried) <= bytes) {
        fits = tried;
        low = middle;
      } else {
        high = middle;
      }
    }
    return fits;
  }

  private static long weightBytes(Plan plan, MixedPrecision mixed) {
    return plan.withWeightsOf(mixed.recipe).weightBytes();
  }

  /// @param layers what each costs
  static MixedPrecision of(Recipe base, List<LayerNoise> layers, double average) {
    Allocation allocation = Allocation.of(layers, average);
    List<Rule> overrides =
        allocation.bits().entrySet().stream()
            .map(entry -> Rule.weights(entry.getKey(), entry.getValue()))
            .toList();
    Recipe recipe =
        base.withName(
                String.format(
                    Locale.ROOT, "%s with %.2f bits a weight", base.name(), allocation.average()))
            .solvingBy(Rounding.CODEBOOK)
            .withSamples(Recipe.MAX_SAMPLES)
            .overridingWeights(overrides);
    return new MixedPrecision(layers, allocation, recipe);
  }

  /// Of the file, whose length does not depend on which integers are chosen.
  private static long size(Quantizer quantizer, Model prepared, Plan plan, Recipe recipe) {
    Plan sized = plan.withWeightsOf(recipe);
    Model written =
        InsertQdq.apply(
            prepared,
            sized,
            Solver.filled(
                prepared.graph(),
                sized,
                quantizer.device(),
                recipe.rounding(),
                quantizer.threads()));
    return OnnxWriter.size(written);
  }
}
