package dev.halftone.prepare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.halftone.UnusableInputException;
import dev.halftone.graph.Attribute;
import dev.halftone.graph.Graph;
import dev.halftone.graph.Model;
import dev.halftone.graph.Node;
import dev.halftone.graph.Sketch;
import dev.halftone.graph.TensorType;
import dev.halftone.graph.Value;
import dev.halftone.tensor.DType;
import dev.halftone.tensor.Shape;
import dev.halftone.tensor.Tensor;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CheckSizesTest {

  private static Tensor zeros(long... dims) {
    return Tensor.allocate(DType.FLOAT, new Shape(dims));
  }

  /// 4 channels in, weights `[4][4][3][3]`.
  private static Sketch conv(String op, String reads, Object... attributes) {
    return Sketch.opset(13)
        .input("x", "N", 4, 8, 8)
        .constant("w", zeros(4, 4, 3, 3))
        .node(op, reads, "y", attributes)
        .output("y");
  }

  private static void refuses(Model model, String... words) {
    assertThatThrownBy(() -> new CheckSizes().apply(model))
        .isInstanceOf(UnusableInputException.class)
        .message()
        .contains(words);
  }

  private static void accepts(Model model) {
    assertThat(new CheckSizes().apply(model)).isSameAs(model);
  }

  @ParameterizedTest
  @ValueSource(strings = {"Conv", "ConvTranspose"})
  void aBiasIsOneNumberAnOutputChannel(String op) {
    accepts(conv(op, "x w b").constant("b", zeros(4)).model());
    accepts(conv(op, "x w").model());
    for (long[] shape : new long[][] {{1}, {0}, {9}, {1, 4}, {4, 1}, {}}) {
      refuses(
          conv(op, "x w b").constant("b", zeros(shape)).model(),
          op + " node",
          "b (" + TensorType.of(DType.FLOAT, new Shape(shape)),
          "not one number for each of the 4 output channels");
    }
  }

  @Test
  void aFusedConvolutionIsOne() {
    Model model =
        Sketch.opset(13)
            .input("x", "N", 4, 8, 8)
            .constant("w", zeros(4, 4, 3, 3))
            .constant("b", zeros(1))
            .nodeOf("com.microsoft", "FusedConv", "x w b", "y")
            .output("y")
            .model();
    refuses(model, "FusedConv node", "the 4 output channels");
  }

  @Test
  void theOutputsOfATransposedConvolutionAreThoseOfAllGroups() {
    Sketch grouped = conv("ConvTranspose", "x w b", "group", 2);
    refuses(grouped.constant("b", zeros(4)).model(), "the 8 output channels");
    accepts(conv("ConvTranspose", "x w b", "group", 2).constant("b", zeros(8)).model());
  }

  @Test
  void aComputedBiasIsJudgedByItsType() {
    Sketch mean = conv("ReduceMean", "x", "axes", new long[] {0, 2, 3}, "keepdims", 0);
    accepts(mean.node("Conv", "x w y", "z").output("z").model());
    Sketch all = conv("ReduceMean", "x", "axes", new long[] {1, 2, 3}, "keepdims", 0);
    accepts(all.node("Conv", "x w y", "z").output("z").model()); // as many as there are samples
    Sketch one = conv("ReduceMean", "x", "axes", new long[] {0, 1, 2, 3}, "keepdims", 0);
    refuses(one.node("Conv", "x w y", "z").output("z").model(), "y (FLOAT scalar)");
  }

  @ParameterizedTest
  @CsvSource({"Conv, 3", "Conv, 8", "ConvTranspose, 3"})
  void groupsDivideTheKernels(String op, int groups) {
    refuses(conv(op, "x w", "group", groups).model(), "w (FLOAT 4x4x3x3)", groups + " groups");
  }

  @ParameterizedTest
  @CsvSource({
    "Conv, group, 0",
    "ConvTranspose, group, 0",
    "Conv, group, -1",
    "Conv, group, 4611686018427387904",
    "DepthToSpace, blocksize, 0",
    "DepthToSpace, blocksize, 4611686018427387904",
    "GatherND, batch_dims, -4611686018427387904",
    "Split, num_outputs, 2147483648",
  })
  void countsThatNoOperationCanHave(String op, String attribute, long number) {
    refuses(conv(op, "x w", attribute, number).model(), op + " node", attribute, number + "");
  }

  @Test
  void windowsThatNoNetworkHas() {
    for (String attribute : List.of("kernel_shape", "strides", "dilations")) {
      refuses(
          conv("MaxPool", "x", attribute, new long[] {2, 1L << 31}).model(),
          attribute,
          "2147483648");
    }
    accepts(conv("MaxPool", "x", "kernel_shape", new long[] {8, 8}).model());
    accepts(conv("GatherND", "x w", "batch_dims", 0).model());
  }

  @Test
  void countsInsideOfBranches() {
    Node inner =
        Node.of("ConvTranspose", "", List.of("x", "w"), List.of("z"))
            .with("group", new Attribute.Int(0));
    Graph branch =
        new Graph(
            "b",
            List.of(inner),
            Map.of(),
            List.of(),
            List.of(new Value("z", Optional.empty(), List.of())),
            List.of(),
            List.of());
    Model model = conv("Conv", "x w").model();
    Node node =
        Node.of("If", "if", List.of("c"), List.of("r"))
            .with("then_branch", new Attribute.Subgraph(branch));
    refuses(model.withGraph(model.graph().withNodes(List.of(node))), "ConvTranspose node", "group");
  }
}
