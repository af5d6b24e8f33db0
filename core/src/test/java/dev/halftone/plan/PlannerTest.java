package dev.halftone.plan;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.halftone.Networks;
import dev.halftone.calibrate.Seen;
import dev.halftone.calibrate.Statistics;
import dev.halftone.calibrate.TensorStatistics;
import dev.halftone.graph.Attribute;
import dev.halftone.graph.Model;
import dev.halftone.graph.Node;
import dev.halftone.graph.shape.ShapeInference;
import dev.halftone.recipe.ActivationScheme;
import dev.halftone.recipe.Observer;
import dev.halftone.recipe.Recipe;
import dev.halftone.recipe.Rule;
import dev.halftone.scheme.Affine;
import dev.halftone.scheme.QuantizedType;
import dev.halftone.scheme.Range;
import dev.halftone.scheme.Scales;
import dev.halftone.tensor.Tensor;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class PlannerTest {

  private static final Model MODEL =
      Networks.input(3, -1, 3, 8, 8)
          .conv("c", 3, 4, 3, 1)
          .relu6("r")
          .constant("ones", Tensor.vector(1, 2, 3, 4, 5, 6, 7, 8))
          .op("Add", "sum", "r", "ones")
          .conv("d", 4, 4, 3, 4)
          .head("h", 4, 5)
          .model();

  private static Plan plan(Recipe recipe) {
    return plan(MODEL, recipe);
  }

  private static Plan plan(Model model, Recipe recipe) {
    return plan(model, recipe, Map.of());
  }

  private static Plan plan(Model model, Recipe recipe, Map<String, Observer> byOutput) {
    Placement placement = Placer.place(model.graph(), ShapeInference.infer(model).all(), recipe);
    Map<String, TensorStatistics> seen = new TreeMap<>();
    placement
        .observed()
        .forEach(tensor -> seen.put(tensor, Seen.of(tensor.equals("r") ? 0 : -3, 1, 7)));
    return Planner.plan(
        model.graph(),
        placement,
        new Statistics(1, new TreeMap<>(seen), List.of()),
        recipe,
        byOutput,
        1);
  }

  private static List<String> wide(Map<String, Affine> grids) {
    return grids.entrySet().stream()
        .filter(grid -> grid.getValue().type().equals(QuantizedType.UINT16))
        .map(Map.Entry::getKey)
        .toList();
  }

  @Test
  void weightsHaveTheBitsOfTheirNode() {
    Plan plan = plan(Recipe.W4A8.overriding(List.of(Rule.weights("d", 6))));
    assertThat(plan.layers())
        .extracting(layer -> layer.node() + " " + layer.type().bits())
        .containsExactly("c 4", "d 6", "h 4");
    assertThat(wide(plan.activations())).isEmpty();
  }

  @Test
  void aRangeByTheOutputSaysWhoseItIsAndKeepsToTheClamp() {
    Recipe recipe = Recipe.W8A8.withObserver(new Observer.Output());
    Plan plan = plan(MODEL, recipe, Map.of("r", new Observer.MinMax()));
    assertThat(choice(plan, "r").reason()).isEqualTo("output error: minmax");
    assertThat(choice(plan, "r").chosen()).isEqualTo(new Range(0, 6));
    assertThat(choice(plan, "sum").reason()).as("not looked at").isEqualTo("mse");
    Plan powers =
        plan(MODEL, recipe.withScales(Scales.POWERS_OF_TWO), Map.of("r", new Observer.MinMax()));
    assertThat(choice(powers, "r").reason()).isEqualTo("output error: minmax, power of two");
  }

  private static Plan.RangeChoice choice(Plan plan, String tensor) {
    return plan.ranges().stream()
        .filter(choice -> choice.tensor().equals(tensor))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void aTensorHasTheTypeOfTheNodeThatMakesItThroughAFoldedClamp() {
    Plan plan = plan(Recipe.W8A8.overriding(List.of(Rule.activations("c", 16))));
    assertThat(wide(plan.activations())).containsExactly("r");
    assertThat(requireNonNull(plan.activations().get("r")).range().high()).isEqualTo(6);
  }

  @Test
  void constantsHaveTheTypeOfWhatIsMadeFromThem() {
    Plan plan = plan(Recipe.W8A8.overriding(List.of(Rule.activations("sum", 16))));
    assertThat(wide(plan.activations())).containsExactly("sum");
    assertThat(wide(plan.constants())).containsExactly("ones");
  }

  @Test
  void aTensorThatSharesIntegersHasTheirType() {
    Plan plan = plan(Recipe.W8A8.overriding(List.of(Rule.activations("h.pool", 16))));
    assertThat(wide(plan.activations())).containsExactly("h.pool", "h.flat");
  }

  @Test
  void sixteenBitsEverywhere() {
    Plan plan = plan(Recipe.W8A16);
    assertThat(wide(plan.activations())).containsExactlyElementsOf(plan.activations().keySet());
    assertThat(plan.activations()).containsKey("input");
    assertThat(requireNonNull(plan.activations().get("r")).scale()).isEqualTo(6f / 65535);
  }

  private static final Model THREE_LAYERS =
      Networks.input(3, -1, 3, 8, 8)
          .conv("c", 3, 4, 3, 1)
          .relu6("c.r")
          .conv("d", 4, 4, 3, 1)
          .relu6("d.r")
          .conv("e", 4, 4, 3, 1)
          .op("Add", "sum", "d.r", "e")
          .relu("sum.r")
          .conv("f", 4, 4, 3, 1)
          .head("h", 4, 5)
          .model();

  @Test
  void fewBitsForWhatIsMultipliedBetweenFirstAndLastLayer() {
    Plan plan = plan(THREE_LAYERS, Recipe.W4A4);
    assertThat(ofBits(plan, 4)).containsExactly("d.r", "sum.r");
    assertThat(ofBits(plan, 8)).contains("input", "c.r", "e", "h.flat");
    assertThat(plan.layers())
        .extracting(layer -> layer.node() + " " + layer.type().bits())
        .containsExactly("c 8", "d 4", "e 4", "f 4", "h 8");
    assertThat(requireNonNull(plan.activations().get("d.r")).type().high()).isEqualTo(15);
  }

  @Test
  void fewBitsEverywhereByName() {
    List<Rule> first = List.of(Rule.activations("c", 3), Rule.weights("h", 2));
    Plan plan = plan(THREE_LAYERS, Recipe.W4A4.overriding(first));
    assertThat(ofBits(plan, 3)).containsExactly("c.r");
    assertThat(plan.layers().getLast().type().bits()).isEqualTo(2);
  }

  private static List<String> ofBits(Plan plan, int bits) {
    return plan.activations().entrySet().stream()
        .filter(grid -> grid.getValue().type().bits() == bits)
        .map(Map.Entry::getKey)
        .toList();
  }

  @Test
  void layersOnFloatsHaveNoRanges() {
    Plan plan =
        plan(
            THREE_LAYERS,
            Recipe.W8A8.overriding(List.of(Rule.activations("d", new ActivationScheme.Float()))));
    assertThat(plan.floatLayers()).isEqualTo(1);
    assertThat(plan.activations())
        .as("d reads it, and writes d.r, which e reads")
        .containsKeys("c.r", "d.r");
    Plan whole = plan(THREE_LAYERS, Recipe.W8A32);
    assertThat(whole.floatLayers()).isEqualTo(whole.layers().size()).isEqualTo(5);
    assertThat(whole.activations()).isEmpty();
    assertThat(whole.keptFloat())
        .extracting(Plan.KeptFloat::reason)
        .anyMatch(reason -> reason.contains("weights as integers"));
  }

  /// Two convolutions with the weights of one, in graph order `c`, `twin`; `d` has its own.
  private static Model twins() {
    return Networks.input(3, -1, 3, 8, 8)
        .conv("c", 3, 3, 3, 1)
        .op("Conv", "twin", "c", "c.weight", "c.bias")
        .conv("d", 3, 4, 3, 1)
        .head("h", 4, 5)
        .model();
  }

  @Test
  void layersWithOneInitializerAreAGroupOfOneType() {
    Plan plan = plan(twins(), Recipe.W4A4); // whose first layer has 8 bits
    assertThat(plan.layers())
        .extracting(layer -> layer.node() + " " + layer.type().bits())
        .containsExactly("c 8", "twin 8", "d 4", "h 8");
    assertThat(WeightGroup.of(plan.layers()))
        .extracting(group -> group.users().stream().map(LayerPlan::node).toList())
        .containsExactly(List.of("c", "twin"), List.of("d"), List.of("h"));
    assertThat(requireNonNull(WeightGroup.byLayer(plan.layers()).get("twin")).first().node())
        .isEqualTo("c");
  }

  @Test
  void theBitsThatARecipeGivesOneLayerByNameAreThoseOfAllThatShareItsWeights() {
    Recipe recipe = Recipe.W8A8.overriding(List.of(Rule.weights("twin", 5)));
    assertThat(plan(twins(), recipe).layers())
        .extracting(layer -> layer.node() + " " + layer.type().bits())
        .containsExactly("c 5", "twin 5", "d 8", "h 8");
    assertThat(plan(twins(), Recipe.W8A8).withWeightsOf(recipe).layers())
        .extracting(layer -> layer.type().bits())
        .containsExactly(5, 5, 8, 8);
  }

  @Test
  void layersThatReadAnInitializerOtherwiseAreNoGroup() {
    Networks net = Networks.input(3, 1, 4);
    Plan plan =
        plan(
            net.constant("w", net.normal(1, 4, 4))
                .op("MatMul", "m", "input", "w")
                .add(
                    Node.of("Gemm", "g", List.of("m", "w"), List.of("g"))
                        .with("transB", new Attribute.Int(1)))
                .op("MatMul", "n", "g", "w")
                .model(),
            Recipe.W8A8);
    assertThat(WeightGroup.of(plan.layers()))
        .extracting(group -> group.users().stream().map(LayerPlan::node).toList())
        .containsExactly(List.of("m", "n"), List.of("g"));
  }
}
