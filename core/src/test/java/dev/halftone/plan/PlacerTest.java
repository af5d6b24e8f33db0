package dev.halftone.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.halftone.Networks;
import dev.halftone.graph.Model;
import dev.halftone.graph.Node;
import dev.halftone.graph.shape.ShapeInference;
import dev.halftone.recipe.Recipe;
import dev.halftone.rewrite.InsertCopies;
import dev.halftone.scheme.Range;
import dev.halftone.tensor.Tensor;
import java.util.List;
import org.junit.jupiter.api.Test;

class PlacerTest {

  private static Placement place(Model model) {
    return place(model, Recipe.W8A8);
  }

  private static Placement place(Model model, Recipe recipe) {
    return Placer.place(model.graph(), ShapeInference.infer(model).all(), recipe);
  }

  private static Model copied(Model model) {
    return InsertCopies.apply(model, FloatReaders.of(model.graph(), place(model)));
  }

  private static List<String> reasons(Placement placement) {
    return placement.keptFloat().entrySet().stream()
        .map(e -> e.getKey().label() + ": " + e.getValue())
        .toList();
  }

  @Test
  void aClampIsFoldedIntoTheLayerBeforeIt() {
    Placement placement =
        place(
            Networks.input(1, -1, 3, 8, 8)
                .conv("c", 3, 4, 3, 1)
                .relu6("r")
                .head("h", 4, 5)
                .model());
    assertThat(placement.layers()).extracting(Layer::output).containsExactly("r", "h");
    assertThat(placement.shares()).doesNotContainKey("c").containsKey("r");
    assertThat(placement.bounds()).containsEntry("r", new Range(0, 6));
    assertThat(placement.keptFloat()).isEmpty();
  }

  @Test
  void aClampWithASecondReaderBeforeItIsNotFolded() {
    Networks net =
        Networks.input(1, -1, 3, 8, 8).conv("c", 3, 3, 3, 1).relu("r").op("Add", "sum", "r", "c");
    Placement placement = place(net.head("h", 3, 5).model());
    assertThat(placement.layers().getFirst().output()).isEqualTo("c");
    assertThat(placement.shares()).containsKeys("c", "r", "sum");
  }

  @Test
  void theLastGemmHandsOutFloats() {
    Placement placement =
        place(Networks.input(1, -1, 3, 8, 8).conv("c", 3, 4, 3, 1).head("h", 4, 5).model());
    assertThat(placement.shares()).doesNotContainKey("h").containsKey("h.flat");
  }

  @Test
  void aConvolutionAtTheEndIsRoundedSinceItsKernelDemandsIt() {
    assertThat(place(Networks.input(1, -1, 3, 8, 8).conv("c", 3, 4, 3, 1).model()).shares())
        .containsKey("c");
  }

  @Test
  void movesShareTheIntegersOfWhatTheyMove() {
    Networks net = Networks.input(1, -1, 3, 8, 8).conv("c", 3, 4, 3, 1);
    net.add(
        Node.of("MaxPool", "p", List.of("c"), List.of("p"))
            .with("kernel_shape", dev.halftone.graph.Attribute.Ints.of(2, 2)));
    Placement placement = place(net.head("h", 4, 5).model());
    assertThat(placement.shares().get("p")).isEqualTo(new Placement.Share("c", 1));
    assertThat(placement.observed()).contains("c").doesNotContain("p");
  }

  @Test
  void aProductWithANumberIsAnotherScaleForTheSameIntegers() {
    Networks net =
        Networks.input(1, -1, 3, 8, 8).conv("c", 3, 4, 3, 1).constant("half", Tensor.scalar(0.5f));
    Placement placement = place(net.op("Mul", "m", "c", "half").conv("d", 4, 4, 1, 1).model());
    assertThat(placement.shares().get("m")).isEqualTo(new Placement.Share("c", 0.5f));
    assertThat(placement.rescaled()).containsEntry("m", "c");
  }

  @Test
  void whatHasNoKernelStaysFloatAndSaysWhy() {
    Networks net =
        Networks.input(1, -1, 3, 8, 8)
            .conv("c", 3, 4, 3, 1)
            .op("Tanh", "t", "c")
            .conv("d", 4, 4, 1, 1);
    Placement placement = place(net.model());
    assertThat(reasons(placement))
        .containsExactly("t: ONNX Runtime has no integer kernel for Tanh");
    assertThat(placement.shares()).containsKeys("c", "t", "d");
  }

  @Test
  void floatArithmeticBeforeTheFirstLayerStaysFloat() {
    Networks net = Networks.input(1, -1, 3, 8, 8).constant("mean", Tensor.scalar(-0.4f));
    Placement placement = place(net.op("Add", "a", "input", "mean").conv("c", 3, 4, 3, 1).model());
    assertThat(reasons(placement))
        .containsExactly("a: none of its inputs comes from an integer operation");
    assertThat(placement.shares()).containsKeys("a", "c").doesNotContainKey("input");
  }

  @Test
  void theRecipeCanKeepNodesFloat() {
    Model model =
        Networks.input(1, -1, 3, 8, 8).conv("c1", 3, 4, 3, 1).conv("c2", 4, 4, 3, 1).model();
    Placement placement = place(model, Recipe.W8A8.keepingFloat(List.of("*2")));
    assertThat(reasons(placement)).containsExactly("c2: the recipe keeps it float");
    assertThat(placement.layers()).extracting(Layer::key).containsExactly("c1");
  }

  @Test
  void computedWeightsStayFloat() {
    Networks net = Networks.input(1, -1, 4).constant("w", Networks.input(2).normal(1, 4, 4));
    Placement placement =
        place(net.op("MatMul", "a", "input", "w").op("MatMul", "b", "a", "a").model());
    assertThat(placement.layers()).extracting(Layer::key).containsExactly("a");
    assertThat(reasons(placement)).containsExactly("b: its weights are computed, not constant");
  }

  private static Networks sequence() {
    return Networks.input(1, -1, 6, 4)
        .constant("g", Tensor.vector(1f, 1, 1, 1))
        .constant("w1", Networks.input(2).normal(1, 4, 4))
        .constant("w2", Networks.input(3).normal(1, 4, 4));
  }

  @Test
  void aResidualAddBetweenFloatOperationsStaysFloat() {
    Networks net =
        sequence()
            .op("LayerNormalization", "n", "input", "g")
            .op("MatMul", "m", "n", "w1")
            .op("Add", "a", "m", "input")
            .op("LayerNormalization", "out", "a", "g");
    Placement placement = place(net.model());
    assertThat(placement.layers()).extracting(Layer::key).containsExactly("m");
    assertThat(placement.shares()).containsOnlyKeys("n");
    assertThat(reasons(placement))
        .contains("a: no integer operation reads what it makes: rounding it would buy nothing");
  }

  @Test
  void aChainThatEndsInFloatsStaysFloatUpToItsFirstIntegerReader() {
    Networks net =
        Networks.input(1, -1, 3, 8, 8)
            .conv("c", 3, 4, 3, 1)
            .op("Sigmoid", "s", "c")
            .op("Mul", "silu", "c", "s")
            .conv("d", 4, 4, 3, 1)
            .op("Sigmoid", "t", "d")
            .add(
                Node.of("Concat", "out", List.of("t", "d"), List.of("out"))
                    .with("axis", new dev.halftone.graph.Attribute.Int(1)));
    Placement placement = place(net.model());
    assertThat(placement.shares()).containsOnlyKeys("input", "c", "s", "silu", "d");
    assertThat(placement.integer()).extracting(Node::label).containsExactly("c", "s", "silu", "d");
  }

  @Test
  void whatMovesAFloatResultIsFloatToo() {
    Networks net = sequence().op("MatMul", "m", "input", "w1").op("Relu", "r", "m");
    net.add(Node.of("Transpose", "t", List.of("r"), List.of("t")));
    Placement placement = place(net.op("MatMul", "p", "t", "r").model());
    assertThat(placement.shares()).containsOnlyKeys("input");
    assertThat(placement.layers().getFirst().clamp()).isEmpty();
    assertThat(placement.keptFloat().keySet())
        .extracting(Node::label)
        .containsExactly("r", "t", "p");
  }

  @Test
  void floatOperationsReadWhatFloatOperationsMade() {
    Networks net =
        sequence()
            .op("LayerNormalization", "n", "input", "g")
            .op("MatMul", "m", "n", "w1")
            .op("Add", "a", "m", "n")
            .op("LayerNormalization", "out", "a", "g");
    Model copied = copied(net.model());
    Placement placement = place(copied);
    assertThat(placement.shares()).containsOnlyKeys("n_rounded");
    assertThat(placement.layers().getFirst().input()).isEqualTo("n_rounded");
    assertThat(copied(copied).graph()).isEqualTo(copied.graph());
  }

  @Test
  void aDenseNetworkHasNoCopiesAndNothingReleased() {
    Model model =
        Networks.input(1, -1, 3, 8, 8)
            .conv("c", 3, 4, 3, 1)
            .relu("r")
            .conv("d", 4, 4, 3, 1)
            .op("Add", "a", "d", "r")
            .relu("s")
            .head("h", 4, 5)
            .model();
    assertThat(copied(model).graph()).isEqualTo(model.graph());
    assertThat(place(model).keptFloat()).isEmpty();
  }
}
