package dev.halftone;

import dev.halftone.data.Sample;
import dev.halftone.tensor.Tensor;
import java.util.Map;

/// A figure of merit of the user's own: overlap of boxes, distance of depths, whatever the model is for. It is averaged over the
/// inputs, for the float model and for the quantized one.
///
/// ```java
/// TaskMetric iou = new TaskMetric("mean IoU", (sample, outputs, _) -> iou(truth(sample.id()), outputs.get("boxes")));
/// QuantizationResult result =
///     Halftone.quantize(Path.of("detector.onnx"))
///         .data(Samples.at(Path.of("pictures")))
///         .task(Task.BY_THE_MODEL.metric(iou))
///         .gate(new Gate.MaxScoreDrop("mean IoU", 0.01))
///         .run();
/// ```
///
/// It stands in the report and holds gates; verdict and searches go by what the outputs mean.
///
/// @param name for reports and bars
public record TaskMetric(String name, Score score) {

  /// Must give the same for the same, and may be called by several threads at once.
  @FunctionalInterface
  public interface Score {

    /// A finite number, the higher the better.
    ///
    /// @param outputs what the model to be scored made of the sample, by the names of the float model's outputs; for this call only
    /// @param floatOutputs what the float model made of it, the same as `outputs` where that is scored itself
    double of(Sample sample, Map<String, Tensor> outputs, Map<String, Tensor> floatOutputs);
  }

  /// The score of one sample. Throws IllegalArgumentException where it is no finite number.
  public double of(Sample sample, Map<String, Tensor> outputs, Map<String, Tensor> floatOutputs) {
    double value = score.of(sample, outputs, floatOutputs);
    if (!Double.isFinite(value)) {
      throw new IllegalArgumentException(
          "metric %s gives %s for input %s".formatted(name, value, sample.id()));
    }
    return value;
  }
}
