package dev.halftone.testing;

import static dev.halftone.testing.EncoderParts.FIRING_CHANNEL;
import static dev.halftone.testing.EncoderParts.INNER;
import static dev.halftone.testing.EncoderParts.WIDTH;

import dev.halftone.tensor.DType;
import dev.halftone.tensor.Shape;
import dev.halftone.tensor.Tensor;
import dev.halftone.testing.EncoderAttention.Scale;
import java.util.Optional;

/// Draws what stands before, between and behind the attention of encoders: embeddings, residual sums, inner layers, heads.
final class EncoderBlocks {

  static final int BLOCKS = 2;

  /// Tokens that have a position.
  static final int POSITIONS = 64;

  /// Side of a picture, and of the patches that it is cut into.
  static final int SIDE = 16;

  private static final int PATCH = 4;

  /// Whether a part of a pre-LayerNorm block is scaled before it is added.
  enum LayerScale {
    NONE,
    LEARNED
  }

  private final EncoderParts parts;

  EncoderBlocks(EncoderParts parts) {
    this.parts = parts;
  }

  /// A network of texts.
  static EncoderParts texts(EncoderStyle style, long seed, String... inputs) {
    EncoderParts parts = new EncoderParts(style, seed);
    for (String input : inputs) {
      parts.sketch().input(input, DType.INT64, "batch", "tokens");
    }
    return parts;
  }

  String words() {
    parts.constant("words.table", parts.table(EncoderTexts.VOCABULARY, EncoderTexts.SPECIAL));
    return parts.op("Gather", "words.table input_ids", "words", "axis", 0);
  }

  String types() {
    parts.constant("types.table", parts.normal(0.3, 2, WIDTH));
    return parts.op("Gather", "types.table token_type_ids", "types", "axis", 0);
  }

  /// Vectors of positions from 0 on, cut out of a constant.
  String places() {
    long[] numbers = new long[POSITIONS];
    for (int i = 0; i < POSITIONS; i++) {
      numbers[i] = i;
    }
    parts.constant("places.all", Tensor.of(new Shape(1, POSITIONS), numbers));
    parts.op("Shape", "input_ids", "places.shape");
    parts.op("Gather", "places.shape " + parts.ints("places.second", 1), "places.count", "axis", 0);
    parts.ints("places.from", 0);
    parts.op("Slice", "places.all places.from places.count places.second", "places.ids");
    return placed("places.ids");
  }

  /// Vectors of these positions.
  String placed(String ids) {
    parts.constant("places.table", parts.normal(0.3, POSITIONS, WIDTH));
    return parts.op("Gather", "places.table " + ids, "places.vectors", "axis", 0);
  }

  /// Words and these, normalized.
  String embedded(String... others) {
    String sum = words();
    for (String other : others) {
      sum = parts.add(sum, other, "embeddings." + other);
    }
    return parts.norm(sum, "embeddings.norm", parts.gains(1, 2));
  }

  /// Blocks with a normalization behind each residual sum.
  String postNorm(String embedded, EncoderAttention attention, Scale scale, Optional<String> bias) {
    String x = embedded;
    for (int i = 0; i < BLOCKS; i++) {
      String name = "layer" + i;
      x = postNorm(x, attention.plain(x, name + ".attention", scale, bias), name);
    }
    return x;
  }

  /// What follows attention in such a block.
  String postNorm(String x, String attended, String name) {
    String sum = parts.add(attended, x, name + ".attended");
    String normal = parts.norm(sum, name + ".norm1", parts.gains(0.5, 6));
    String fed = parts.add(parts.feedForward(normal, name), normal, name + ".fed");
    return parts.norm(fed, name + ".norm2", parts.gains(2.5, 0.5));
  }

  /// Blocks with a normalization before attention and before the inner layer.
  String preNorm(String embedded, EncoderAttention attention, LayerScale scale) {
    String x = embedded;
    for (int i = 0; i < BLOCKS; i++) {
      String name = "layer" + i;
      String normal = parts.norm(x, name + ".norm1", parts.gains(0.5, 6));
      String attended = attention.plain(normal, name + ".attention", Scale.BOTH, Optional.empty());
      x = parts.add(scaled(attended, scale), x, name + ".attended");
      normal = parts.norm(x, name + ".norm2", parts.gains(0.5, 6));
      x = parts.add(scaled(parts.feedForward(normal, name), scale), x, name);
    }
    return x;
  }

  private String scaled(String x, LayerScale scale) {
    if (scale == LayerScale.NONE) {
      return x;
    }
    parts.constant(x + ".scales", parts.gains(0.5, 0.5));
    return parts.op("Mul", x + " " + x + ".scales", x + ".scaled");
  }

  /// GELU of one half, times the other, from one product.
  String geGlu(String x, String name) {
    Tensor both = parts.matrix(x, WIDTH, 2 * INNER);
    both = parts.firing(both, x, FIRING_CHANNEL, 5);
    both = parts.firing(both, x, INNER + FIRING_CHANNEL, 0.2f);
    String up = parts.product(x, name + ".up", both);
    parts.ints(name + ".begin", 0);
    parts.ints(name + ".middle", INNER);
    parts.ints(name + ".end", 2 * INNER);
    parts.ints(name + ".last", -1);
    parts.op(
        "Slice", "%s %s.begin %s.middle %s.last".formatted(up, name, name, name), name + ".first");
    parts.op(
        "Slice", "%s %s.middle %s.end %s.last".formatted(up, name, name, name), name + ".gate");
    parts.gelu(name + ".first", name + ".gelu");
    parts.op("Mul", name + ".gelu " + name + ".gate", name + ".gated");
    return parts.product(
        name + ".gated", name + ".down", parts.matrix(name + ".gated", INNER, WIDTH));
  }

  /// Swish of one product, times another.
  String swiGlu(String x, String name) {
    Tensor slope = parts.firing(parts.matrix(x, WIDTH, INNER), x, FIRING_CHANNEL, 0.2f);
    Tensor gates = parts.firing(parts.matrix(x, WIDTH, INNER), x, FIRING_CHANNEL, 5);
    String up = parts.product(x, name + ".up", slope);
    String gate = parts.product(x, name + ".gate", gates);
    parts.op("Sigmoid", gate, name + ".sigmoid");
    parts.op("Mul", gate + " " + name + ".sigmoid", name + ".swish");
    parts.op("Mul", up + " " + name + ".swish", name + ".gated");
    return parts.product(
        name + ".gated", name + ".down", parts.matrix(name + ".gated", INNER, WIDTH));
  }

  /// The vectors of the class token and of the patches of `pixel_values`.
  String patches() {
    parts.sketch().input("pixel_values", "batch", 3, SIDE, SIDE);
    parts.constant("patches.weight", parts.normal(0.3, WIDTH, 3, PATCH, PATCH));
    parts.constant("patches.bias", parts.normal(0.1, WIDTH));
    long[] step = {PATCH, PATCH};
    parts.op(
        "Conv",
        "pixel_values patches.weight patches.bias",
        "patches.map",
        "kernel_shape",
        step,
        "strides",
        step);
    parts.op("Reshape", "patches.map " + parts.ints("patches.row", 0, WIDTH, -1), "patches.flat");
    parts.op("Transpose", "patches.flat", "patches.vectors", "perm", new long[] {0, 2, 1});
    parts.constant("class.token", parts.table(1, 0).reshape(new Shape(1, 1, WIDTH)));
    parts.op("Shape", "pixel_values", "class.shape");
    parts.op("Gather", "class.shape " + parts.ints("class.first", 0), "class.batch", "axis", 0);
    parts.op(
        "Concat", "class.batch " + parts.ints("class.rest", 1, WIDTH), "class.wanted", "axis", 0);
    parts.op("Expand", "class.token class.wanted", "class.tokens");
    parts.op("Concat", "class.tokens patches.vectors", "tokens", "axis", 1);
    int count = 1 + SIDE / PATCH * SIDE / PATCH;
    parts.constant("places.table", parts.normal(0.3, 1, count, WIDTH));
    return parts.add("tokens", "places.table", "embeddings");
  }

  /// The vector of the first token.
  String first(String x) {
    String index = parts.constant("first.index", Tensor.of(Shape.SCALAR, 0L));
    return parts.op("Gather", x + " " + index, "first", "axis", 1);
  }

  /// A layer on one vector a text.
  String head(String x, String name, int out) {
    Tensor weight = parts.normal(Math.sqrt(1.0 / WIDTH), out, WIDTH);
    parts.constant(name + ".weight", weight);
    parts.constant(name + ".bias", parts.normal(0.1, out));
    return parts.op("Gemm", "%s %s.weight %s.bias".formatted(x, name, name), name, "transB", 1);
  }
}
