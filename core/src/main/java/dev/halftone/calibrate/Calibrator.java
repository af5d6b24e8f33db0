package dev.halftone.calibrate;

import dev.halftone.UnusableInputException;
import dev.halftone.data.Dataset;
import dev.halftone.data.Sample;
import dev.halftone.engine.Backend;
import dev.halftone.engine.Execution;
import dev.halftone.engine.Parallel;
import dev.halftone.engine.Probe;
import dev.halftone.engine.Progress;
import dev.halftone.engine.Runner;
import dev.halftone.graph.Model;
import dev.halftone.tensor.DType;
import dev.halftone.tensor.Tensor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.PriorityQueue;
import java.util.Set;

/// Runs the float model over the data once and observes the tensors that later steps asked for.
///
/// Samples are run one at a time on each thread and forgotten: memory is that of the observers plus one sample's activations a thread.
public final class Calibrator {

  private Calibrator() {}

  /// Observes `tensors` (inputs of the model or values that its nodes make, FLOAT) over all of `data`, and what `beside` asks for, in one
  /// pass.
  ///
  /// Throws UnusableInputException where the data are empty and something is to be observed, or where an activation is not finite.
  ///
  /// @param tensors to observe, and along which axes of each channels are told apart
  /// @param beside observe what they need
  public static Statistics observe(
      Execution execution,
      Model model,
      Map<String, Set<Integer>> tensors,
      List<? extends Probe> beside,
      Dataset data) {
    if (data.size() == 0 && tensors.isEmpty() && beside.isEmpty()) {
      return Statistics.ofNothing();
    }
    if (data.size() == 0) {
      throw new UnusableInputException(
          "there is nothing to calibrate with in "
              + data.description()
              + ": give at least one sample, better a hundred");
    }
    Progress progress = execution.progress().stage("Calibrating", data.size());
    TensorProbe observed = new TensorProbe(tensors);
    List<Probe> probes = new ArrayList<>(List.of(observed)); // tells of what is not finite
    probes.addAll(beside);
    Set<String> exposed = new LinkedHashSet<>(observed.tensors());
    beside.forEach(probe -> exposed.addAll(probe.tensors()));
    PriorityQueue<CorrectionSample> lowest = new PriorityQueue<>(Collections.reverseOrder());
    try (Runner runner =
        execution.runtime().open(Exposed.tensors(model, exposed), Backend.Options.SERVING)) {
      Parallel.forEach(
          data.size(),
          execution.threads(),
          index -> {
            Sample sample = data.sample(index);
            sample.inputs().forEach((name, tensor) -> observe(probes, name, tensor));
            runner.run(
                sample.inputs(),
                outputs -> outputs.forEach((name, tensor) -> observe(probes, name, tensor)));
            CorrectionSample one =
                new CorrectionSample(ContentHash.of(sample.inputs()), OptionalInt.of(index));
            synchronized (lowest) {
              lowest.add(one);
              if (lowest.size() > Statistics.MOST_CORRECTION_SAMPLES) {
                lowest.remove();
              }
            }
            progress.step();
          });
    }
    List<CorrectionSample> sorted = new ArrayList<>(lowest);
    Collections.sort(sorted);
    return new Statistics(data.size(), observed.result(), sorted);
  }

  private static void observe(List<Probe> probes, String name, Tensor tensor) {
    if (tensor.dtype() == DType.FLOAT) {
      probes.forEach(probe -> probe.observe(name, tensor));
    }
  }
}
