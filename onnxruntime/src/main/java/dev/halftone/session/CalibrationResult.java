package dev.halftone.session;

import dev.halftone.calibrate.Statistics;
import dev.halftone.calibrate.StatisticsFile;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// Observations of a float model's activations. Nothing is written before [#write] is called.
///
/// @param preprocessing how pictures became inputs, as text; empty where samples were none
/// @param samples a few words, as in `100 pictures of folder/`
/// @param assumed sentences that say what was given and what was guessed
public record CalibrationResult(
    Statistics statistics, Optional<String> preprocessing, String samples, List<String> assumed) {

  public CalibrationResult {
    assumed = List.copyOf(assumed);
  }

  /// How many tensors were observed.
  public int tensors() {
    return statistics.tensors().size();
  }

  /// On how many samples.
  public long count() {
    return statistics.samples();
  }

  /// Writes the statistics, for [Quantization#statistics]. Throws UnusableInputException where the file is there already.
  public void write(Path file) {
    StatisticsFile.write(new StatisticsFile.Saved(statistics, preprocessing), file, false);
  }

  /// Writes the statistics, in place of a file that may be there.
  public void replace(Path file) {
    StatisticsFile.write(new StatisticsFile.Saved(statistics, preprocessing), file, true);
  }
}
