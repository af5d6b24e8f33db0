package dev.halftone.rewrite;

import static org.assertj.core.api.Assertions.assertThat;

import dev.halftone.Networks;
import dev.halftone.graph.Graph;
import dev.halftone.graph.Node;
import dev.halftone.tensor.Tensor;
import java.util.List;
import org.junit.jupiter.api.Test;

class ContractHardSigmoidTest {

  private static Networks clipped(float factor) {
    return Networks.input(1, 1, 4, 6, 6)
        .conv("c", 4, 4, 1, 1)
        .constant("three", Tensor.scalar(3))
        .constant("zero", Tensor.scalar(0))
        .constant("six", Tensor.scalar(6))
        .constant("factor", Tensor.scalar(factor))
        .op("Add", "shifted", "c", "three")
        .op("Clip", "clipped", "shifted", "zero", "six");
  }

  private static Networks swish(float factor) {
    return clipped(factor)
        .op("Mul", "product", "c", "clipped")
        .op("Mul", "out", "factor", "product");
  }

  private static List<String> contracted(Networks net) {
    Graph graph = ContractHardSigmoid.apply(net.model().graph());
    return graph.nodes().stream().map(ContractHardSigmoidTest::text).toList();
  }

  private static String text(Node node) {
    return node.opType() + " " + String.join(",", node.inputs()) + " " + node.output();
  }

  @Test
  void hardSwish() {
    assertThat(contracted(swish(1f / 6)))
        .containsExactly(
            "Conv input,c.weight,c.bias c", "HardSigmoid c clipped", "Mul c,clipped out");
  }

  @Test
  void hardSigmoid() {
    Networks net =
        clipped(1f / 6).op("Mul", "gate", "clipped", "factor").op("Mul", "out", "c", "gate");
    assertThat(contracted(net))
        .containsExactly("Conv input,c.weight,c.bias c", "HardSigmoid c gate", "Mul c,gate out");
    Node sigmoid = ContractHardSigmoid.apply(net.model().graph()).nodes().get(1);
    assertThat(sigmoid.floatAttribute("alpha", 0)).isEqualTo(1f / 6);
    assertThat(sigmoid.floatAttribute("beta", 0)).isEqualTo(0.5f);
  }

  @Test
  void whatIsNoneStays() {
    assertThat(contracted(swish(1f / 5))).as("another factor").hasSize(5);
    assertThat(
            contracted(
                clipped(1f / 6)
                    .op("Mul", "product", "c", "clipped")
                    .op("Mul", "scaled", "factor", "product")
                    .op("Add", "out", "scaled", "shifted")))
        .as("the sum is read elsewhere")
        .hasSize(6);
    assertThat(contracted(clipped(1f / 6))).as("read by nobody").hasSize(3);
  }
}
