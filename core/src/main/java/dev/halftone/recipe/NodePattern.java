package dev.halftone.recipe;

import java.util.regex.Pattern;

/// Names of nodes with `*` for anything.
final class NodePattern {

  private NodePattern() {}

  /// @param label how a reader is told of the node, see Node.label
  static boolean matches(String pattern, String label) {
    StringBuilder regex = new StringBuilder();
    for (String part : pattern.split("\\*", -1)) {
      regex.append(regex.isEmpty() ? "" : ".*").append(Pattern.quote(part));
    }
    return label.matches(regex.toString());
  }
}
