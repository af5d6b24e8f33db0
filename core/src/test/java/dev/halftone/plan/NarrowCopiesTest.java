package dev.halftone.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.halftone.TinyNets;
import dev.halftone.graph.GraphIndex;
import dev.halftone.graph.Model;
import dev.halftone.graph.Node;
import dev.halftone.graph.shape.ShapeInference;
import dev.halftone.recipe.NodeBits;
import dev.halftone.recipe.Recipe;
import java.util.List;
import org.junit.jupiter.api.Test;

class NarrowCopiesTest {

  private static final Model BLOCKS = TinyNets.twoBlocks();

  private static Model copied(Recipe recipe) {
    Placement placement = Placer.place(BLOCKS.graph(), ShapeInference.infer(BLOCKS).all(), recipe);
    return NarrowCopies.apply(BLOCKS, placement, recipe);
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
    Recipe asked = Recipe.W4A4.withOverrides(List.of(NodeBits.activations("one", 8)));
    assertThat(readers(copied(asked), "one.r")).containsExactly("b", "two");
  }
}
