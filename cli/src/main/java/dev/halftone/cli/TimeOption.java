package dev.halftone.cli;

import java.time.Duration;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// The time limit of something that gets better the longer it takes.
final class TimeOption {

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @Option(
      names = "--max-minutes",
      paramLabel = "N",
      defaultValue = "10",
      description =
          "The time that a training, or the search of --recipe auto or --bits fewest, may take: after that the best so far counts. Default: ${DEFAULT-VALUE}.")
  private double maxMinutes;

  Duration time() {
    if (!(maxMinutes > 0 && maxMinutes <= 100_000)) {
      throw new ParameterException(
          spec.commandLine(), "--max-minutes takes a time above 0, as in --max-minutes 5");
    }
    return Duration.ofNanos(Math.round(maxMinutes * 60e9));
  }
}
