package dev.halftone.search;

import dev.halftone.Quantized;
import dev.halftone.engine.Runner;
import dev.halftone.tensor.Tensor;
import dev.halftone.verify.Latency;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/// A way to tell how many times as fast as the float model a candidate is.
@FunctionalInterface
public interface Pace {

  /// Both run in turns for a moment.
  Pace MEASURED =
      (_, real, candidate, input) -> {
        List<Latency> latencies =
            Latency.measure(
                List.of(
                    new Latency.Subject("float", real, input),
                    new Latency.Subject("quantized", candidate, input)),
                new Latency.Budget(3, 10, 200, Duration.ofMillis(1500)),
                1);
        return 1 / latencies.getLast().ratioToFirst();
      };

  /// @param made what the candidate runs
  /// @param input one sample
  /// @return latency of the float model by that of the candidate: 2 is twice as fast
  double of(Quantized made, Runner real, Runner candidate, Map<String, Tensor> input);
}
