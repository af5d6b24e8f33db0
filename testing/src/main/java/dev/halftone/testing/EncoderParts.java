package dev.halftone.testing;

import dev.halftone.Normal;
import dev.halftone.graph.Model;
import dev.halftone.graph.Sketch;
import dev.halftone.tensor.Shape;
import dev.halftone.tensor.Tensor;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;

/// Draws the parts that encoders are made of, with random weights. Each part returns the name of what it makes.
///
/// Outliers are where trained encoders have them: two channels of normalizations, and one of what GELU gives, for one special token.
final class EncoderParts {

  static final int WIDTH = 64;
  static final int INNER = 256;

  /// The channel that tells the special token from others.
  static final int SPECIAL_CHANNEL = 7;

  /// What the special token has there before the first normalization.
  static final float SPECIAL = 8;

  /// The channel of the inner layer that fires on it.
  static final int FIRING_CHANNEL = 11;

  private static final int[] OUTLIERS = {3, 30};

  private final Sketch sketch;
  private final EncoderStyle style;
  private final Random random;

  /// Gains of normalizations by what they make.
  private final Map<String, float[]> gains = new HashMap<>();

  EncoderParts(EncoderStyle style, long seed) {
    this.style = style;
    this.sketch = Sketch.opset(style.opset());
    this.random = new Random(seed);
  }

  Sketch sketch() {
    return sketch;
  }

  EncoderStyle style() {
    return style;
  }

  Model model() {
    return sketch.model().withOpset("com.microsoft", 1);
  }

  /// Adds a node; it is named by what it makes.
  String op(String op, String reads, String makes, Object... attributes) {
    sketch.node(op, reads, makes, attributes);
    return makes;
  }

  /// Normal numbers of this deviation.
  Tensor normal(double deviation, long... dims) {
    return Normal.tensor(random, deviation, dims);
  }

  /// A matrix that makes numbers of size one: what a normalization makes large is read with small weights, as in trained encoders.
  Tensor matrix(String x, int in, int out) {
    float[] values = normal(Math.sqrt(1.0 / in), in, out).toFloats();
    for (int i = 0; i < values.length; i++) {
      values[i] /= gain(x, i / out);
    }
    return Tensor.of(new Shape(in, out), values);
  }

  private float gain(String x, int channel) {
    return gains.containsKey(x) ? gains.get(x)[channel] : 1;
  }

  String constant(String name, Tensor value) {
    sketch.constant(name, value);
    return name;
  }

  String number(String name, float value) {
    return constant(name, Tensor.scalar(value));
  }

  String ints(String name, long... values) {
    sketch.ints(name, values);
    return name;
  }

  /// A product that keeps the width, and a bias.
  String linear(String x, String name) {
    return linear(x, name, matrix(x, WIDTH, WIDTH));
  }

  /// A product with weights [in, out], and a bias.
  String linear(String x, String name, Tensor weight) {
    constant(name + ".bias", normal(0.1, weight.shape().dim(1)));
    stored(name, weight);
    return linearAgain(x, name, name);
  }

  /// A product with the weights and the bias of another.
  String linearAgain(String x, String other, String name) {
    if (style.product() == EncoderStyle.Product.GEMM) {
      return gemm(x, name, "%s.weight %s.bias".formatted(other, other));
    }
    op("MatMul", x + " " + other + ".weight", name + ".product");
    return op("Add", other + ".bias " + name + ".product", name);
  }

  /// A product with weights [in, out] without a bias.
  String product(String x, String name, Tensor weight) {
    stored(name, weight);
    if (style.product() == EncoderStyle.Product.GEMM) {
      return gemm(x, name, name + ".weight");
    }
    return op("MatMul", x + " " + name + ".weight", name);
  }

  private void stored(String name, Tensor weight) {
    if (style.product() == EncoderStyle.Product.MATMUL_AND_ADD) {
      constant(name + ".weight", weight);
      return;
    }
    constant(name + ".weight", transposed(weight));
    ints(name + ".rows", -1, weight.shape().dim(0));
    ints(name + ".width", weight.shape().dim(1));
  }

  private String gemm(String x, String name, String weights) {
    String sizes = weights.substring(0, weights.indexOf(".weight"));
    op("Reshape", x + " " + sizes + ".rows", name + ".flat");
    op("Gemm", name + ".flat " + weights, name + ".gemm", "transB", 1);
    op("Shape", x, name + ".shape");
    op(
        "Slice",
        name + ".shape " + ints(name + ".from", 0) + " " + ints(name + ".to", -1),
        name + ".lead");
    op("Concat", name + ".lead " + sizes + ".width", name + ".whole", "axis", 0);
    return op("Reshape", name + ".gemm " + name + ".whole", name);
  }

  private static Tensor transposed(Tensor matrix) {
    int in = (int) matrix.shape().dim(0);
    int out = (int) matrix.shape().dim(1);
    float[] values = matrix.toFloats();
    float[] turned = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      turned[i % out * in + i / out] = values[i];
    }
    return Tensor.of(new Shape(out, in), turned);
  }

  /// Gains of a normalization: about `plain` in most channels, `first` and one and a half times as much in the two outlying ones.
  Tensor gains(double plain, double first) {
    float[] channels = new float[WIDTH];
    for (int i = 0; i < WIDTH; i++) {
      channels[i] = (float) (plain * (1 + 0.1 * random.nextGaussian()));
    }
    channels[SPECIAL_CHANNEL] = (float) plain;
    channels[OUTLIERS[0]] = (float) first;
    channels[OUTLIERS[1]] = (float) (1.5 * first);
    return Tensor.vector(channels);
  }

  /// A normalization over channels with a gain and a shift.
  String norm(String x, String name, Tensor channels) {
    constant(name + ".beta", normal(0.1, WIDTH));
    gained(name, channels);
    if (style.norm() == EncoderStyle.Norm.OPERATION) {
      return normOperation("%s %s.gamma %s.beta".formatted(x, name, name), name);
    }
    return op("Add", normalized(x, name, name + ".gained") + " " + name + ".beta", name);
  }

  /// A normalization over channels with a gain alone.
  String normWithoutShift(String x, String name, Tensor channels) {
    gained(name, channels);
    if (style.norm() == EncoderStyle.Norm.OPERATION) {
      return normOperation("%s %s.gamma".formatted(x, name), name);
    }
    return normalized(x, name, name);
  }

  private String normOperation(String reads, String name) {
    return op("LayerNormalization", reads, name, "axis", -1, "epsilon", 1e-6f);
  }

  private void gained(String name, Tensor channels) {
    constant(name + ".gamma", channels);
    gains.put(name, channels.toFloats());
  }

  private String normalized(String x, String name, String makes) {
    mean(x, name + ".mean");
    op("Sub", x + " " + name + ".mean", name + ".centred");
    op("Pow", name + ".centred " + number(name + ".two", 2), name + ".squared");
    mean(name + ".squared", name + ".variance");
    op("Add", name + ".variance " + number(name + ".epsilon", 1e-6f), name + ".safe");
    op("Sqrt", name + ".safe", name + ".deviation");
    op("Div", name + ".centred " + name + ".deviation", name + ".normal");
    return op("Mul", name + ".normal " + name + ".gamma", makes);
  }

  private void mean(String x, String makes) {
    if (style.opset() >= 18) {
      op("ReduceMean", x + " " + ints(makes + ".axes", -1), makes, "keepdims", 1);
    } else {
      op("ReduceMean", x, makes, "keepdims", 1, "axes", new long[] {-1});
    }
  }

  String gelu(String x, String name) {
    return switch (style.gelu()) {
      case ERF_OPERATION -> op("Gelu", x, name);
      case TANH_OPERATION -> op("Gelu", x, name, "approximate", "tanh");
      case QUICK -> {
        op("Mul", x + " " + number(name + ".steep", 1.702f), name + ".steeper");
        yield op("Mul", x + " " + op("Sigmoid", name + ".steeper", name + ".gate"), name);
      }
      case ERF -> {
        op("Div", x + " " + number(name + ".root2", (float) Math.sqrt(2)), name + ".scaled");
        op("Erf", name + ".scaled", name + ".erf");
        op("Add", name + ".erf " + number(name + ".one", 1), name + ".risen");
        op("Mul", x + " " + name + ".risen", name + ".twice");
        yield op("Mul", name + ".twice " + number(name + ".half", 0.5f), name);
      }
      case TANH -> {
        op("Pow", x + " " + number(name + ".three", 3), name + ".cubed");
        op("Mul", name + ".cubed " + number(name + ".small", 0.044715f), name + ".bent");
        op("Add", x + " " + name + ".bent", name + ".sum");
        op(
            "Mul",
            name + ".sum " + number(name + ".root", (float) Math.sqrt(2 / Math.PI)),
            name + ".scaled");
        op("Tanh", name + ".scaled", name + ".tanh");
        op("Add", name + ".tanh " + number(name + ".one", 1), name + ".risen");
        op("Mul", x + " " + number(name + ".half", 0.5f), name + ".halved");
        yield op("Mul", name + ".halved " + name + ".risen", name);
      }
    };
  }

  /// Two products with a GELU between. One channel of it fires on the special token.
  String feedForward(String x, String name) {
    String up = linear(x, name + ".up", firing(matrix(x, WIDTH, INNER), x, FIRING_CHANNEL, 5));
    String active = gelu(up, name + ".gelu");
    return linear(active, name + ".down", matrix(active, INNER, WIDTH));
  }

  /// The weights of an inner layer, of which one channel takes the special one this often, and hardly anything else.
  Tensor firing(Tensor weights, String x, int channel, float often) {
    float[] values = weights.toFloats();
    int out = (int) weights.shape().dim(1);
    for (int i = channel; i < values.length; i += out) {
      boolean special = i / out == SPECIAL_CHANNEL;
      values[i] = special ? often / gain(x, SPECIAL_CHANNEL) : 0.1f * values[i];
    }
    return Tensor.of(weights.shape(), values);
  }

  /// A table of vectors, the `special`-th of which stands out.
  Tensor table(int rows, int special) {
    float[] values = normal(1, rows, WIDTH).toFloats();
    for (int row = 0; row < rows; row++) {
      int at = row * WIDTH + SPECIAL_CHANNEL;
      values[at] = row == special ? SPECIAL : 0.1f * values[at];
    }
    return Tensor.of(new Shape(rows, WIDTH), values);
  }

  /// Whole numbers from 0 on, as many as a text has tokens: int64 [T].
  String places() {
    op("Shape", "input_ids", "places.shape");
    constant("places.second", Tensor.of(Shape.SCALAR, 1L));
    op("Gather", "places.shape places.second", "places.count", "axis", 0);
    constant("places.zero", Tensor.of(Shape.SCALAR, 0L));
    return op("Range", "places.zero places.count places.second", "places");
  }

  /// The name of a sum.
  String add(String a, String b, String name) {
    return op("Add", a + " " + b, name);
  }
}
