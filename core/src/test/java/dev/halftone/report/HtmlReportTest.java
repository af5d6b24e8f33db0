package dev.halftone.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.halftone.UnusableInputException;
import dev.halftone.judge.Tolerance;
import dev.halftone.judge.Verdict;
import dev.halftone.meaning.OutputKind;
import dev.halftone.metric.Sqnr;
import dev.halftone.verify.Comparison;
import dev.halftone.verify.MadeFigures;
import dev.halftone.verify.Premises;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

class HtmlReportTest {

  private static final String EVIL =
      "<script>alert('1')</script>\" onload=\"x\" &amp; \u0000\u001b[2J\ud800";

  @Test
  void isWellFormedAndTellsEverything() throws Exception {
    String html = HtmlReport.render(Example.summary(), Example.pictures());
    Document page = parse(html);
    assertThat(page.getDocumentElement().getTextContent())
        .contains(
            "fashion-mnist, 8 bits",
            "Worth it",
            "3.7x smaller (1.05 MB \u2192 0.28 MB), 2.1x faster (0.31 ms \u2192 0.15 ms)",
            "McNemar p = 0.66",
            "93.4 % (92.2 to 94.4)",
            "The noisiest is layer",
            "channel 37 of 96 makes 62.0 % of its error",
            "+2.1 dB",
            "test-0005.png",
            "ONNX Runtime has no integer kernel for it",
            "halftone quantize fashion.onnx",
            "Classes that lost most",
            "calibrated on");
    assertThat(elements(page, "img")).hasSize(22);
    assertThat(elements(page, "h2")).hasSize(7);
  }

  @Test
  void asksForNothingElse() throws Exception {
    String html = HtmlReport.render(Example.summary(), Example.pictures());
    assertThat(
            html.replace("http://www.w3.org/2000/svg", "")
                .replace("http://www.w3.org/1999/xhtml", ""))
        .doesNotContain("http:", "https:", "url(", "@import", "<script", "src=\"/");
    for (Element element : elements(parse(html), "*")) {
      for (String name : List.of("src", "href")) {
        assertThat(element.getAttribute(name)).matches("(data:.*)?");
      }
    }
  }

  @Test
  void isSmallAndTheSameEveryTime() {
    String html = HtmlReport.render(Example.summary(), Pictures.NONE);
    assertThat(html.length()).isLessThan(100_000);
    assertThat(HtmlReport.render(Example.summary(), Pictures.NONE)).isEqualTo(html);
  }

  @Test
  void canBeReadWithoutSight() throws Exception {
    Document page = parse(HtmlReport.render(Example.summary(), Example.pictures()));
    assertThat(page.getDocumentElement().getAttribute("lang")).isEqualTo("en");
    assertThat(elements(page, "h1")).hasSize(1);
    for (Element svg : elements(page, "svg")) {
      assertThat(svg.getAttribute("aria-label") + svg.getAttribute("aria-hidden")).isNotEmpty();
    }
    for (Element image : elements(page, "img")) {
      assertThat(image.getAttribute("alt")).isNotEmpty();
    }
    for (Element cell : elements(page, "th")) {
      assertThat(cell.getAttribute("scope")).isIn("row", "col");
    }
    for (Element table : elements(page, "table")) {
      assertThat(table.getElementsByTagName("caption").getLength()).isEqualTo(1);
    }
  }

  @Test
  void namesCannotBecomeMarkup() throws Exception {
    RunSummary example = Example.summary();
    Verdict verdict = example.verdict();
    RunSummary evil =
        new RunSummary(
            EVIL,
            Verdict.of(
                    new Verdict.ModelFile(EVIL, 10),
                    new Verdict.ModelFile(EVIL, 5),
                    verdict.tolerance(),
                    List.of(EVIL))
                .measured(
                    verdict.comparison(),
                    verdict.layers().stream()
                        .map(layer ->
                            new dev.halftone.verify.LayerError(EVIL, EVIL, layer.variants()))
                        .toList(),
                    verdict.speed(),
                    verdict.memory())
                .with(Premises.assuming(EVIL)),
            new RunSummary.Decided(
                List.of(
                    new RunSummary.PlanRow(
                        EVIL, EVIL, EVIL, new RunSummary.GridWords(EVIL, EVIL, EVIL), EVIL)),
                List.of(new RunSummary.KeptFloat(EVIL, EVIL, EVIL)),
                List.of(
                    new RunSummary.RangeHistogram(
                        EVIL,
                        new RunSummary.Bins(0, 1, List.of(1L)),
                        new RunSummary.Covered(0, 1, 1, 0)))),
            new RunSummary.Provenance(EVIL, Map.of(EVIL, EVIL)));
    String html = HtmlReport.render(evil, Example.pictures());
    Document page = parse(html);
    assertThat(html).doesNotContain("<script");
    for (Element element : elements(page, "*")) {
      assertThat(element.hasAttribute("onload")).isFalse();
    }
    assertThat(elements(page, "h1").getFirst().getTextContent())
        .isEqualTo("<script>alert('1')</script>\" onload=\"x\" &amp; \ufffd\ufffd[2J\ufffd");
  }

  @Test
  void whatWasNotMeasuredIsLeftOut() throws Exception {
    Comparison values =
        MadeFigures.comparison(
            "3 rows", 3, MadeFigures.output("y", OutputKind.VALUES, 0, new Sqnr(0, 0, 0, 0, 3, 0)));
    for (Optional<Comparison> comparison :
        List.of(Optional.<Comparison>empty(), Optional.of(values))) {
      RunSummary bare =
          new RunSummary(
              "bare",
              Verdict.of(
                      new Verdict.ModelFile("a", 10),
                      new Verdict.ModelFile("b", 10),
                      Tolerance.DEFAULT,
                      List.of())
                  .measured(comparison, List.of(), Optional.empty(), Optional.empty()),
              new RunSummary.Decided(
                  List.of(),
                  List.of(),
                  List.of(
                      new RunSummary.RangeHistogram(
                          "constant",
                          new RunSummary.Bins(2, 2, List.of(9L)),
                          new RunSummary.Covered(2, 2, 1, 0)))),
              new RunSummary.Provenance("", Map.of()));
      String html = HtmlReport.render(bare, Pictures.NONE);
      assertThat(elements(parse(html), "h2")).hasSize(3);
      assertThat(html).contains("Not worth it as it stands").doesNotContain("NaN", "Infinity");
    }
  }

  @Test
  void isWrittenWholeAndNotOverAnother(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("r.html");
    HtmlReport.write(Example.summary(), Pictures.NONE, file, false);
    assertThat(Files.readString(file))
        .isEqualTo(HtmlReport.render(Example.summary(), Pictures.NONE));
    assertThatThrownBy(() -> HtmlReport.write(Example.summary(), Pictures.NONE, file, false))
        .isInstanceOf(UnusableInputException.class)
        .hasMessageContaining("--overwrite");
  }

  private static Document parse(String html) throws Exception {
    return DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(new InputSource(new StringReader(html)));
  }

  private static List<Element> elements(Document page, String tag) {
    NodeList nodes = page.getElementsByTagName(tag);
    List<Element> elements = new ArrayList<>();
    for (int i = 0; i < nodes.getLength(); i++) {
      elements.add((Element) nodes.item(i));
    }
    return elements;
  }
}
