package dev.halftone.report;

/// The ornament at the head of the page: a halftone screen that runs out.
final class Dots {

  private static final int COLUMNS = 36;
  private static final int ROWS = 6;
  private static final double PITCH = 10;

  private Dots() {}

  static void draw(Markup page) {
    page.open(
        "svg",
        "xmlns",
        "http://www.w3.org/2000/svg",
        "viewBox",
        "0 -3 %s %s".formatted(Svg.number(COLUMNS * PITCH + 3), Svg.number(ROWS * PITCH + 6)),
        "class",
        "dots",
        "aria-hidden",
        "true");
    for (int column = 0; column < COLUMNS; column++) {
      StringBuilder path = new StringBuilder();
      for (int row = column % 2; row < ROWS; row += 2) {
        path.append("M").append(Svg.at((column + 0.5) * PITCH, (row + 0.5) * PITCH)).append("h0");
      }
      double tone = (column + 1.0) / COLUMNS;
      page.empty(
          "path", "d", path.toString(), "stroke-width", Svg.number(PITCH * 1.35 * Math.sqrt(tone)));
    }
    page.close();
  }
}
