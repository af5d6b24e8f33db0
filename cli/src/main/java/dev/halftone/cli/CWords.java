package dev.halftone.cli;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.halftone.format.c.CSource;
import dev.halftone.session.CFormat;
import dev.halftone.session.ExportResult;
import dev.halftone.session.Fidelity;
import dev.halftone.wording.Figures;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// Words for `--to c`.
///
/// @param folder that source and header are written into
record CWords(Path folder, ExportResult<CFormat.Network> export) implements ExportWords {

  /// The result for programs.
  ///
  /// @param tried by the search for a recipe, where there was one
  record Result(
      int schemaVersion,
      @JsonUnwrapped Files files,
      @JsonUnwrapped Needs needs,
      @JsonUnwrapped Answers answers,
      Fidelity fidelity,
      List<ExportResult.Attempt> tried) {}

  record Files(String source, String header) {}

  /// What the network takes on a device.
  ///
  /// @param constantBytes weights and other constants, in flash
  /// @param arenaBytes what a run needs beside its inputs and outputs
  /// @param ramBytes arena, inputs and outputs
  /// @param accumulatorBits what holds every sum of every layer, whatever the input
  record Needs(int constantBytes, int arenaBytes, int ramBytes, int accumulatorBits) {}

  /// @param agreement share of the samples with the float model's answer
  record Answers(int samples, Optional<Double> agreement) {}

  private CSource source() {
    return export.network().source();
  }

  @Override
  public Result result() {
    return new Result(
        Json.SCHEMA_VERSION,
        new Files(file(".c").toString(), file(".h").toString()),
        new Needs(
            source().constantBytes(),
            source().arenaBytes(),
            source().ramBytes(),
            export.network().accumulatorBits()),
        new Answers(export.fidelity().samples(), export.fidelity().agreement()),
        export.fidelity(),
        export.tried());
  }

  @Override
  public String text() {
    return """
    Flash: %s of constants, beside the kernels' code. RAM: %s, %s of it arena. Sums take %d bits at most.
    %s\
    """
        .formatted(
            Figures.bytes(source().constantBytes()),
            Figures.bytes(source().ramBytes()),
            Figures.bytes(source().arenaBytes()),
            export.network().accumulatorBits(),
            export.fidelity().sentence());
  }

  @Override
  public String files() {
    return file(".c") + " and " + file(".h");
  }

  private Path file(String suffix) {
    return folder.resolve(source().name() + suffix);
  }
}
