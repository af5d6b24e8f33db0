package dev.halftone.report;

import java.util.ArrayDeque;
import java.util.Deque;

/// Writes markup that is both HTML and well-formed XML. Every text and every attribute is escaped: nothing that comes from a
/// model or a data set can become a tag.
final class Markup {

  private final StringBuilder out = new StringBuilder();
  private final Deque<String> open = new ArrayDeque<>();

  /// @param attributes names and values in turn; an attribute whose value is empty is left out
  Markup open(String tag, String... attributes) {
    start(tag, attributes);
    out.append('>');
    open.push(tag);
    return this;
  }

  Markup close() {
    out.append("</").append(open.pop()).append('>');
    return this;
  }

  /// An element that holds text only.
  Markup element(String tag, String text, String... attributes) {
    return open(tag, attributes).text(text).close();
  }

  /// An element that never has content: `meta`, `img`, and the shapes of SVG.
  Markup empty(String tag, String... attributes) {
    start(tag, attributes);
    out.append("/>");
    return this;
  }

  Markup text(String text) {
    escape(text);
    return this;
  }

  /// Text that is part of this program, such as a style sheet, as it stands.
  Markup verbatim(String text) {
    out.append(text);
    return this;
  }

  Markup line() {
    out.append('\n');
    return this;
  }

  /// The whole document. Throws IllegalStateException where an element is still open.
  String finish() {
    if (!open.isEmpty()) {
      throw new IllegalStateException("still open: " + open);
    }
    return out.toString();
  }

  private void start(String tag, String... attributes) {
    out.append('<').append(tag);
    for (int i = 0; i < attributes.length; i += 2) {
      if (attributes[i + 1].isEmpty() && !attributes[i].equals("alt")) {
        continue;
      }
      out.append(' ').append(attributes[i]).append("=\"");
      escape(attributes[i + 1]);
      out.append('"');
    }
  }

  private void escape(String text) {
    text.codePoints()
        .forEach(c -> {
          switch (c) {
            case '&' -> out.append("&amp;");
            case '<' -> out.append("&lt;");
            case '>' -> out.append("&gt;");
            case '"' -> out.append("&quot;");
            case '\'' -> out.append("&#39;");
            default -> out.appendCodePoint(isLegal(c) ? c : 0xFFFD);
          }
        });
  }

  /// XML 1.0, production 2.
  private static boolean isLegal(int c) {
    return c == '\t'
        || c == '\n'
        || c == '\r'
        || (c >= 0x20 && c <= 0xD7FF)
        || (c >= 0xE000 && c <= 0xFFFD)
        || c >= 0x10000;
  }
}
