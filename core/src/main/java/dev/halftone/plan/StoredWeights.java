package dev.halftone.plan;

import static java.util.Objects.requireNonNull;

import dev.halftone.form.Folded;
import dev.halftone.form.Form;
import dev.halftone.form.PackedRows;
import dev.halftone.form.RowTable;
import dev.halftone.form.WeightInput;
import dev.halftone.graph.Graph;
import dev.halftone.graph.GraphIndex;
import dev.halftone.graph.Node;
import dev.halftone.recipe.Rules;
import dev.halftone.recipe.Subject;
import dev.halftone.scheme.Granularity;
import dev.halftone.tensor.DType;
import dev.halftone.tensor.Tensor;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Finds the weights that are integers in the file alone: those that no layer has, of operations that compute with floats.
final class StoredWeights {

  /// Smaller ones are not worth the nodes.
  private static final long LEAST = 1024;

  /// Of tables, each of whose readers takes nodes of its own.
  private static final long LEAST_TABLE = 4096;

  private record Reader(Node node, int input) {}

  private final GraphIndex index;
  private final Rules rules;
  private final Map<String, Layer> layers = new LinkedHashMap<>();
  private final Set<Node> integer;
  private final WordTables words;
  private final Set<Node> ofLayers = new HashSet<>();
  private final Map<String, List<Reader>> readers = new LinkedHashMap<>();

  private StoredWeights(Placement placement, GraphIndex index, Rules rules) {
    this.index = index;
    this.rules = rules;
    this.integer = placement.integer();
    this.words = WordTables.of(index);
    for (Layer layer : placement.layers()) {
      layers.putIfAbsent(layer.weight(), layer);
      ofLayers.add(layer.node());
    }
  }

  /// The same with all weights that can be stored, and that told where it says why an operation is float.
  static Placement apply(Placement placement, GraphIndex index, Rules rules) {
    List<StoredWeight> stored = of(placement, index, rules);
    Set<Node> ofRows = new HashSet<>();
    Set<Node> others = new HashSet<>();
    for (StoredWeight weight : stored) {
      (weight.form() instanceof RowTable ? ofRows : others).addAll(weight.readers());
    }
    Map<Node, String> reasons = new LinkedHashMap<>();
    placement
        .keptFloat()
        .forEach((node, reason) -> {
          if (ofRows.contains(node)) {
            reasons.put(
                node, "its table is stored as integers, and the rows that it reads become float");
          } else if (others.contains(node)) {
            reasons.put(node, reason + "; its weights are stored as integers");
          }
        });
    return placement.withStored(stored).withReasons(reasons);
  }

  /// In the order of the initializers' first readers.
  private static List<StoredWeight> of(Placement placement, GraphIndex index, Rules rules) {
    StoredWeights search = new StoredWeights(placement, index, rules);
    search.read(index.graph().nodes());
    List<StoredWeight> found = new ArrayList<>();
    for (Map.Entry<String, List<Reader>> entry : search.readers.entrySet()) {
      search.stored(entry.getKey(), entry.getValue()).ifPresent(found::add);
    }
    return found;
  }

  private void read(List<Node> nodes) {
    for (Node node : nodes) {
      for (int i = 0; i < node.inputs().size(); i++) {
        String name = node.input(i);
        boolean isLayers = i == 1 && ofLayers.contains(node);
        if (!isLayers && index.constant(name).filter(StoredWeights::isLarge).isPresent()) {
          readers.computeIfAbsent(name, _ -> new ArrayList<>()).add(new Reader(node, i));
        }
      }
      for (Graph body : node.bodies()) {
        read(body.nodes());
      }
    }
  }

  private static boolean isLarge(Tensor value) {
    return value.dtype() == DType.FLOAT && value.shape().rank() > 1 && value.count() >= LEAST;
  }

  private Optional<StoredWeight> stored(String name, List<Reader> all) {
    Tensor value = index.constant(name).orElseThrow();
    Optional<Granularity> granularity =
        WeightInput.granularity(all.getFirst().node(), all.getFirst().input(), value.shape());
    if (index.isOutput(name)
        || granularity.isEmpty()
        || !all.stream().allMatch(reader -> reads(reader, value, granularity))
        || !fitsLayer(name, granularity.get())) {
      return Optional.empty();
    }
    boolean isTable = isTable(name, value, all);
    if (isTable && value.count() < LEAST_TABLE) {
      return Optional.empty();
    }
    Form form = isTable ? new RowTable(group(value, all)) : new Folded();
    List<Node> nodes = all.stream().map(Reader::node).distinct().toList();
    return Optional.of(new StoredWeight(name, nodes, granularity.get(), form));
  }

  /// Neighbours of a row that share a multiplier, where the recipe asks for groups of 4-bit weights: in the table of words alone. Positions and
  /// types of tokens are few, and every token takes part of its vector from them.
  private Optional<Integer> group(Tensor table, List<Reader> all) {
    Subject reader = Subject.of(all.getFirst().node());
    return rules
        .weightGroup(reader)
        .filter(_ -> rules.weightType(reader).bits() == PackedRows.BITS)
        .filter(size -> PackedRows.takes(table.shape(), size))
        .filter(_ -> all.stream().allMatch(one -> words.reads(one.node())));
  }

  private boolean reads(Reader reader, Tensor value, Optional<Granularity> granularity) {
    return !integer.contains(reader.node())
        && !rules.keepsFloat(Subject.of(reader.node()))
        && WeightInput.granularity(reader.node(), reader.input(), value.shape())
            .equals(granularity);
  }

  /// True where no layer has the weights, or one whose integers serve these readers too.
  private boolean fitsLayer(String name, Granularity granularity) {
    return !layers.containsKey(name)
        || requireNonNull(layers.get(name)).granularity().equals(granularity);
  }

  /// True of a matrix of which nothing but rows is read, by operations of the main graph.
  private boolean isTable(String name, Tensor value, List<Reader> all) {
    return value.shape().rank() == 2
        && !layers.containsKey(name)
        && all.size() == index.consumers(name).size()
        && all.stream().allMatch(reader -> reader.node().is("Gather"));
  }
}
