package dev.halftone.plan;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.halftone.UnusableInputException;
import dev.halftone.device.Device;
import dev.halftone.form.Form;
import dev.halftone.form.ProductInput;
import dev.halftone.graph.Graph;
import dev.halftone.graph.GraphIndex;
import dev.halftone.graph.Node;
import dev.halftone.scheme.Affine;
import dev.halftone.scheme.Granularity;
import dev.halftone.scheme.QuantizedType;
import dev.halftone.scheme.Scales;
import dev.halftone.tensor.DType;
import dev.halftone.tensor.Shape;
import dev.halftone.tensor.Tensor;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The form of a plan in a file: as the plan, but nodes are named by what they make, and types are text.
record SavedPlan(
    String recipe,
    @JsonUnwrapped Grids grids,
    List<SavedLayer> layers,
    List<Plan.RangeChoice> ranges,
    List<SavedWeight> stored,
    List<Plan.KeptFloat> keptFloat) {

  SavedPlan {
    layers = List.copyOf(layers);
    ranges = List.copyOf(ranges);
    stored = List.copyOf(stored);
    keptFloat = List.copyOf(keptFloat);
  }

  private static <T> Map<String, T> inOrder(Map<String, T> map) {
    return Collections.unmodifiableMap(new LinkedHashMap<>(map));
  }

  record Grids(
      Map<String, Grid> activations,
      Map<String, String> rescaled,
      Map<String, Grid> constants,
      List<String> absorbed) {
    Grids {
      activations = inOrder(activations);
      rescaled = inOrder(rescaled);
      constants = inOrder(constants);
      absorbed = List.copyOf(absorbed);
    }
  }

  /// @param type as in `uint8 0..255`
  record Grid(String type, float scale, int zeroPoint) {
    Grid {
      QuantizedType integers = TypeText.parse(type);
      require(
          scale >= Float.MIN_NORMAL && !Float.isInfinite(scale),
          "scale is a positive number, not " + scale);
      require(
          zeroPoint >= integers.low() && zeroPoint <= integers.high(),
          "zeroPoint is %d to %d, not %d".formatted(integers.low(), integers.high(), zeroPoint));
    }
  }

  record SavedLayer(
      @JsonUnwrapped Operation operation,
      @JsonUnwrapped Operands operands,
      @JsonUnwrapped Integers integers) {}

  /// @param node its label
  /// @param output the tensor that it makes, before the clamp
  /// @param clamp the tensor that the clamp makes
  record Operation(String node, String output, Optional<String> clamp) {}

  record Operands(String input, String weight, Optional<String> bias, int outputAxis) {}

  /// @param type of the weights, as in `int8 -8..7`
  /// @param product how the input of a product becomes integers; null where it reads a tensor of integers or floats
  record Integers(
      String form, String type, Scales scales, long parameters, Optional<SavedProduct> product) {
    Integers {
      QuantizedType integers = TypeText.parse(type);
      require(
          integers.storage() == DType.INT8 && integers.low() < 0 && integers.high() > 0,
          "type is that of weights, as in int8 -127..127 or int8 -8..7, not " + type);
      Form.parse(form);
    }
  }

  /// @param nodes labels of the operations that read it
  /// @param axes for each index of which there is a scale
  record SavedWeight(
      String weight,
      List<String> nodes,
      String form,
      List<Integer> axes,
      String type,
      long parameters) {

    SavedWeight {
      nodes = List.copyOf(nodes);
      axes = List.copyOf(axes);
      TypeText.parse(type);
      Form.parse(form);
      Granularity unused = new Granularity.PerChannel(axes);
    }

    static SavedWeight of(Plan.Stored stored) {
      List<Integer> axes =
          stored.granularity() instanceof Granularity.PerChannel(List<Integer> some)
              ? some
              : List.of();
      return new SavedWeight(
          stored.weight(),
          stored.nodes(),
          stored.form().text(),
          axes,
          TypeText.of(stored.type()),
          stored.parameters());
    }

    /// Empty where the weights have no such axes.
    Optional<Plan.Stored> of(Shape shape) {
      return axes.getFirst() < 0 || axes.getLast() >= shape.rank()
          ? Optional.empty()
          : Optional.of(
              new Plan.Stored(
                  weight,
                  nodes,
                  Form.parse(form),
                  new Granularity.PerChannel(axes),
                  TypeText.parse(type),
                  shape));
    }
  }

  private static void require(boolean holds, String what) {
    if (!holds) {
      throw new IllegalArgumentException(what);
    }
  }

  static SavedPlan of(Plan plan) {
    return new SavedPlan(
        plan.recipe(),
        new Grids(
            grids(plan.activations()),
            plan.rescaled(),
            grids(plan.constants()),
            List.copyOf(plan.absorbed())),
        plan.layers().stream().map(planned -> layer(planned, plan)).toList(),
        plan.ranges(),
        plan.stored().stream().map(SavedWeight::of).toList(),
        plan.keptFloat());
  }

  /// @param file for messages
  Plan of(Graph graph, Device device, String file) {
    GraphIndex index = new GraphIndex(graph);
    checkNames(graph, file);
    return new Plan(
        device,
        recipe,
        new Plan.Grids(
            affines(grids.activations),
            grids.rescaled,
            affines(grids.constants),
            new LinkedHashSet<>(grids.absorbed),
            ranges,
            products()),
        layers.stream().map(saved -> layer(saved, index, device, file)).toList(),
        stored.stream().map(weight -> stored(weight, index, file)).toList(),
        keptFloat);
  }

  private static SavedLayer layer(LayerPlan planned, Plan plan) {
    Layer layer = planned.layer();
    return new SavedLayer(
        new Operation(planned.node(), layer.key(), layer.clamp().map(Node::output)),
        new Operands(layer.input(), layer.weight(), layer.bias(), layer.outputAxis()),
        new Integers(
            layer.form().text(),
            TypeText.of(planned.type()),
            planned.scales(),
            planned.parameters(),
            plan.product(layer).map(SavedProduct::of)));
  }

  private Map<String, ProductInput> products() {
    Map<String, ProductInput> products = new LinkedHashMap<>();
    layers.forEach(saved ->
        saved
            .integers()
            .product()
            .ifPresent(input -> products.put(saved.operation().output(), input.input())));
    return products;
  }

  private static LayerPlan layer(SavedLayer saved, GraphIndex index, Device device, String file) {
    Node node = maker(saved.operation().output(), index, file);
    same(file, saved, "input", saved.operands().input(), node.input(0));
    same(file, saved, "weight", saved.operands().weight(), node.input(1));
    same(
        file,
        saved,
        "bias",
        saved.operands().bias().orElse("null"),
        node.hasInput(2) ? node.input(2) : "null");
    Shape shape = index.constant(node.input(1)).map(Tensor::shape).orElse(new Shape(0));
    same(file, saved, "parameters", saved.integers().parameters(), shape.count());
    same(file, saved, "outputAxis", saved.operands().outputAxis(), device.outputAxis(node));
    Layer layer =
        new Layer(
            node,
            saved.operands().outputAxis(),
            saved.operation().clamp().map(clamp -> maker(clamp, index, file)),
            Form.parse(saved.integers().form()));
    return new LayerPlan(
        layer,
        saved.operation().node(),
        TypeText.parse(saved.integers().type()),
        saved.integers().scales(),
        shape);
  }

  private static Plan.Stored stored(SavedWeight saved, GraphIndex index, String file) {
    return index
        .constant(saved.weight())
        .filter(value -> value.dtype() == DType.FLOAT && value.count() == saved.parameters())
        .flatMap(value -> saved.of(value.shape()))
        .orElseThrow(() -> otherModel(file, saved.weight(), "plan.stored"));
  }

  private static Node maker(String tensor, GraphIndex index, String file) {
    return index.producer(tensor).orElseThrow(() -> otherModel(file, tensor, "plan.layers"));
  }

  private static void same(
      String file, SavedLayer saved, String field, Object planned, Object found) {
    if (!planned.equals(found)) {
      throw otherModel(
          file,
          saved.operation().output(),
          "plan.layers, %s is %s and not %s".formatted(field, found, planned));
    }
  }

  private static UnusableInputException otherModel(String file, String tensor, String field) {
    return new UnusableInputException(
        "%s is the plan for another model, for tensor %s is made otherwise here (field %s): make one with `halftone quantize MODEL --plan`"
            .formatted(file, tensor, field));
  }

  /// Throws UnusableInputException where a tensor is named that is not in the graph, or a range is of one without a grid.
  private void checkNames(Graph graph, String file) {
    Set<String> known = new HashSet<>(graph.initializers().keySet());
    graph.inputs().forEach(input -> known.add(input.name()));
    graph.nodes().forEach(node -> known.addAll(node.outputs()));
    check(file, "activations", grids.activations.keySet(), known, "is not in the model");
    check(
        file,
        "constants",
        grids.constants.keySet(),
        graph.initializers().keySet(),
        "is no constant of the model");
    checkGrids(file, "rescaled", grids.rescaled.keySet());
    checkGrids(file, "rescaled", grids.rescaled.values());
    checkGrids(file, "absorbed", grids.absorbed);
    checkGrids(file, "ranges", ranges.stream().map(Plan.RangeChoice::tensor).toList());
  }

  private void checkGrids(String file, String field, Collection<String> names) {
    check(file, field, names, grids.activations.keySet(), "has no entry in plan.activations");
  }

  /// @param otherwise what is said of a name that is not known
  private static void check(
      String file, String field, Collection<String> names, Set<String> known, String otherwise) {
    for (String name : names) {
      if (!known.contains(name)) {
        throw new UnusableInputException(
            "%s names tensor %s in field plan.%s, which %s: correct it, or make the plan again with `halftone quantize MODEL --plan`"
                .formatted(file, name, field, otherwise));
      }
    }
  }

  private static Map<String, Grid> grids(Map<String, Affine> affines) {
    Map<String, Grid> grids = new LinkedHashMap<>();
    affines.forEach((tensor, grid) ->
        grids.put(tensor, new Grid(TypeText.of(grid.type()), grid.scale(), grid.zeroPoint())));
    return grids;
  }

  private static Map<String, Affine> affines(Map<String, Grid> grids) {
    Map<String, Affine> affines = new LinkedHashMap<>();
    grids.forEach((tensor, grid) ->
        affines.put(
            tensor, new Affine(TypeText.parse(grid.type()), grid.scale(), grid.zeroPoint())));
    return affines;
  }
}
