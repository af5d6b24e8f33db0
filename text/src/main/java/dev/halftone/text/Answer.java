package dev.halftone.text;

import dev.halftone.data.label.ClassList;
import dev.halftone.graph.Dim;
import dev.halftone.graph.Model;
import dev.halftone.graph.TensorType;
import dev.halftone.graph.Value;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// The kind of answer that a model gives of a text, as far as it decides how texts are read: a cross-encoder reads both texts of a pair at once.
enum Answer {
  /// Scores, of classes or of how two texts belong together.
  SCORES,
  /// Vectors, of a text or of its tokens.
  VECTORS;

  private static final List<String> SCORE_NAMES = List.of("logit", "score", "prob");
  private static final List<String> VECTOR_NAMES = List.of("embed", "pool", "hidden", "sentence");

  /// A model without a telling name that gives more numbers than these gives a vector.
  private static final int MOST_CLASSES = 20;

  /// By name and shape of the first output.
  static Answer of(Model model) {
    List<Value> outputs = model.graph().outputs();
    if (outputs.isEmpty()) {
      return VECTORS;
    }
    Value first = outputs.getFirst();
    Optional<List<Dim>> dims = first.type().flatMap(TensorType::dims);
    if (dims.isPresent() && (dims.get().isEmpty() || dims.get().size() > 2)) {
      return VECTORS;
    }
    if (has(first.name(), SCORE_NAMES) || has(first.name(), VECTOR_NAMES)) {
      return has(first.name(), SCORE_NAMES) ? SCORES : VECTORS;
    }
    long width = dims.map(list -> list.size() == 1 ? 1 : list.getLast().size()).orElse(-1L);
    int named = ClassList.names(model.metadata()).size();
    return width > 0 && (width <= MOST_CLASSES || width == named) ? SCORES : VECTORS;
  }

  private static boolean has(String name, List<String> parts) {
    String lower = name.toLowerCase(Locale.ROOT);
    return parts.stream().anyMatch(lower::contains);
  }
}
