package dev.halftone.judge;

import static dev.halftone.judge.Judgement.Ruling.CANNOT_TELL;
import static dev.halftone.judge.Judgement.Ruling.NOT_WORTH_IT;
import static dev.halftone.judge.Judgement.Ruling.WORTH_IT;
import static dev.halftone.judge.Verdicts.TWICE_AS_FAST;
import static dev.halftone.judge.Verdicts.labelled;
import static dev.halftone.judge.Verdicts.speed;
import static dev.halftone.judge.Verdicts.unlabelled;
import static dev.halftone.judge.Verdicts.values;
import static org.assertj.core.api.Assertions.assertThat;

import dev.halftone.metric.Sqnr;
import dev.halftone.report.TerminalReport;
import dev.halftone.report.VerdictJson;
import dev.halftone.verify.Comparison;
import dev.halftone.verify.Latency;
import dev.halftone.verify.Premises;
import dev.halftone.verify.Speed;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class JudgeTest {

  private static final String GAINS =
      "4.0x smaller (1.05 MB -> 0.26 MB), 2.1x faster (0.31 ms -> 0.15 ms)";
  private static final String BOTH_GAINS =
      "it is 4.0x smaller (1.05 MB -> 0.26 MB) and 2.1x faster (0.31 ms -> 0.15 ms)";

  private static Arguments good(Comparison comparison, Judgement.Ruling ruling, String sentence) {
    return Arguments.of(
        Verdicts.of(1_050_000, 262_000, Optional.of(TWICE_AS_FAST), Optional.of(comparison)),
        ruling,
        sentence);
  }

  static Stream<Arguments> sentences() {
    Comparison fine = labelled(10, 2000, 1868, 12, 9);
    return Stream.of(
        good(
            fine,
            WORTH_IT,
            "Worth it: "
                + GAINS
                + ", and top-1 went from 93.4 % to 93.3 % (not a significant change, McNemar p = 0.66)."),
        good(
            labelled(10, 2000, 1868, 0, 0),
            WORTH_IT,
            "Worth it: "
                + GAINS
                + ", and top-1 stayed at 93.4 % (no right answer lost or gained)."),
        good(
            labelled(1000, 400, 280, 4, 4),
            CANNOT_TELL,
            "Cannot tell: top-1 stayed at 70.0 % on 400 labelled inputs, but a drop of up to 1.5 pp cannot be ruled out where 1.0 pp is accepted: about 820 that go the same way would tell; otherwise "
                + BOTH_GAINS
                + "."),
        good(
            labelled(1000, 2000, 1400, 20, 6),
            CANNOT_TELL,
            "Cannot tell: top-1 went from 70.0 % to 69.3 % on 2,000 labelled inputs, but a drop of up to 1.2 pp cannot be ruled out where 1.0 pp is accepted: about 5,700 that go the same way would tell; otherwise "
                + BOTH_GAINS
                + "."),
        // what the quickstart measures
        good(
            labelled(10, 2000, 1872, 14, 9),
            WORTH_IT,
            "Worth it: "
                + GAINS
                + ", and top-1 went from 93.6 % to 93.4 % (not a significant change, McNemar p = 0.40)."),
        good(
            labelled(1000, 50_000, 38_000, 300, 180),
            WORTH_IT,
            "Worth it: "
                + GAINS
                + ", and top-1 went from 76.0 % to 75.8 % (a small but real drop, McNemar p < 0.001)."),
        good(
            labelled(1000, 2000, 1000, 20, 60),
            WORTH_IT,
            "Worth it: "
                + GAINS
                + ", and top-1 went from 50.0 % to 52.0 % (a real gain, McNemar p < 0.001)."),
        good(
            labelled(1000, 100_000, 76_010, 12, 10),
            WORTH_IT,
            "Worth it: "
                + GAINS
                + ", and top-1 went from 76.010 % to 76.008 % (not a significant change, McNemar p = 0.83)."),
        good(
            labelled(10, 2000, 1868, 100, 20),
            NOT_WORTH_IT,
            "Not worth it as it stands: top-1 fell from 93.4 % to 89.4 % (by 4.0 pp where 1.0 pp is accepted, McNemar p < 0.001); otherwise "
                + BOTH_GAINS
                + "."),
        good(
            labelled(10, 12, 11, 0, 0),
            CANNOT_TELL,
            "Cannot tell: top-1 stayed at 91.7 % on 12 labelled inputs, but a drop of up to 14.0 pp cannot be ruled out where 1.0 pp is accepted: about 200 that go the same way would tell; otherwise "
                + BOTH_GAINS
                + "."),
        good(
            labelled(10, 24, 12, 6, 6),
            NOT_WORTH_IT,
            "Not worth it as it stands: it changes the answer on 50.0 % of 24 inputs where 5.0 % is accepted (24 labelled inputs are too few to say which is right); otherwise "
                + BOTH_GAINS
                + "."),
        good(
            labelled(10, 1, 1, 0, 0),
            CANNOT_TELL,
            "Cannot tell: top-1 stayed at 100.0 % on 1 labelled input, but a drop of up to 65.3 pp cannot be ruled out where 1.0 pp is accepted: about 200 that go the same way would tell; otherwise "
                + BOTH_GAINS
                + "."),
        good(
            labelled(10, 1000, 800, 35, 23),
            CANNOT_TELL,
            "Cannot tell: top-1 went from 80.0 % to 78.8 % on 1,000 labelled inputs, but a drop of up to 2.7 pp cannot be ruled out where 1.0 pp is accepted: it may be chance (McNemar p = 0.15), which about 1,600 would tell; otherwise "
                + BOTH_GAINS
                + "."),
        good(
            labelled(1000, 400, 1, 1, 0),
            CANNOT_TELL,
            "Cannot tell: the float model itself is right on only 0.3 % of 400 labelled inputs, and guessing among 1,000 classes gives 0.1 %: check the preprocessing (mean, std, channel order, size) and the labels; otherwise "
                + BOTH_GAINS
                + "."),
        good(
            unlabelled(400, 4),
            WORTH_IT,
            "Worth it: "
                + GAINS
                + ", and its answer is the float model's on 99.0 % of 400 inputs (no labels say which is right)."),
        good(
            unlabelled(400, 56),
            NOT_WORTH_IT,
            "Not worth it as it stands: it changes the answer on 14.0 % of 400 inputs where 5.0 % is accepted (no labels say which is right); otherwise "
                + BOTH_GAINS
                + "."),
        good(
            unlabelled(20, 0),
            CANNOT_TELL,
            "Cannot tell: it changes the answer on 0.0 % of 20 inputs, which leaves anything from 0.0 % to 16.1 % possible where 5.0 % is accepted: give labels, or more inputs; otherwise "
                + BOTH_GAINS
                + "."),
        good(
            values(new Sqnr(1000, 1, 1, 1, 1, 0)),
            WORTH_IT,
            "Worth it: "
                + GAINS
                + ", and its output differs from the float model's by 3.2 % in root mean square (SQNR 30.0 dB)."),
        good(
            values(new Sqnr(1, 0, 1, 1, 1, 0)),
            WORTH_IT,
            "Worth it: " + GAINS + ", and its output is the float model's, exactly."),
        good(
            values(new Sqnr(1, 1, 1, 1, 1, 0)),
            NOT_WORTH_IT,
            "Not worth it as it stands: its output differs from the float model's by 100.0 % in root mean square (SQNR 0.0 dB); otherwise "
                + BOTH_GAINS
                + "."),
        good(
            values(new Sqnr(1000, 31.6, 1, 1, 1, 0)),
            CANNOT_TELL,
            "Cannot tell: its output differs from the float model's by 17.8 % in root mean square (SQNR 15.0 dB): measure what that does to your task; otherwise "
                + BOTH_GAINS
                + "."),
        good(
            values(new Sqnr(0, 0, 0, 0, 1, 0)),
            CANNOT_TELL,
            "Cannot tell: the float model's output is zero throughout: check the inputs; otherwise "
                + BOTH_GAINS
                + "."),
        good(
            values(new Sqnr(0, 0, 0, 0, 0, 9)),
            NOT_WORTH_IT,
            "Not worth it as it stands: no element of its output is a finite number in both models; otherwise "
                + BOTH_GAINS
                + "."),
        Arguments.of(
            Verdicts.of(18_600_000, 5_050_000, Optional.of(speed(9.6, 22.6)), Optional.of(fine)),
            NOT_WORTH_IT,
            "Not worth it as it stands: it is 2.4x slower (9.60 ms -> 22.6 ms); otherwise it is 3.7x smaller (18.6 MB -> 5.05 MB), and top-1 went from 93.4 % to 93.3 % (not a significant change, McNemar p = 0.66)."),
        Arguments.of(
            Verdicts.of(10_700_000, 10_900_000, Optional.of(speed(17, 20.5)), Optional.of(fine)),
            NOT_WORTH_IT,
            "Not worth it as it stands: it is no smaller (10.7 MB -> 10.9 MB) and 1.2x slower (17.0 ms -> 20.5 ms); otherwise top-1 went from 93.4 % to 93.3 % (not a significant change, McNemar p = 0.66)."),
        Arguments.of(
            Verdicts.of(1000, 2500, Optional.of(speed(1, 1.02)), Optional.of(fine)),
            NOT_WORTH_IT,
            "Not worth it as it stands: it is 2.5x larger (1.00 kB -> 2.50 kB); otherwise it is as fast (1.00 ms -> 1.02 ms), and top-1 went from 93.4 % to 93.3 % (not a significant change, McNemar p = 0.66)."),
        Arguments.of(
            Verdicts.of(1_070_000, 1_000_000, Optional.of(speed(1, 1)), Optional.of(fine)),
            NOT_WORTH_IT,
            "Not worth it as it stands: it is only 1.07x smaller (1.07 MB -> 1.00 MB), where 1.5x smaller or 1.2x faster counts as a gain; otherwise it is as fast (1.00 ms -> 1.00 ms), and top-1 went from 93.4 % to 93.3 % (not a significant change, McNemar p = 0.66)."),
        Arguments.of(
            Verdicts.of(1_000_000, 1_000_000, Optional.of(speed(2, 1)), Optional.of(fine)),
            WORTH_IT,
            "Worth it: no smaller (1.00 MB -> 1.00 MB), 2.0x faster (2.00 ms -> 1.00 ms), and top-1 went from 93.4 % to 93.3 % (not a significant change, McNemar p = 0.66)."),
        Arguments.of(
            Verdicts.of(1_300_000, 1_000_000, Optional.empty(), Optional.of(fine)),
            CANNOT_TELL,
            "Cannot tell: it is only 1.3x smaller (1.30 MB -> 1.00 MB), where 1.5x smaller or 1.2x faster counts as a gain; otherwise top-1 went from 93.4 % to 93.3 % (not a significant change, McNemar p = 0.66); speed was not measured."),
        Arguments.of(
            Verdicts.of(1_000_000, 1_000_000, Optional.of(speed(1, 1)), Optional.of(fine))
                .with(Premises.doubting("all 2,000 samples are the same")),
            NOT_WORTH_IT,
            "Not worth it as it stands: it is no smaller (1.00 MB -> 1.00 MB), where 1.5x smaller or 1.2x faster counts as a gain; otherwise it is as fast (1.00 ms -> 1.00 ms), and top-1 went from 93.4 % to 93.3 % (not a significant change, McNemar p = 0.66); beside that, all 2,000 samples are the same."),
        Arguments.of(
            Verdicts.of(1_050_000, 262_000, Optional.of(TWICE_AS_FAST), Optional.of(fine))
                .with(Premises.doubting("all 2,000 samples are the same")),
            CANNOT_TELL,
            "Cannot tell: all 2,000 samples are the same; otherwise "
                + BOTH_GAINS
                + ", and top-1 went from 93.4 % to 93.3 % (not a significant change, McNemar p = 0.66)."),
        Arguments.of(
            Verdicts.of(
                    1_050_000,
                    262_000,
                    Optional.of(TWICE_AS_FAST),
                    Optional.of(labelled(10, 2000, 1868, 100, 20)))
                .with(Premises.doubting("all 2,000 samples are the same")),
            CANNOT_TELL,
            "Cannot tell: all 2,000 samples are the same; otherwise "
                + BOTH_GAINS
                + ", and top-1 fell from 93.4 % to 89.4 % (by 4.0 pp where 1.0 pp is accepted, McNemar p < 0.001)."),
        Arguments.of(
            Verdicts.of(1_050_000, 262_000, Optional.empty(), Optional.of(fine)),
            WORTH_IT,
            "Worth it: 4.0x smaller (1.05 MB -> 0.26 MB) and top-1 went from 93.4 % to 93.3 % (not a significant change, McNemar p = 0.66); speed was not measured."),
        Arguments.of(
            Verdicts.of(1_050_000, 262_000, Optional.empty(), Optional.empty()),
            CANNOT_TELL,
            "Cannot tell: accuracy was not measured, for there was no data to measure it on; otherwise it is 4.0x smaller (1.05 MB -> 0.26 MB); speed was not measured."));
  }

  @ParameterizedTest
  @MethodSource("sentences")
  void saysItInOneSentence(Verdict verdict, Judgement.Ruling ruling, String sentence) {
    assertThat(verdict.judgement().sentence()).isEqualTo(sentence);
    assertThat(verdict.judgement().ruling()).isEqualTo(ruling);
  }

  @Test
  void aLengthAtWhichItIsSlowerIsTold() {
    Latency before = new Latency("float.onnx", 10, 80, 80, 80, 1);
    Latency after = new Latency("int8.onnx", 10, 100, 100, 100, 1.25);
    Speed speed =
        new Speed(
            TWICE_AS_FAST.floatModel(),
            TWICE_AS_FAST.quantized(),
            "",
            List.of(
                new Speed.AtLength(16, TWICE_AS_FAST.floatModel(), TWICE_AS_FAST.quantized()),
                new Speed.AtLength(512, before, after)));
    Verdict verdict =
        Verdicts.of(
            1_050_000, 262_000, Optional.of(speed), Optional.of(labelled(10, 2000, 1868, 0, 0)));
    assertThat(verdict.judgement().sentence())
        .contains("2.1x faster (0.31 ms -> 0.15 ms), yet 1.3x slower on 512 tokens, and top-1");
    assertThat(TerminalReport.render(verdict, false))
        .contains("... 16 tokens")
        .containsPattern("\\.\\.\\. 512 tokens .*1\\.3x slower");
    assertThat(VerdictJson.read(VerdictJson.write(verdict), "it")).isEqualTo(verdict);
  }

  @Test
  void verdictsOfOlderBuildsHaveNoLengths() {
    String json =
        VerdictJson.write(
            Verdicts.of(
                1000,
                200,
                Optional.of(TWICE_AS_FAST),
                Optional.of(labelled(10, 2000, 1868, 0, 0))));
    assertThat(json).contains("\"lengths\"");
    String older =
        json.replaceFirst(",\\s*\"lengths\" : \\[ *\\]", "")
            .replaceAll("\"(batch|ranking)\" : null,", "");
    assertThat(older).doesNotContain("lengths", "batch", "ranking");
    Verdict read = VerdictJson.read(older, "it");
    assertThat(read.speed().orElseThrow().lengths()).isEmpty();
    assertThat(read.comparison().orElseThrow().batch()).isEmpty();
    assertThat(read.comparison().orElseThrow().main().ranking()).isEmpty();
  }
}
