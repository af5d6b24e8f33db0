package dev.halftone.cli;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.halftone.litert.LiteRtFormat;
import dev.halftone.session.ExportResult;
import dev.halftone.session.Fidelity;
import dev.halftone.wording.Figures;
import java.nio.file.Path;
import java.util.List;

/// Words for `--to litert`.
record LiteRtWords(Path file, ExportResult<LiteRtFormat.Network> export) implements ExportWords {

  /// The result for programs.
  ///
  /// @param runtime that loaded the file and gave the figures
  /// @param tried by the search for a recipe, where there was one
  record Result(
      int schemaVersion,
      @JsonUnwrapped FileSize written,
      String runtime,
      @JsonUnwrapped Ports ports,
      Fidelity fidelity,
      List<ExportResult.Attempt> tried) {}

  record Ports(List<LiteRtFormat.PortFacts> inputs, List<LiteRtFormat.PortFacts> outputs) {}

  @Override
  public Result result() {
    return new Result(
        Json.SCHEMA_VERSION,
        new FileSize(file.toString(), export.network().flashBytes()),
        LiteRtFormat.runtime(),
        new Ports(export.network().inputs(), export.network().outputs()),
        export.fidelity(),
        export.tried());
  }

  @Override
  public String text() {
    StringBuilder text =
        new StringBuilder(
            "Size: %s; %s runs it, in integers from input to output.\n"
                .formatted(Figures.bytes(export.network().flashBytes()), LiteRtFormat.runtime()));
    export
        .network()
        .inputs()
        .forEach(port -> text.append("Input ").append(port.sentence()).append(".\n"));
    export
        .network()
        .outputs()
        .forEach(port -> text.append("Output ").append(port.sentence()).append(".\n"));
    return text + export.fidelity().sentence();
  }

  @Override
  public String files() {
    return file.toString();
  }
}
