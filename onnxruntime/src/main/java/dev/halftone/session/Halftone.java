package dev.halftone.session;

import dev.halftone.DeviceFormat;
import java.nio.file.Path;
import java.util.List;

/// The entry for programs: a request for each verb of the command.
///
/// ```java
/// QuantizationResult result =
///     Halftone.quantize(Path.of("classifier.onnx"))
///         .data(Samples.at(Path.of("pictures")))
///         .gate(Gate.parseMaxDrop("2pp"))
///         .run();
/// System.out.println(result.verdict().judgement().sentence());
/// result.write(Path.of("classifier-int8.onnx"));
/// ```
///
/// Nothing is printed, and nothing is written before a result is asked to. What cannot be used is an UnusableInputException, whose
/// message says in one sentence why and what to do.
public final class Halftone {

  private Halftone() {}

  /// A request to make a model of few-bit integers of this float model, and to measure what was lost and gained.
  public static Quantization quantize(Path model) {
    return new Quantization(model);
  }

  /// A request to observe the activations of this float model once, for any number of quantizations.
  public static Calibration calibrate(Path model, Samples data) {
    return new Calibration(model, data);
  }

  /// A request to measure a quantized model beside the float model it came from.
  public static ModelComparison compare(Path floatModel, Path quantized, Samples data) {
    return new ModelComparison(floatModel, quantized, data);
  }

  /// A request to make a network of integers only of this float model, in the form that a device takes.
  public static <N extends DeviceFormat.Network> DeviceExport<N> export(
      Path model, DeviceFormat<N> format, Samples data) {
    return new DeviceExport<>(model, format, data);
  }

  /// A request to look at a model: what it consists of, and what of it would run in integers.
  public static ModelInspection inspect(Path model) {
    return new ModelInspection(model);
  }

  /// A request to measure what models cost, side by side; ratios are to the first.
  public static Benchmarking bench(List<Path> models) {
    return new Benchmarking(models);
  }

  /// The version of the build, from the manifest of its jar.
  public static String version() {
    return BuildVersion.text();
  }
}
