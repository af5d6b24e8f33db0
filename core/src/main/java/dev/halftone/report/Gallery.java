package dev.halftone.report;

import dev.halftone.verify.Comparison;
import dev.halftone.verify.Comparison.Flip;
import dev.halftone.verify.Comparison.NamedClass;
import dev.halftone.wording.Figures;
import java.util.Base64;
import java.util.Optional;

/// The inputs whose answer changed, the ones first that the float model was surest of.
final class Gallery {

  private static final int MOST = 24;

  private Gallery() {}

  static void draw(Markup page, Comparison comparison, Pictures pictures) {
    page.element(
        "p",
        "%s of %s changed the answer. Shown: %s, those first that the float model was surest of; numbers are margins over the second best."
            .formatted(
                Figures.text("%,d", comparison.changed()),
                Figures.count(comparison.samples(), "input"),
                Figures.text("%d", Math.min(MOST, comparison.flips().size()))));
    page.open("ul", "class", "gallery");
    comparison.flips().stream()
        .limit(MOST)
        .forEach(flip -> {
          page.open("li");
          picture(page, flip, pictures.png(flip.sample()));
          page.element("p", flip.id(), "class", "name", "title", flip.id());
          fate(page, flip);
          page.open("dl");
          flip.label().ifPresent(label -> fact(page, "label", label, ""));
          fact(page, "float", flip.answers().floatAnswer(), margin(flip.answers().floatMargin()));
          fact(
              page,
              "quantized",
              flip.answers().quantizedAnswer(),
              margin(flip.answers().quantizedMargin()));
          page.close().close().line();
        });
    page.close().line();
  }

  private static void picture(Markup page, Flip flip, Optional<byte[]> png) {
    png.ifPresent(bytes ->
        page.empty(
            "img",
            "src",
            "data:image/png;base64," + Base64.getEncoder().encodeToString(bytes),
            "alt",
            "input " + flip.id()));
  }

  private static void fate(Markup page, Flip flip) {
    if (flip.label().isPresent()) {
      int label = flip.label().get().index();
      if (flip.answers().floatAnswer().index() == label) {
        page.element("p", "lost", "class", "fate bad");
      } else if (flip.answers().quantizedAnswer().index() == label) {
        page.element("p", "gained", "class", "fate good");
      } else {
        page.element("p", "wrong both times", "class", "fate");
      }
    } else if (flip.position() > 0) {
      page.element("p", "from position %d on".formatted(flip.position()), "class", "fate");
    }
  }

  private static void fact(Markup page, String name, NamedClass answer, String margin) {
    page.element("dt", name);
    page.element("dd", answer.name().orElse(String.valueOf(answer.index())));
    page.element("dd", margin, "class", "margin");
  }

  private static String margin(double margin) {
    return margin == 0 ? "" : Figures.text("+%.2f", margin);
  }
}
