package dev.halftone.testing;

import dev.halftone.tensor.DType;
import dev.halftone.tensor.Shape;
import dev.halftone.tensor.Tensor;

/// Draws how scores of padding are kept out of attention, from the input `attention_mask`.
final class EncoderMask {

  /// What attention does with the scores of padding.
  enum Kind {
    /// There is no padding.
    NONE,
    /// -10000 is added, as in BERT.
    ADDED,
    /// The least number takes their place, as in DistilBERT.
    REPLACED
  }

  private static final float LEAST = -Float.MAX_VALUE;

  private final EncoderParts parts;
  private final Kind kind;

  EncoderMask(EncoderParts parts, Kind kind) {
    this.parts = parts;
    this.kind = kind;
    if (kind == Kind.NONE) {
      return;
    }
    if (parts.style().attention() != EncoderStyle.Attention.PRIMITIVES) {
      parts.op("Cast", "attention_mask", "mask.keys", "to", DType.INT32.code());
      return;
    }
    parts.op("Unsqueeze", "attention_mask " + parts.ints("mask.axes", 1, 2), "mask.wide");
    if (kind == Kind.ADDED) {
      parts.op("Cast", "mask.wide", "mask.float", "to", DType.FLOAT.code());
      parts.op("Sub", parts.number("mask.one", 1) + " mask.float", "mask.padding");
      parts.op("Mul", "mask.padding " + parts.number("mask.low", -10000), "mask.added");
    } else {
      parts.number("mask.least", LEAST);
      parts.constant("mask.zero", Tensor.of(Shape.SCALAR, 0L));
      parts.op("Equal", "mask.wide mask.zero", "mask.isPadding");
    }
  }

  /// Where an operation wants to know which keys count: int32 [B, T], or `-` where all do.
  String keys() {
    return kind == Kind.NONE ? "-" : "mask.keys";
  }

  /// Scores [B, heads, T, T] without those of padding.
  String masked(String scores, String name) {
    return switch (kind) {
      case NONE -> scores;
      case ADDED -> parts.op("Add", scores + " mask.added", name + ".masked");
      case REPLACED -> {
        parts.op("Shape", scores, name + ".scoresShape");
        parts.op("Expand", "mask.isPadding " + name + ".scoresShape", name + ".isPadding");
        yield parts.op("Where", name + ".isPadding mask.least " + scores, name + ".masked");
      }
    };
  }
}
