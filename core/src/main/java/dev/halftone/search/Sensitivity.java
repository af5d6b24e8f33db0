package dev.halftone.search;

import static java.util.Objects.requireNonNull;

import dev.halftone.Quantizer;
import dev.halftone.calibrate.Statistics;
import dev.halftone.data.Dataset;
import dev.halftone.engine.Progress;
import dev.halftone.graph.GraphEdit;
import dev.halftone.graph.Model;
import dev.halftone.metric.Sqnr;
import dev.halftone.plan.Layer;
import dev.halftone.plan.LayerPlan;
import dev.halftone.plan.Placement;
import dev.halftone.plan.Plan;
import dev.halftone.plan.Planner;
import dev.halftone.plan.QuantizedLayer;
import dev.halftone.plan.WeightGroup;
import dev.halftone.plan.bits.LayerNoise;
import dev.halftone.plan.rounding.Solver;
import dev.halftone.recipe.Recipe;
import dev.halftone.recipe.Rule;
import dev.halftone.tensor.Tensor;
import dev.halftone.verify.NetworkOutputs;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/// Measures what few-bit weights of each layer do to the output of the network, one layer at a time, in the float network.
final class Sensitivity {

  /// Samples that weights are rounded with, at most.
  private static final int TO_ROUND = 48;

  /// Samples that the output is compared on, at most: its error is a sum over all classes of each.
  private static final int TO_COMPARE = 16;

  private final Quantizer quantizer;
  private final Model prepared;
  private final Dataset data;

  private Sensitivity(Quantizer quantizer, Model prepared, Dataset data) {
    this.quantizer = quantizer;
    this.prepared = prepared;
    this.data = data;
  }

  /// @param data the samples that the statistics are of
  /// @return the layers in graph order, of those that share weights the first
  static List<LayerNoise> measure(
      Quantizer quantizer, Model prepared, Statistics statistics, Dataset data) {
    Recipe few =
        quantizer.recipe().overridingWeights(List.of(Rule.weights("*", LayerNoise.MEASURED_BITS)));
    Placement placement = quantizer.place(prepared, statistics);
    Plan plan = Planner.plan(prepared.graph(), placement, statistics, few, quantizer.threads());
    int known = statistics.correctionSamples().size();
    int toRound = Math.min(TO_ROUND, Math.max(1, known * 3 / 4));
    Map<String, QuantizedLayer> layers =
        new Solver(quantizer.execution(), placement, plan, statistics, data)
            .apart(prepared, few.rounding(), toRound);
    // not those the weights are fitted to, on which few-bit weights look better than they are
    int from = known > 1 ? toRound : 0;
    int[] compared = IntStream.range(from, Math.min(known, from + TO_COMPARE)).toArray();
    Dataset others = statistics.samplesIn(data, quantizer.threads()).select(compared);
    return new Sensitivity(quantizer, prepared, others).of(plan, layers);
  }

  private List<LayerNoise> of(Plan plan, Map<String, QuantizedLayer> layers) {
    List<WeightGroup> groups = WeightGroup.of(plan.layers());
    Progress progress = quantizer.stages().stage("Measuring what each layer costs", groups.size());
    NetworkOutputs outputs =
        NetworkOutputs.besides(quantizer.runtime(), prepared, data, quantizer.threads());
    List<LayerNoise> noise = new ArrayList<>();
    for (WeightGroup group : groups) {
      double error = error(outputs.wanted(), outputs.of(with(group, layers)));
      noise.add(new LayerNoise(group.first().node(), group.first().parameters(), error));
      progress.step();
    }
    return noise;
  }

  /// The float network with the rounded weights of one layer, and of those that share them, as floats.
  private Model with(WeightGroup group, Map<String, QuantizedLayer> layers) {
    GraphEdit edit = new GraphEdit(prepared.graph());
    for (LayerPlan user : group.users()) {
      QuantizedLayer numbers = requireNonNull(layers.get(user.layer().key()));
      rewire(edit, user.layer(), numbers);
    }
    return prepared.withGraph(edit.build());
  }

  private static void rewire(GraphEdit edit, Layer layer, QuantizedLayer numbers) {
    List<String> inputs = new ArrayList<>(List.of(layer.input()));
    inputs.add(edit.addConstant(layer.key() + "/weight", numbers.weight().dequantized()));
    if (numbers.bias().length > 0) {
      inputs.add(edit.addConstant(layer.key() + "/bias", Tensor.vector(numbers.bias())));
    }
    edit.replace(layer.node(), layer.node().withInputs(inputs));
  }

  private static double error(List<float[]> wanted, List<float[]> given) {
    Sqnr sum = Sqnr.NONE;
    for (int s = 0; s < wanted.size(); s++) {
      float[] a = wanted.get(s);
      float[] b = given.get(s);
      int both = Math.min(a.length, b.length); // the extents of an output may depend on its input
      sum = sum.plus(Sqnr.of(Arrays.copyOf(a, both), Arrays.copyOf(b, both)));
    }
    return sum.signal() > 0 ? sum.noiseShare() : 0;
  }
}
