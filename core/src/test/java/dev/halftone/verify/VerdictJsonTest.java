package dev.halftone.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.halftone.UnusableInputException;
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
            Verifier.Options.DEFAULT.withClassNames(List.of("a", "b")));
    LayerError.Variant exact =
        new LayerError.Variant(
            new Sqnr(1, 0, 1, 1, 1, 0), Optional.of(new LayerError.WorstChannel(0, 3, 0)));
    LayerError.Variant flat = new LayerError.Variant(new Sqnr(4, 1, 4, 4, 9, 1), Optional.empty());
    return new Verdict(
            new Verdict.ModelFile("float.onnx", 400),
            new Verdict.ModelFile("int8.onnx", 100),
            Optional.of(comparison),
            List.of(
                new LayerError(
                    "a",
                    "Conv",
                    Map.of(LayerErrors.QUANTIZED, flat, LayerErrors.WEIGHTS_ONLY, exact))),
            Optional.of(Verdicts.TWICE_AS_FAST),
            Optional.of(new Verdict.Memory(2000, 1000)),
            Tolerance.DEFAULT.withMaxDrop(0.02),
            List.of("a note"))
        .with(new Premises(List.of("Assumed."), List.of("a doubt")));
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
