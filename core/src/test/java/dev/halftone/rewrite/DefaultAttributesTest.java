package dev.halftone.rewrite;

import static org.assertj.core.api.Assertions.assertThat;

import dev.halftone.graph.Attribute;
import dev.halftone.graph.Node;
import java.util.List;
import org.junit.jupiter.api.Test;

class DefaultAttributesTest {

  private static final Node CONV = Node.of("Conv", "c", List.of("x", "w"), List.of("y"));

  @Test
  void whatSaysNothingGoes() {
    Node conv =
        CONV.with("group", new Attribute.Int(1))
            .with("strides", Attribute.Ints.of(1, 1))
            .with("dilations", Attribute.Ints.of(1, 1))
            .with("pads", Attribute.Ints.of(0, 0, 0, 0))
            .with("auto_pad", new Attribute.Text("NOTSET"));
    assertThat(DefaultAttributes.drop(conv)).isEqualTo(CONV);
    Node gemm = Node.of("Gemm", "g", List.of("x", "w"), List.of("y"));
    assertThat(
            DefaultAttributes.drop(
                gemm.with("alpha", new Attribute.Float(1)).with("transA", new Attribute.Int(0))))
        .isEqualTo(gemm);
  }

  @Test
  void whatSaysSomethingStays() {
    Node conv =
        CONV.with("group", new Attribute.Int(4))
            .with("strides", Attribute.Ints.of(1, 2))
            .with("pads", Attribute.Ints.of(0, 0, 1, 1))
            .with("auto_pad", new Attribute.Text("SAME_UPPER"))
            .with("kernel_shape", Attribute.Ints.of(1, 1))
            .with("transB", new Attribute.Int(1))
            .with("beta", new Attribute.Float(0));
    assertThat(DefaultAttributes.drop(conv)).isEqualTo(conv);
  }
}
