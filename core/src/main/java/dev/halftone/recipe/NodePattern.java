package dev.halftone.recipe;

/// Names of nodes with `*` for anything.
final class NodePattern {

  private NodePattern() {}

  /// Whether the pattern is this label: every part between stars is looked for behind the one before, at its first place. Nothing is
  /// tried twice, however many stars there are.
  ///
  /// @param label how a reader is told of the node, see Node.label
  static boolean matches(String pattern, String label) {
    int star = pattern.indexOf('*');
    if (star < 0) {
      return pattern.equals(label);
    }
    int last = pattern.lastIndexOf('*');
    String tail = pattern.substring(last + 1);
    int end = label.length() - tail.length();
    if (end < star || !label.startsWith(pattern.substring(0, star)) || !label.endsWith(tail)) {
      return false;
    }
    int at = star;
    int from = star + 1;
    while (from <= last) {
      int next = pattern.indexOf('*', from);
      String part = pattern.substring(from, next);
      int found = label.indexOf(part, at);
      if (found < 0 || found + part.length() > end) {
        return false;
      }
      at = found + part.length();
      from = next + 1;
    }
    return true;
  }
}
