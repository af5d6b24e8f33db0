package dev.halftone.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.halftone.judge.Verdict;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TerminalReportTest {

  @Test
  void isATableOfPlainText() {
    String text = TerminalReport.render(Example.summary(), false);
    assertThat(text)
        .startsWith("Preprocessing was guessed: resize=auto,crop=28")
        .contains("\n\nWorth it: 3.7x smaller (1.05 MB -> 0.28 MB), 2.1x faster");
    assertThat(text.lines().map(String::length)).allMatch(length -> length <= 100);
    assertThat(text.lines()).noneMatch(line -> line.endsWith(" "));
    assertThat(text).doesNotContain("\u001b");
    assertThat(text)
        .contains(
            "\n\n2026-11-30T18:00:00Z; Some CPU, 2 cores, AVX2, no VNNI; halftone 0.1.0, ONNX Runtime 1.29.0, Java");
    assertThat(text.lines())
        .contains(
            "31.2 %: weights of /blocks/blocks.3/Conv; channel 37 of 96 makes 62.0 % of its error. With",
            "\"keepFloat\": [\"/blocks/blocks.3/Conv\"]: +2.1 dB (same answer 99.8 %, 37.9 dB, 0.30 MB, 2.00x the",
            "file size             1.05 MB                 0.28 MB                 3.7x smaller",
            "latency, median       0.31 ms (0.31 to 0.34)  0.15 ms (0.15 to 0.16)  2.1x faster",
            "top-1 accuracy        93.4 % (92.2 to 94.4)   93.3 % (92.1 to 94.3)   -0.15 pp, p = 0.66",
            "same answer as float                          98.7 % (98.0 to 99.1)",
            "27 of 2,000 inputs changed the answer.",
            "Softmax       1      ONNX Runtime has no integer kernel for it");
  }

  @Test
  void colourIsForTheRulingOnly() {
    String plain = TerminalReport.render(Example.summary(), false);
    assertThat(TerminalReport.render(Example.summary(), true))
        .isEqualTo(plain.replaceFirst("Worth it", "\u001b[1;32mWorth it\u001b[0m"));
  }

  @Test
  void namesCannotSteerTheTerminal() {
    Verdict example = Example.verdict();
    Verdict evil =
        Verdict.of(
                new Verdict.ModelFile("a\u001b[2Jb\r\n", 10),
                new Verdict.ModelFile("x".repeat(300), 5),
                example.tolerance(),
                List.of("\u0007 " + "word ".repeat(60)))
            .measured(example.comparison(), example.layers(), Optional.empty(), Optional.empty());
    String text = TerminalReport.render(evil, false);
    assertThat(text).contains("a?[2Jb??").doesNotContain("\u001b", "\u0007");
    assertThat(text.lines().map(String::length)).allMatch(length -> length <= 100);
  }

  @Test
  void theMiddleOfALongNameIsCut() {
    assertThat(TextTable.cut("abcdefghijklmnop", 9)).isEqualTo("abc...nop");
    assertThat(TextTable.cut("abc", 9)).isEqualTo("abc");
    assertThat(TextTable.wrap("aa bb cc", 5)).isEqualTo("aa bb\ncc");
  }
}
