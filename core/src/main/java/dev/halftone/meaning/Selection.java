package dev.halftone.meaning;

import dev.halftone.graph.GraphIndex;
import dev.halftone.graph.Model;
import dev.halftone.graph.Node;
import dev.halftone.graph.TensorType;
import dev.halftone.graph.Value;
import dev.halftone.graph.shape.Types;
import dev.halftone.graph.shape.Work;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The selection that an output comes from, whose rows have no fixed number or order: NonMaxSuppression, TopK, NonZero, Unique,
/// Compress.
///
/// @param operation that selects, as in `TopK`
/// @param feeds the tensors of floats that say what is selected, closest to it
/// @param isLast false where products follow, which what goes into the selection says nothing of
public record Selection(String operation, Set<String> feeds, boolean isLast) {

  private static final Set<String> SELECTS = Set.of("TopK", "NonZero", "Unique", "Compress");

  /// Operations beside products with weights that make something else of what was selected.
  private static final Set<String> REWORKS = Set.of("Einsum", "LayerNormalization", "RoiAlign");

  private static final Set<String> SHAPES = Set.of("Shape", "Size", "ConstantOfShape", "Range");

  public Selection {
    feeds = Set.copyOf(new LinkedHashSet<>(feeds));
  }

  /// By output; of those that come from none there is no entry.
  static Map<String, Selection> of(Model model, GraphIndex index, Types types) {
    Finder finder = new Finder(model, index, types);
    Map<String, Selection> selections = new HashMap<>();
    for (Value output : model.graph().outputs()) {
      finder.of(output.name()).ifPresent(one -> selections.put(output.name(), one));
    }
    return selections;
  }

  private static boolean selects(Node node) {
    return SELECTS.contains(node.opType()) || isSuppression(node);
  }

  private static boolean reworks(Node node) {
    return Work.WEIGHTED.contains(node.opType()) || REWORKS.contains(node.opType());
  }

  /// Also those of other domains: EfficientNMS_TRT, MultiClassNMS.
  private static boolean isSuppression(Node node) {
    return node.is("NonMaxSuppression")
        || node.opType().toUpperCase(java.util.Locale.ROOT).contains("NMS");
  }

  private static final class Finder {
    private final GraphIndex index;
    private final Types types;
    private final Set<String> data = new HashSet<>();
    private final Map<String, Set<String>> feeds = new HashMap<>();
    private final Map<String, String> selected = new HashMap<>();
    private final Set<String> reworked = new HashSet<>();

    /// In graph order, so that what a node reads is known.
    Finder(Model model, GraphIndex index, Types types) {
      this.index = index;
      this.types = types;
      model.graph().requiredInputs().forEach(input -> data.add(input.name()));
      model.graph().nodes().forEach(this::visit);
    }

    Optional<Selection> of(String output) {
      return Optional.ofNullable(selected.get(output))
          .map(operation ->
              new Selection(
                  operation, feeds.getOrDefault(output, Set.of()), !reworked.contains(output)));
    }

    private void visit(Node node) {
      boolean ofData =
          !SHAPES.contains(node.opType()) && node.inputs().stream().anyMatch(data::contains);
      Set<String> all = new LinkedHashSet<>();
      String operation = "";
      if (ofData && selects(node)) {
        all.add(node.input(0));
        if (isSuppression(node) || node.is("Compress")) {
          all.add(node.input(1));
        }
        Set<String> floats = floats(all);
        operation = floats.isEmpty() ? "" : node.opType();
        all = floats;
      }
      boolean isReworked = false;
      if (operation.isEmpty() && ofData) {
        all = new LinkedHashSet<>();
        for (String input : node.inputs()) {
          if (selected.containsKey(input)) {
            operation = selected.getOrDefault(input, "");
            all.addAll(feeds.getOrDefault(input, Set.of()));
            isReworked |= reworked.contains(input) || reworks(node);
          }
        }
      }
      for (String output : node.outputs()) {
        if (ofData) {
          data.add(output);
        }
        if (!operation.isEmpty()) {
          selected.put(output, operation);
          feeds.put(output, all);
        }
        if (isReworked) {
          reworked.add(output);
        }
      }
    }

    /// The tensors of floats behind masks and comparisons; none where it is the model's input that selects.
    private Set<String> floats(Set<String> from) {
      Set<String> floats = new LinkedHashSet<>();
      Set<String> seen = new HashSet<>();
      Deque<String> open = new ArrayDeque<>(from);
      while (!open.isEmpty()) {
        String value = open.poll();
        Optional<Node> maker = index.producer(value);
        if (maker.isEmpty() || !data.contains(value) || !seen.add(value)) {
          continue;
        }
        Optional<TensorType> type = types.type(value);
        boolean isFloat = type.map(one -> one.dtype().isFloat()).orElse(true);
        if (isFloat) {
          floats.add(value);
        } else if (!SHAPES.contains(maker.get().opType())) {
          open.addAll(maker.get().inputs());
        }
      }
      return floats;
    }
  }
}
