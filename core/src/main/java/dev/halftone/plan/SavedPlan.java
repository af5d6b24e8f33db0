package dev.halftone.plan;

import dev.halftone.UnusableInputException;
import dev.halftone.graph.Graph;
import dev.halftone.graph.GraphIndex;
import dev.halftone.graph.Node;
import dev.halftone.scheme.Affine;
import dev.halftone.scheme.QuantizedType;
import dev.halftone.scheme.Scales;
import dev.halftone.tensor.DType;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The form of a plan in a file: as the plan, but nodes are named by what they make, and types are text.
record SavedPlan(
    String recipe,
    Map<String, Grid> activations,
    Map<String, String> rescaled,
    Map<String, Grid> constants,
    List<String> absorbed,
    List<SavedLayer> layers,
    List<Plan.RangeChoice> ranges,
    List<Plan.Table> tables,
    List<Plan.KeptFloat> keptFloat) {

  private static final Pattern TYPE = Pattern.compile("(\\w+) (-?\\d{1,9})\\.\\.(-?\\d{1,9})");

  SavedPlan {
    activations = inOrder(activations);
    rescaled = inOrder(rescaled);
    constants = inOrder(constants);
    absorbed = List.copyOf(absorbed);
    layers = List.copyOf(layers);
    ranges = List.copyOf(ranges);
    tables = List.copyOf(tables);
    keptFloat = List.copyOf(keptFloat);
  }

  private static <T> Map<String, T> inOrder(Map<String, T> map) {
    map.values().forEach(Objects::requireNonNull);
    return Collections.unmodifiableMap(new LinkedHashMap<>(map));
  }

  /// @param type as in `uint8 0..255`
  record Grid(String type, float scale, int zeroPoint) {}

  /// @param node label of the operation
  /// @param output the tensor that the operation makes, before the clamp
  /// @param clamp the tensor that the clamp makes
  /// @param type of the weights, as in `int8 -8..7`
  record SavedLayer(
      String node,
      String output,
      Optional<String> clamp,
      String input,
      String weight,
      Optional<String> bias,
      int outputAxis,
      boolean isFloat,
      String type,
      Scales scales,
      long parameters) {}

  static SavedPlan of(Plan plan) {
    return new SavedPlan(
        plan.recipe(),
        grids(plan.activations()),
        plan.rescaled(),
        grids(plan.constants()),
        List.copyOf(plan.absorbed()),
        plan.layers().stream().map(SavedPlan::layer).toList(),
        plan.ranges(),
        plan.tables(),
        plan.keptFloat());
  }

  /// @param file for messages
  Plan of(Graph graph, String file) {
    GraphIndex index = new GraphIndex(graph);
    return new Plan(
        recipe,
        affines(activations),
        rescaled,
        affines(constants),
        new LinkedHashSet<>(absorbed),
        layers.stream().map(saved -> layer(saved, index, file)).toList(),
        ranges,
        tables.stream().map(table -> table(table, index, file)).toList(),
        keptFloat);
  }

  private static SavedLayer layer(Plan.LayerPlan planned) {
    Layer layer = planned.layer();
    return new SavedLayer(
        planned.node(),
        layer.key(),
        layer.clamp().map(Node::output),
        layer.input(),
        layer.weight(),
        layer.bias(),
        layer.outputAxis(),
        layer.isFloat(),
        text(planned.type()),
        planned.scales(),
        planned.parameters());
  }

  private static Plan.LayerPlan layer(SavedLayer saved, GraphIndex index, String file) {
    Node node = maker(saved.output(), index, file);
    Layer layer =
        new Layer(
            node,
            saved.input(),
            saved.weight(),
            saved.bias(),
            saved.outputAxis(),
            saved.clamp().map(clamp -> maker(clamp, index, file)),
            saved.isFloat());
    if (!node.input(0).equals(saved.input())
        || !node.input(1).equals(saved.weight())
        || index.constant(saved.weight()).filter(w -> w.count() == saved.parameters()).isEmpty()) {
      throw otherModel(file, saved.output());
    }
    return new Plan.LayerPlan(
        layer, saved.node(), type(saved.type()), saved.scales(), saved.parameters());
  }

  private static Plan.Table table(Plan.Table saved, GraphIndex index, String file) {
    Node node = maker(saved.output(), index, file);
    if (!Tables.isRead(node, index) || !node.input(0).equals(saved.table())) {
      throw otherModel(file, saved.output());
    }
    return saved;
  }

  private static Node maker(String tensor, GraphIndex index, String file) {
    return index.producer(tensor).orElseThrow(() -> otherModel(file, tensor));
  }

  private static UnusableInputException otherModel(String file, String tensor) {
    return new UnusableInputException(
        "%s is the plan for another model, for tensor %s is made otherwise here: make one with `halftone quantize MODEL --plan`"
            .formatted(file, tensor));
  }

  private static Map<String, Grid> grids(Map<String, Affine> affines) {
    Map<String, Grid> grids = new LinkedHashMap<>();
    affines.forEach((tensor, grid) ->
        grids.put(tensor, new Grid(text(grid.type()), grid.scale(), grid.zeroPoint())));
    return grids;
  }

  private static Map<String, Affine> affines(Map<String, Grid> grids) {
    Map<String, Affine> affines = new LinkedHashMap<>();
    grids.forEach((tensor, grid) ->
        affines.put(tensor, new Affine(type(grid.type()), grid.scale(), grid.zeroPoint())));
    return affines;
  }

  private static String text(QuantizedType type) {
    return "%s %d..%d"
        .formatted(type.storage().name().toLowerCase(Locale.ROOT), type.low(), type.high());
  }

  private static QuantizedType type(String text) {
    Matcher parts = TYPE.matcher(text);
    if (!parts.matches()) {
      throw new IllegalArgumentException("no type: " + text);
    }
    return new QuantizedType(
        DType.valueOf(parts.group(1).toUpperCase(Locale.ROOT)),
        Integer.parseInt(parts.group(2)),
        Integer.parseInt(parts.group(3)));
  }
}
