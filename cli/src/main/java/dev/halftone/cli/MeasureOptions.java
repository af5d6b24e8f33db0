package dev.halftone.cli;

import dev.halftone.UnusableInputException;
import dev.halftone.judge.Gate;
import dev.halftone.session.Quantization;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// The options for measuring a new model, and for what it must not lose.
final class MeasureOptions {

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @Option(
      names = "--test-data",
      paramLabel = "DATA",
      description =
          "Samples to measure with, in the forms of --data; --labels is then about these. Default: those of --data that --samples leaves.")
  Optional<Path> testData = Optional.empty();

  @Option(
      names = "--test-samples",
      paramLabel = "N",
      defaultValue = "2000",
      description = "How many samples measure, at most. Default: ${DEFAULT-VALUE}.")
  int testSamples;

  @Option(
      names = "--max-drop",
      paramLabel = "POINTS",
      description =
          "Write the model only if top-1 (of a text: the share of characters read right) drops by no more than this (0.5pp, say), and else exit with code 4. Without labels: if no more answers change. Outputs that labels say nothing of must stay close to the float model's; --outputs says which count.")
  Optional<String> maxDrop = Optional.empty();

  /// Says to a request what measures, and what it must not lose; and what calibrates.
  void set(Quantization request, DataOptions samples) {
    samples.samples(testData.isEmpty()).ifPresent(request::data);
    testData.map(samples::at).ifPresent(request::testData);
    request.measureOn(testSamples).threads(samples.threads);
    gate().ifPresent(request::gate);
  }

  private Optional<Gate.MaxDrop> gate() {
    try {
      return maxDrop.map(Gate::parseMaxDrop);
    } catch (UnusableInputException | IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
    }
  }
}
