package dev.halftone.testing;

import static dev.halftone.testing.EncoderAttention.HEAD;
import static dev.halftone.testing.EncoderAttention.HEADS;
import static dev.halftone.testing.EncoderParts.WIDTH;

import dev.halftone.tensor.DType;
import dev.halftone.tensor.Shape;
import dev.halftone.tensor.Tensor;

/// Draws attention whose queries and keys are turned by their positions, from one product without a bias, as in ModernBERT and nomic's BERT.
final class RotaryAttention {

  /// Which tokens a token sees.
  enum Reach {
    ALL,
    /// Those that are near.
    WINDOW
  }

  /// Tokens on each side of a window.
  private static final int NEAR = 6;

  private final EncoderParts parts;
  private final EncoderAttention plain;
  private final EncoderMask mask;

  RotaryAttention(EncoderParts parts, EncoderMask mask) {
    this.parts = parts;
    this.plain = new EncoderAttention(parts, mask);
    this.mask = mask;
    float[] speeds = new float[HEAD / 2];
    for (int i = 0; i < speeds.length; i++) {
      speeds[i] = (float) Math.pow(10000, -2.0 * i / HEAD);
    }
    parts.places();
    parts.op("Cast", "places", "places.float", "to", DType.FLOAT.code());
    parts.op("Unsqueeze", "places.float " + parts.ints("places.column", 1), "places.columns");
    parts.op("Unsqueeze", "places.float " + parts.ints("places.row", 0), "places.rows");
    parts.constant("rotary.speeds", Tensor.of(new Shape(1, HEAD / 2), speeds));
    parts.op("MatMul", "places.columns rotary.speeds", "rotary.half");
    parts.op("Concat", "rotary.half rotary.half", "rotary.angles", "axis", -1);
    parts.op("Cos", "rotary.angles", "rotary.cos");
    parts.op("Sin", "rotary.angles", "rotary.sin");
    parts.ints("rotary.last", -1);
    parts.ints("rotary.begin", 0);
    parts.ints("rotary.middle", HEAD / 2);
    parts.ints("rotary.end", Long.MAX_VALUE);
    parts.number("rotary.scale", (float) (1 / Math.sqrt(HEAD)));
    parts.op("Sub", "places.columns places.rows", "places.apart");
    parts.op("Abs", "places.apart", "places.distance");
    parts.op(
        "LessOrEqual", "places.distance " + parts.number("places.near", NEAR), "places.isNear");
    parts.number("places.least", -Float.MAX_VALUE);
  }

  String attention(String x, String name, Reach reach) {
    String all = parts.product(x, name + ".qkv", parts.matrix(x, WIDTH, 3 * WIDTH));
    parts.op(
        "Reshape", all + " " + parts.ints(name + ".split", 0, 0, 3, HEADS, HEAD), name + ".three");
    parts.op("Transpose", name + ".three", name + ".parts", "perm", new long[] {2, 0, 3, 1, 4});
    String query = rotated(one(name, "query", 0), name + ".query");
    String key = rotated(one(name, "key", 1), name + ".key");
    parts.op("Transpose", key, name + ".turnedKey", "perm", new long[] {0, 1, 3, 2});
    parts.op("MatMul", query + " " + name + ".turnedKey", name + ".products");
    parts.op("Mul", name + ".products rotary.scale", name + ".scores");
    String scores = mask.masked(name + ".scores", name);
    if (reach == Reach.WINDOW) {
      scores = parts.op("Where", "places.isNear " + scores + " places.least", name + ".inside");
    }
    String context = plain.context(scores, one(name, "value", 2), name);
    return parts.product(context, name + ".output", parts.matrix(context, WIDTH, WIDTH));
  }

  private String one(String name, String part, long index) {
    String which = parts.constant(name + "." + part + ".index", Tensor.of(Shape.SCALAR, index));
    return parts.op("Gather", name + ".parts " + which, name + "." + part, "axis", 0);
  }

  /// x * cos + (-second half, first half) * sin
  private String rotated(String x, String name) {
    parts.op("Slice", x + " rotary.begin rotary.middle rotary.last", name + ".first");
    parts.op("Slice", x + " rotary.middle rotary.end rotary.last", name + ".second");
    parts.op("Neg", name + ".second", name + ".negative");
    parts.op("Concat", name + ".negative " + name + ".first", name + ".quarter", "axis", -1);
    parts.op("Mul", x + " rotary.cos", name + ".straight");
    parts.op("Mul", name + ".quarter rotary.sin", name + ".across");
    return parts.add(name + ".straight", name + ".across", name + ".rotated");
  }
}
