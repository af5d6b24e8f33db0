package dev.halftone.plan;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.halftone.TinyNets;
import dev.halftone.calibrate.Seen;
import dev.halftone.calibrate.Statistics;
import dev.halftone.calibrate.TensorStatistics;
import dev.halftone.graph.GraphIndex;
import dev.halftone.graph.Model;
import dev.halftone.graph.Node;
import dev.halftone.graph.shape.ShapeInference;
import dev.halftone.recipe.Recipe;
import dev.halftone.recipe.Rule;
import dev.halftone.rewrite.InsertCopies;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class NarrowCopiesTest {

  private static final Model BLOCKS = TinyNets.twoBlocks();

  private static Model copied(Recipe recipe) {
    Placement placement = Placer.place(BLOCKS.graph(), ShapeInference.infer(BLOCKS).all(), recipe);
    return InsertCopies.apply(BLOCKS, NarrowCopies.of(BLOCKS.graph(), () -> placement, recipe));
  }

  private static List<String> readers(Model model, String tensor) {
    return new GraphIndex(model.graph())
        .consumers(tensor).stream().map(Node::output).sorted().toList();
  }

  @Test
  void whatIsMultipliedAndAddedIsCopiedForTheLayer() {
    Model model = copied(Recipe.W4A4);
    assertThat(readers(model, "one.r")).containsExactly("one.r_narrow", "two");
    assertThat(readers(model, "one.r_narrow")).containsExactly("b");
    Placement placement =
        Placer.place(model.graph(), ShapeInference.infer(model).all(), Recipe.W4A4);
    NarrowActivations narrow = NarrowActivations.of(model.graph(), placement, Recipe.W4A4);
    assertThat(narrow.tensors()).contains("one.r", "stem.r").doesNotContain("one.r_narrow");
  }

  @Test
  void whatHasEightBitsAnywayIsNot() {
    assertThat(readers(copied(Recipe.W4A4), "stem.r")).containsExactly("a", "one");
    assertThat(copied(Recipe.W4A8)).isSameAs(BLOCKS);
    Recipe asked = Recipe.W4A4.overriding(List.of(Rule.activations("one", 8)));
    assertThat(readers(copied(asked), "one.r")).containsExactly("b", "two");
  }

  @Test
  void statisticsOfAnotherRecipeServe() {
    Map<String, TensorStatistics> seen = new TreeMap<>();
    Placer.place(BLOCKS.graph(), ShapeInference.infer(BLOCKS).all(), Recipe.W8A8)
        .observed()
        .forEach(tensor -> seen.put(tensor, Seen.of(-3, 1, 7)));
    Statistics statistics = new Statistics(1, new TreeMap<>(seen), List.of());
    Model model = copied(Recipe.W4A4);
    Placement placement =
        Placer.place(model.graph(), ShapeInference.infer(model).all(), Recipe.W4A4);
    Plan plan = Planner.plan(model.graph(), placement, statistics, Recipe.W4A4, 1);
    assertThat(bits(plan, "one.r")).isEqualTo(8);
    assertThat(bits(plan, "one.r_narrow")).isEqualTo(4);
  }

  private static int bits(Plan plan, String tensor) {
    return requireNonNull(plan.activations().get(tensor)).type().bits();
  }
}
