package dev.halftone.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.halftone.UnusableInputException;
import dev.halftone.format.JsonSchema;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class JsonReportTest {

  @Test
  void whatIsWrittenIsRead() {
    RunSummary summary = Example.summary();
    String json = JsonReport.render(summary);
    assertThat(JsonReport.read(json, "r.json")).isEqualTo(summary);
    assertThat(json).contains("\"schemaVersion\" : 2", "\"ruling\" : \"WORTH_IT\"");
  }

  @Test
  void whatIsNoReportIsRefused() {
    assertThatThrownBy(() -> JsonReport.read("[]", "r.json"))
        .isInstanceOf(UnusableInputException.class)
        .hasMessageStartingWith("r.json is no report that halftone wrote");
    assertThatThrownBy(() -> JsonReport.read("null", "r.json"))
        .isInstanceOf(UnusableInputException.class);
  }

  @Test
  void theSchemaBesideTheDocsIsThatOfTheReport() throws IOException {
    JsonSchema.check(
        "report.schema.json",
        "Report of halftone",
        RunSummary.class,
        JsonReport.render(Example.summary()));
  }
}
