package dev.halftone.testing;

import dev.halftone.Networks;
import dev.halftone.graph.Attribute;
import dev.halftone.graph.Model;
import dev.halftone.graph.Node;
import dev.halftone.tensor.Shape;
import dev.halftone.tensor.Tensor;
import java.util.List;

/// Networks whose channels differ in size by a factor of hundreds.
public final class UnevenNets {

  public static final int CHANNELS = 24;

  private UnevenNets() {}

  /// How the uneven channels are made and read.
  public enum Kind {
    RELU_BEFORE_DEPTHWISE,
    HARD_SWISH_BEFORE_DEPTHWISE,
    HARD_SWISH_OPERATOR,
    SWISH_BEFORE_POINTWISE,
    POOLED_AND_GATED,
    CONCATENATED,
    NORMALIZED_BEFORE_MATRIX
  }

  /// Every channel about 1.27 times the one before.
  private static float size(int channel) {
    return (float) Math.pow(300, (double) channel / (CHANNELS - 1) - 1) * 60;
  }

  /// Elements of the axis `inner` from the back times or over the size of their channel.
  private static Tensor sized(Tensor plain, int inner, boolean divided) {
    float[] values = plain.toFloats();
    for (int i = 0; i < values.length; i++) {
      float size = size(i / inner % CHANNELS);
      values[i] = divided ? values[i] / size : values[i] * size;
    }
    return Tensor.of(plain.shape(), values);
  }

  public static Model net(Kind kind) {
    Networks net = Networks.input(4, -1, 3, 12, 12).conv("uneven", 3, CHANNELS, 3, 1);
    net.constant("uneven.weight", sized(net.normal(0.3, CHANNELS, 3, 3, 3), 27, false))
        .constant("uneven.bias", sized(net.normal(0.3, CHANNELS), 1, false));
    return switch (kind) {
      case RELU_BEFORE_DEPTHWISE -> depthwise(net.relu("active"));
      case HARD_SWISH_BEFORE_DEPTHWISE -> depthwise(hardSwish(net));
      case HARD_SWISH_OPERATOR -> depthwise(net.op("HardSwish", "active", "uneven"));
      case SWISH_BEFORE_POINTWISE -> pointwise(swish(net));
      case POOLED_AND_GATED -> gated(swish(net));
      case CONCATENATED -> concatenated(net.relu("active"));
      case NORMALIZED_BEFORE_MATRIX -> normalized(net);
    };
  }

  private static Networks hardSwish(Networks net) {
    return net.constant("three", Tensor.scalar(3))
        .constant("zero", Tensor.scalar(0))
        .constant("six", Tensor.scalar(6))
        .op("Add", "shifted", "uneven", "three")
        .op("Clip", "gate", "shifted", "zero", "six")
        .op("Mul", "gated", "uneven", "gate")
        .op("Div", "active", "gated", "six");
  }

  private static Networks swish(Networks net) {
    return net.op("Sigmoid", "gate", "uneven").op("Mul", "active", "uneven", "gate");
  }

  public static Model depthwise(Networks net) {
    net.conv("reading", CHANNELS, CHANNELS, 3, CHANNELS);
    net.constant("reading.weight", sized(net.normal(0.5, CHANNELS, 1, 3, 3), 9, true));
    return net.head("logits", CHANNELS, 10).model();
  }

  public static Model pointwise(Networks net) {
    net.conv("reading", CHANNELS, 30, 1, 1);
    net.constant("reading.weight", sized(net.normal(0.3, 30, CHANNELS, 1, 1), 1, true));
    return net.head("logits", 30, 10).model();
  }

  /// A squeeze-excite block stands between.
  private static Model gated(Networks net) {
    net.op("GlobalAveragePool", "pool", "active").conv("squeeze", CHANNELS, CHANNELS, 1, 1);
    net.constant("squeeze.weight", sized(net.normal(0.3, CHANNELS, CHANNELS, 1, 1), 1, true))
        .op("Sigmoid", "excite", "squeeze")
        .op("Mul", "excited", "active", "excite");
    return pointwise(net);
  }

  /// Behind channels that reach farther than any of them and hardly count.
  private static Model concatenated(Networks net) {
    net.from("input").conv("beside", 3, 8, 3, 1);
    net.constant("beside.weight", net.normal(60, 8, 3, 3, 3))
        .relu("large")
        .add(
            Node.of("Concat", "both", List.of("large", "active"), List.of("both"))
                .with("axis", new Attribute.Int(1)))
        .conv("reading", 8 + CHANNELS, 30, 1, 1);
    float[] weights = net.normal(0.3, 30, 8 + CHANNELS, 1, 1).toFloats();
    for (int i = 0; i < weights.length; i++) {
      int channel = i % (8 + CHANNELS) - 8;
      weights[i] /= channel < 0 ? 1000 : size(channel);
    }
    net.constant("reading.weight", Tensor.of(new Shape(30, 8 + CHANNELS, 1, 1), weights));
    return net.head("logits", 30, 10).model();
  }

  private static Model normalized(Networks net) {
    net.constant("matrix", Tensor.vector(-1L, (long) CHANNELS))
        .constant("gain", sized(net.normal(1, CHANNELS), 1, false))
        .constant("offset", sized(net.normal(1, CHANNELS), 1, false))
        .constant("even", sized(net.normal(3, CHANNELS, CHANNELS), CHANNELS, true))
        .constant("weight", sized(net.normal(0.3, CHANNELS, 16), 16, true))
        .constant("last", net.normal(0.3, 16, 10))
        .op("GlobalAveragePool", "pool", "uneven")
        .op("Reshape", "row", "pool", "matrix")
        .op("MatMul", "mixed", "row", "even")
        .op("LayerNormalization", "normal", "mixed", "gain", "offset")
        .op("MatMul", "hidden", "normal", "weight")
        .op("Relu", "active", "hidden")
        .op("MatMul", "logits", "active", "last");
    return net.model();
  }
}
