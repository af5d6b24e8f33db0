package dev.halftone.testing;

import static dev.halftone.testing.EncoderAttention.HEAD;
import static dev.halftone.testing.EncoderAttention.HEADS;
import static dev.halftone.testing.EncoderParts.WIDTH;

import dev.halftone.tensor.DType;
import dev.halftone.tensor.Shape;
import dev.halftone.tensor.Tensor;

/// Draws attention that also looks at how far tokens are apart: DeBERTa's, with three products of queries and keys, and MPNet's bias.
final class RelativeAttention {

  /// Distances that are told apart, on each side.
  private static final int SPAN = 8;

  private final EncoderParts parts;
  private final EncoderAttention plain;

  RelativeAttention(EncoderParts parts, EncoderMask mask) {
    this.parts = parts;
    this.plain = new EncoderAttention(parts, mask);
    parts.places();
    parts.op("Unsqueeze", "places " + parts.ints("places.column", 1), "places.columns");
    parts.op("Unsqueeze", "places " + parts.ints("places.row", 0), "places.rows");
    parts.op("Sub", "places.columns places.rows", "places.apart");
    parts.constant("places.span", Tensor.of(Shape.SCALAR, (long) SPAN));
    parts.constant("places.least", Tensor.of(Shape.SCALAR, 0L));
    parts.constant("places.most", Tensor.of(Shape.SCALAR, 2L * SPAN - 1));
    index("places.apart", "places.forward");
    parts.op("Neg", "places.apart", "places.back");
    index("places.back", "places.backward");
  }

  private void index(String distance, String makes) {
    parts.add(distance, "places.span", makes + ".shifted");
    parts.op("Clip", makes + ".shifted places.least places.most", makes);
  }

  /// A bias of the scores that all layers share: [1, heads, T, T].
  String bias() {
    parts.constant("relative.bias", parts.normal(1, 2L * SPAN, HEADS));
    parts.op("Gather", "relative.bias places.forward", "relative.values", "axis", 0);
    parts.op("Transpose", "relative.values", "relative.heads", "perm", new long[] {2, 0, 1});
    return parts.op(
        "Unsqueeze", "relative.heads " + parts.ints("relative.batch", 0), "relative.scores");
  }

  /// The vectors of distances that all layers of DeBERTa share: [1, 2 * span, width].
  String distances() {
    parts.constant("relative.table", parts.normal(1, 2L * SPAN, WIDTH));
    String table = parts.norm("relative.table", "relative.norm", parts.gains(1, 3));
    parts.op("Unsqueeze", table + " " + parts.ints("relative.first", 0), "relative.vectors");
    parts.op("Unsqueeze", "attention_mask " + parts.ints("mask.rowAxis", 1), "mask.row");
    parts.op("Unsqueeze", "attention_mask " + parts.ints("mask.columnAxis", 2), "mask.column");
    parts.op("Mul", "mask.row mask.column", "mask.square");
    parts.op("Unsqueeze", "mask.square " + parts.ints("mask.headAxis", 1), "mask.wide");
    parts.op("Cast", "mask.wide", "mask.counts", "to", DType.BOOL.code());
    parts.op("Not", "mask.counts", "mask.isPadding");
    parts.number("mask.least", -Float.MAX_VALUE);
    parts.number("mask.nothing", 0);
    parts.number("relative.root", (float) Math.sqrt(3 * HEAD));
    return "relative.vectors";
  }

  /// Queries with keys, queries with distances, distances with keys; the same weights for tokens and distances.
  String disentangled(String x, String distances, String name) {
    Tensor queryWeight = parts.matrix(x, WIDTH, WIDTH);
    Tensor keyWeight = parts.matrix(x, WIDTH, WIDTH);
    String query = plain.heads(parts.linear(x, name + ".query", queryWeight), name + ".query");
    String keys = parts.linear(x, name + ".key", keyWeight);
    String key = plain.heads(keys, name + ".key");
    String value = plain.heads(parts.linear(x, name + ".value"), name + ".value");
    String farKey =
        plain.keys(parts.linearAgain(distances, name + ".key", name + ".farKey"), name + ".farKey");
    String farQuery =
        plain.keys(
            parts.linearAgain(distances, name + ".query", name + ".farQuery"), name + ".farQuery");
    parts.op("Transpose", key, name + ".turnedKey", "perm", new long[] {0, 1, 3, 2});
    parts.op("MatMul", query + " " + name + ".turnedKey", name + ".products");
    parts.op("Shape", name + ".products", name + ".shape");
    parts.op("MatMul", query + " " + farKey, name + ".toDistance");
    picked(name + ".toDistance", "places.forward", name + ".shape", name + ".forward");
    parts.op("MatMul", key + " " + farQuery, name + ".fromDistance");
    picked(name + ".fromDistance", "places.backward", name + ".shape", name + ".backward");
    parts.op("Transpose", name + ".backward", name + ".fromKeys", "perm", new long[] {0, 1, 3, 2});
    parts.add(name + ".products", name + ".forward", name + ".two");
    parts.add(name + ".two", name + ".fromKeys", name + ".all");
    parts.op("Div", name + ".all relative.root", name + ".scores");
    parts.op("Where", "mask.isPadding mask.least " + name + ".scores", name + ".masked");
    parts.op("Softmax", name + ".masked", name + ".soft", "axis", -1);
    parts.op("Where", "mask.isPadding mask.nothing " + name + ".soft", name + ".weights");
    String context =
        plain.joined(parts.op("MatMul", name + ".weights " + value, name + ".read"), name);
    return parts.linear(context, name + ".output");
  }

  private void picked(String scores, String index, String shape, String makes) {
    parts.op("Expand", index + " " + shape, makes + ".index");
    parts.op("GatherElements", scores + " " + makes + ".index", makes, "axis", -1);
  }
}
