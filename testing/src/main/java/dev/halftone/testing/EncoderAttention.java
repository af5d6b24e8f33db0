package dev.halftone.testing;

import static dev.halftone.testing.EncoderParts.WIDTH;

import dev.halftone.tensor.Shape;
import dev.halftone.tensor.Tensor;
import java.util.Optional;

/// Draws attention with products of its own for queries, keys and values, and what other kinds share with it.
final class EncoderAttention {

  static final int HEADS = 4;
  static final int HEAD = WIDTH / HEADS;

  /// Where the root of a head's width goes.
  enum Scale {
    SCORES,
    QUERIES,
    /// The fourth root into queries and keys each.
    BOTH
  }

  private final EncoderParts parts;
  private final EncoderMask mask;

  EncoderAttention(EncoderParts parts, EncoderMask mask) {
    this.parts = parts;
    this.mask = mask;
  }

  /// @param bias is added to the scores: [1, heads, T, T]
  String plain(String x, String name, Scale scale, Optional<String> bias) {
    String context =
        switch (parts.style().attention()) {
          case PACKED -> packed(x, name, bias);
          case MULTI_HEAD -> multiHead(x, name, bias);
          case PRIMITIVES -> primitives(x, name, scale, bias);
        };
    return parts.linear(context, name + ".output");
  }

  private String primitives(String x, String name, Scale scale, Optional<String> bias) {
    String query = heads(parts.linear(x, name + ".query"), name + ".query");
    String key = keys(parts.linear(x, name + ".key"), name + ".key");
    String value = heads(parts.linear(x, name + ".value"), name + ".value");
    String scores = scores(query, key, name, scale);
    if (bias.isPresent()) {
      scores = parts.add(scores, bias.get(), name + ".biased");
    }
    return context(mask.masked(scores, name), value, name);
  }

  private String scores(String query, String key, String name, Scale scale) {
    float root = (float) Math.sqrt(HEAD);
    return switch (scale) {
      case SCORES -> {
        parts.op("MatMul", query + " " + key, name + ".products");
        yield parts.op(
            "Div", name + ".products " + parts.number(name + ".root", root), name + ".scores");
      }
      case QUERIES -> {
        parts.op("Div", query + " " + parts.number(name + ".root", root), name + ".scaled");
        yield parts.op("MatMul", name + ".scaled " + key, name + ".scores");
      }
      case BOTH -> {
        parts.number(name + ".root", (float) Math.pow(HEAD, -0.25));
        parts.op("Mul", query + " " + name + ".root", name + ".scaledQuery");
        parts.op("Mul", key + " " + name + ".root", name + ".scaledKey");
        yield parts.op("MatMul", name + ".scaledQuery " + name + ".scaledKey", name + ".scores");
      }
    };
  }

  /// What attention makes of scores and values: [B, T, width].
  String context(String scores, String value, String name) {
    parts.op("Softmax", scores, name + ".weights", "axis", -1);
    return joined(parts.op("MatMul", name + ".weights " + value, name + ".read"), name);
  }

  /// [B, heads, T, head] as [B, T, width].
  String joined(String heads, String name) {
    parts.op("Transpose", heads, name + ".turned", "perm", new long[] {0, 2, 1, 3});
    return parts.op(
        "Reshape",
        name + ".turned " + parts.ints(name + ".joined", 0, 0, WIDTH),
        name + ".context");
  }

  /// [B, T, width] as [B, heads, T, head].
  String heads(String x, String name) {
    return turned(x, name, 0, 2, 1, 3);
  }

  /// [B, T, width] as [B, heads, head, T].
  String keys(String x, String name) {
    return turned(x, name, 0, 2, 3, 1);
  }

  private String turned(String x, String name, long... order) {
    parts.op("Reshape", x + " " + parts.ints(name + ".split", 0, 0, HEADS, HEAD), name + ".heads");
    return parts.op("Transpose", name + ".heads", name + ".perHead", "perm", order);
  }

  private String multiHead(String x, String name, Optional<String> bias) {
    String query = parts.linear(x, name + ".query");
    String key = parts.linear(x, name + ".key");
    String value = parts.linear(x, name + ".value");
    String reads = "%s %s %s - %s %s".formatted(query, key, value, mask.keys(), bias.orElse("-"));
    parts
        .sketch()
        .nodeOf(
            "com.microsoft", "MultiHeadAttention", reads, name + ".context", "num_heads", HEADS);
    return name + ".context";
  }

  private String packed(String x, String name, Optional<String> bias) {
    Tensor[] weights = new Tensor[3];
    Tensor[] biases = new Tensor[3];
    for (int i = 0; i < weights.length; i++) {
      weights[i] = parts.matrix(x, WIDTH, WIDTH);
      biases[i] = parts.normal(0.1, WIDTH);
    }
    parts.constant(name + ".qkv.weight", besides(weights));
    parts.constant(name + ".qkv.bias", besides(biases).reshape(new Shape(3L * WIDTH)));
    String reads =
        "%s %s.qkv.weight %s.qkv.bias %s - %s"
            .formatted(x, name, name, mask.keys(), bias.orElse("-"));
    parts
        .sketch()
        .nodeOf("com.microsoft", "Attention", reads, name + ".context", "num_heads", HEADS);
    return name + ".context";
  }

  /// The rows of three matrices beside each other.
  private static Tensor besides(Tensor... three) {
    int rows = (int) (three[0].count() / WIDTH);
    float[] joined = new float[3 * rows * WIDTH];
    for (int i = 0; i < three.length; i++) {
      float[] values = three[i].toFloats();
      for (int row = 0; row < rows; row++) {
        System.arraycopy(values, row * WIDTH, joined, (3 * row + i) * WIDTH, WIDTH);
      }
    }
    return Tensor.of(new Shape(rows, 3L * WIDTH), joined);
  }
}
