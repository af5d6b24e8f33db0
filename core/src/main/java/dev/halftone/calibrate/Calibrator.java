package dev.halftone.calibrate;

import dev.halftone.UnusableInputException;
import dev.halftone.data.Dataset;
import dev.halftone.data.Sample;
import dev.halftone.engine.Backend;
import dev.halftone.engine.Parallel;
import dev.halftone.engine.Progress;
import dev.halftone.engine.Runner;
import dev.halftone.equalize.ChannelRanges;
import dev.halftone.equalize.Equalization;
import dev.halftone.graph.Exposed;
import dev.halftone.graph.Model;
import dev.halftone.tensor.DType;
import dev.halftone.tensor.Tensor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.TreeMap;

/// Runs the float model over the data once and observes the tensors that later steps asked for.
///
/// Samples are run one at a time on each thread and forgotten: memory is that of the observers plus one sample's activations a thread.
public final class Calibrator {

  private Calibrator() {}

  /// Observes `tensors` (inputs of the model or values that its nodes make, FLOAT) over all of `data`, while `reaches` observe what they
  /// need.
  ///
  /// Throws UnusableInputException where the data are empty, or where an activation is not finite.
  ///
  /// @param tensors to observe, and along which axes of each channels are told apart
  public static Statistics observe(
      Backend runtime,
      Model model,
      Map<String, Set<Integer>> tensors,
      ChannelRanges reaches,
      Dataset data,
      int threads,
      Progress progress) {
    if (data.size() == 0) {
      throw new UnusableInputException(
          "there is nothing to calibrate with in "
              + data.description()
              + ": give at least one sample, better a hundred");
    }
    Map<String, TensorObserver> observers = new LinkedHashMap<>();
    tensors.forEach((name, axes) -> observers.put(name, new TensorObserver(name, axes)));
    PriorityQueue<Statistics.Witness> witnesses = new PriorityQueue<>(Collections.reverseOrder());
    Set<String> exposed = new LinkedHashSet<>(tensors.keySet());
    exposed.addAll(reaches.tensors());
    try (Runner runner = runtime.open(Exposed.tensors(model, exposed), Backend.Options.SERVING)) {
      Parallel.forEach(
          data.size(),
          threads,
          index -> {
            Sample sample = data.sample(index);
            sample.inputs().forEach((name, tensor) -> observe(observers, name, tensor));
            runner.run(
                sample.inputs(),
                outputs ->
                    outputs.forEach((name, tensor) -> {
                      observe(observers, name, tensor);
                      reaches.observe(name, tensor);
                    }));
            Statistics.Witness witness =
                new Statistics.Witness(ContentHash.of(sample.inputs()), index);
            synchronized (witnesses) {
              witnesses.add(witness);
              if (witnesses.size() > Statistics.WITNESSES) {
                witnesses.remove();
              }
            }
            progress.step();
          });
    }
    Map<String, TensorStatistics> seen = new TreeMap<>();
    observers.forEach(
        (name, observer) -> observer.statistics().ifPresent(found -> seen.put(name, found)));
    List<Statistics.Witness> sorted = new ArrayList<>(witnesses);
    Collections.sort(sorted);
    return new Statistics(data.size(), new TreeMap<>(seen), sorted, Equalization.NONE);
  }

  private static void observe(Map<String, TensorObserver> observers, String name, Tensor tensor) {
    TensorObserver observer = observers.get(name);
    if (observer != null && tensor.dtype() == DType.FLOAT) {
      observer.observe(tensor);
    }
  }
}
