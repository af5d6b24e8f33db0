package dev.halftone.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.halftone.UnusableInputException;
import dev.halftone.judge.Tolerance;
import dev.halftone.judge.Verdict;
import dev.halftone.judge.Verdicts;
import dev.halftone.meaning.OutputKind;
import dev.halftone.metric.PairedAccuracy;
import dev.halftone.metric.Sqnr;
import dev.halftone.verify.Comparison;
import dev.halftone.verify.Fakes;
import dev.halftone.verify.LayerError;
import dev.halftone.verify.LayerErrors;
import dev.halftone.verify.Premises;
import dev.halftone.verify.Verifier;
import dev.halftone.verify.VerifyOptions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class VerdictJsonTest {

  private static Verdict whole() {
    Comparison comparison =
        Verifier.compare(
            Fakes.identity(),
            Fakes.noisy(0.5f),
            Fakes.classified(100, 8, true),
            VerifyOptions.DEFAULT.withClassNames(List.of("a", "b")));
    LayerError.Variant exact =
        new LayerError.Variant(
            new Sqnr(1, 0, 1, 1, 1, 0), Optional.of(new LayerError.WorstChannel(0, 3, 0)));
    LayerError.Variant flat = new LayerError.Variant(new Sqnr(4, 1, 4, 4, 9, 1), Optional.empty());
    return Verdict.of(
            new Verdict.ModelFile("float.onnx", 400),
            new Verdict.ModelFile("int8.onnx", 100),
            Tolerance.DEFAULT.withMaxDrop(0.02),
            List.of("a note"))
        .measured(
            Optional.of(comparison),
            List.of(
                new LayerError(
                    "a",
                    "Conv",
                    Map.of(LayerErrors.QUANTIZED, flat, LayerErrors.WEIGHTS_ONLY, exact))),
            Optional.of(Verdicts.TWICE_AS_FAST),
            Optional.of(new Verdict.Memory(2000, 1000)))
        .with(new Premises(List.of("Assumed."), List.of("a doubt")));
  }

  @Test
  void whatFollowsFromTheFiguresIsNoField() {
    assertThat(VerdictJson.write(whole())).contains("\"rows\"").doesNotContain("\"byRows\"");
  }

  @Test
  void aFileOfAnOlderBuildHasNoPremises() {
    Verdict verdict = whole();
    String json = VerdictJson.write(verdict);
    String older = json.replaceFirst("\"premises\" : \\{[^}]*\\},", "");
    assertThat(older).isNotEqualTo(json);
    assertThat(VerdictJson.read(older, "it")).isEqualTo(verdict.with(Premises.NONE));
  }

  @Test
  void whatIsWrittenIsRead() {
    Verdict verdict = whole();
    assertThat(VerdictJson.read(VerdictJson.write(verdict), "it")).isEqualTo(verdict);
    Verdict bare = Verdicts.of(4, 1, Optional.empty(), Optional.empty());
    assertThat(VerdictJson.read(VerdictJson.write(bare), "it")).isEqualTo(bare);
  }

  @Test
  void whatFollowsIsWrittenToo() {
    String json = VerdictJson.write(whole());
    assertThat(json).startsWith("{\n  \"schemaVersion\" : 2,");
    assertThat(json)
        .contains(
            "\"pValue\" :", "\"low\" :", "\"decibels\" :", "\"sentence\" : \"", "\"ruling\" : ");
    assertThat(json).doesNotContain("NaN").doesNotContain("Infinity");
  }

  @Test
  void verdictsOfSchemaOneAreRead() {
    String old =
        """
        {"schemaVersion": 1,
         "floatModel": {"name": "a", "bytes": 4}, "quantized": {"name": "b", "bytes": 1},
         "comparison": {"data": "10 rows", "samples": 10, "output": "y", "kind": "CLASSES", "classes": 3,
           "top1": {"inputs": 10, "floatRight": 9, "quantizedRight": 8, "lost": 1, "gained": 0}, "top5": null,
           "agreement": {"inputs": {"successes": 9, "trials": 10}, "positions": {"successes": 9, "trials": 10}},
           "task": {"text": null, "directions": null, "scores": [{"name": "m", "floatModel": 1.0, "quantized": 0.5}]},
           "outputs": [
             {"name": "y", "sqnr": {"signal": 4, "noise": 1, "dot": 4, "power": 4, "count": 30, "nonFinite": 0}},
             {"name": "z", "sqnr": {"signal": 1, "noise": 9, "dot": 1, "power": 4, "count": 30, "nonFinite": 0}}],
           "perClass": [], "changed": 1, "flips": [], "notes": []},
         "layers": [], "speed": null, "memory": null,
         "tolerance": {"maxDrop": 0.01, "minAgreement": 0.95}, "notes": []}
        """;
    Comparison comparison = VerdictJson.read(old, "old").comparison().orElseThrow();
    assertThat(comparison.kind()).isEqualTo(OutputKind.CLASSES);
    assertThat(comparison.classes()).isEqualTo(3);
    assertThat(comparison.top1()).contains(new PairedAccuracy(10, 9, 8, 1, 0));
    assertThat(comparison.changed()).isEqualTo(1);
    assertThat(comparison.sqnr().noise()).isEqualTo(1);
    assertThat(comparison.outputs()).hasSize(2);
    assertThat(comparison.scores()).hasSize(1);
  }

  @Test
  void whatIsNoVerdictIsRefused() {
    assertThatThrownBy(() -> VerdictJson.read("{\"a\":", "v.json"))
        .isInstanceOf(UnusableInputException.class)
        .hasMessageStartingWith("v.json is no verdict that halftone wrote");
    assertThatThrownBy(() -> VerdictJson.read("{}", "v.json"))
        .isInstanceOf(UnusableInputException.class);
    assertThatThrownBy(() -> VerdictJson.read("null", "v.json"))
        .isInstanceOf(UnusableInputException.class);
    String newer =
        VerdictJson.write(whole()).replace("\"schemaVersion\" : 2", "\"schemaVersion\" : 9");
    assertThatThrownBy(() -> VerdictJson.read(newer, "v.json"))
        .isInstanceOf(UnusableInputException.class)
        .hasMessageContaining("schema version 9");
  }
}
