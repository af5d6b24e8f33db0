package dev.halftone.report;

import dev.halftone.wording.Figures;

/// A drawing inside the page. Colours come from the style sheet by class, so that a drawing follows light and dark.
final class Svg {

  private final Markup page;

  /// @param label what the drawing shows, for those who cannot see it
  Svg(Markup page, int width, int height, String label, String styleClass) {
    this.page = page;
    page.open(
        "svg",
        "xmlns",
        "http://www.w3.org/2000/svg",
        "viewBox",
        "0 0 " + width + " " + height,
        "class",
        styleClass,
        "role",
        "img",
        "aria-label",
        label);
  }

  void end() {
    page.close().line();
  }

  Svg rect(double x, double y, double width, double height, String styleClass) {
    page.empty(
        "rect",
        "x",
        number(x),
        "y",
        number(y),
        "width",
        number(Math.max(0, width)),
        "height",
        number(height),
        "class",
        styleClass);
    return this;
  }

  Svg line(double x1, double y1, double x2, double y2, String styleClass) {
    return path("M" + at(x1, y1) + "L" + at(x2, y2), styleClass);
  }

  Svg path(String d, String styleClass) {
    page.empty("path", "d", d, "class", styleClass);
    return this;
  }

  /// @param title shown while the pointer rests on it
  Svg dot(double x, double y, double radius, String styleClass, String title) {
    page.open("circle", "cx", number(x), "cy", number(y), "r", number(radius), "class", styleClass);
    if (!title.isEmpty()) {
      page.element("title", title);
    }
    page.close();
    return this;
  }

  /// @param anchor `start`, `middle` or `end`
  Svg text(double x, double y, String text, String anchor, String styleClass) {
    page.element(
        "text",
        text,
        "x",
        number(x),
        "y",
        number(y),
        "text-anchor",
        anchor.equals("start") ? "" : anchor,
        "class",
        styleClass);
    return this;
  }

  static String at(double x, double y) {
    return number(x) + " " + number(y);
  }

  /// One decimal: a tenth of a pixel.
  static String number(double value) {
    String text = Figures.text("%.1f", value);
    String shorter = text.endsWith(".0") ? text.substring(0, text.length() - 2) : text;
    return shorter.equals("-0") ? "0" : shorter;
  }
}
