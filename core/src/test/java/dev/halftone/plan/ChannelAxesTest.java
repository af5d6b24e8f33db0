package dev.halftone.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.halftone.Networks;
import dev.halftone.graph.Attribute;
import dev.halftone.graph.GraphIndex;
import dev.halftone.graph.Model;
import dev.halftone.graph.Node;
import dev.halftone.graph.shape.ShapeInference;
import dev.halftone.tensor.Shape;
import dev.halftone.tensor.Tensor;
import java.util.List;
import org.junit.jupiter.api.Test;

class ChannelAxesTest {

  private static ChannelAxes axes(Model model) {
    return new ChannelAxes(new GraphIndex(model.graph()), ShapeInference.infer(model).all());
  }

  @Test
  void rowsAndColumnsOfPicturesAreNoChannels() {
    Networks net = Networks.input(1, -1, 3, 8, 8).conv("c", 3, 4, 3, 1).op("Sigmoid", "s", "c");
    assertThat(axes(net.model()).of("s")).containsExactly(1);
  }

  @Test
  void whatAConcatJoinsIsLookedAtAlongItsAxis() {
    Networks net = Networks.input(1, 1, 6, 5, 4);
    net.add(
        Node.of("Concat", "cat", List.of("input", "input"), List.of("cat"))
            .with("axis", new Attribute.Int(-2)));
    assertThat(axes(net.model()).of("cat")).containsExactly(1, 2, 3);
  }

  @Test
  void aConstantThatScalesOneByOneShowsItsAxis() {
    Networks net =
        Networks.input(1, -1, 3, 8, 8)
            .conv("c", 3, 4, 3, 1)
            .constant("k", Tensor.of(new Shape(1, 8, 1), new float[8]));
    assertThat(axes(net.op("Mul", "m", "c", "k").model()).of("m")).containsExactly(1, 2);
  }

  @Test
  void chainsMayBeLong() {
    int length = 50_000;
    Networks net = Networks.input(1, -1, 3, 8, 8).conv("0", 3, 4, 3, 1);
    for (int i = 1; i <= length; i++) {
      net.op("Sigmoid", "" + i, "" + (i - 1));
    }
    assertThat(axes(net.model()).of("" + length)).containsExactly(1);
  }

  @Test
  void columnsOfAMatrixAreChannelsAndSamplesNever() {
    Model model = Networks.input(1, -1, 3, 8, 8).conv("c", 3, 4, 3, 1).head("h", 4, 5).model();
    assertThat(axes(model).of("h")).containsExactly(1);
  }
}
