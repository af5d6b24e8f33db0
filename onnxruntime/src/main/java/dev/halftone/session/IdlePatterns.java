package dev.halftone.session;

import dev.halftone.graph.Model;
import dev.halftone.graph.Node;
import dev.halftone.graph.Value;
import dev.halftone.recipe.Recipe;
import java.util.List;
import java.util.stream.Stream;

/// Warnings of patterns in a recipe that match nothing.
final class IdlePatterns {

  private IdlePatterns() {}

  static List<String> notes(Recipe recipe, Model prepared) {
    List<String> labels =
        Stream.concat(
                prepared.graph().nodes().stream().map(Node::label),
                prepared.graph().inputs().stream().map(Value::name))
            .toList();
    return recipe.rules().idlePatterns(labels).stream()
        .map(pattern ->
            "Warning: the pattern %s of the recipe matches no operation of the prepared model, and does nothing."
                .formatted(pattern))
        .toList();
  }
}
