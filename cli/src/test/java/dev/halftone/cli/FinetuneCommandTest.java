package dev.halftone.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FinetuneCommandTest {

  @TempDir private Path folder;
  private Bundle bundle = new Bundle(Path.of(""), Path.of(""), Path.of(""));

  @BeforeEach
  void copy() throws IOException {
    bundle = Bundle.in(folder);
  }

  private Ran finetune(String... further) {
    return Ran.halftone(
        List.of(
            "finetune", bundle.model(), "-o", folder.resolve("few.onnx"), "--data", bundle.test()),
        (Object[]) further);
  }

  @Test
  void measuresOnWhatItDidNotLearnFrom() {
    Path report = folder.resolve("report.html");
    Ran ran =
        finetune(
            "--recipe",
            "w4a8",
            "--samples",
            "60",
            "--test-samples",
            "200",
            "--epochs",
            "2",
            "--report",
            report.toString());
    assertThat(ran.done())
        .contains("Fine-tuned with 48 samples")
        .contains("were held out")
        .contains("top-1")
        .contains("Wrote " + folder.resolve("few.onnx") + " and " + report + ".");
    assertThat(report).content().contains("Fine-tuned with 48 samples");
  }

  @Test
  void saysWhatItNeeds() {
    Ran unlabelled =
        Ran.halftone(
            "finetune",
            bundle.model(),
            "-o",
            folder.resolve("few.onnx"),
            "--data",
            folder.resolve("nowhere"));
    assertThat(unlabelled.refusal()).contains("nowhere");
    Ran auto = finetune("--recipe", "auto");
    assertThat(auto.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(auto.err()).contains("--recipe w4a4");
    assertThat(finetune("--max-minutes", "0").exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(finetune("--learn-labels", "2").exitCode()).isEqualTo(ExitCode.USAGE);
  }
}
