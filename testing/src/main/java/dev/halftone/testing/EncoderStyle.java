package dev.halftone.testing;

/// The way in which an exporter writes the parts of an encoder. The style changes the graph, not what it computes, but for the kind of GELU.
public record EncoderStyle(Norm norm, Gelu gelu, Product product, Attention attention) {

  /// How a LayerNormalization is written.
  public enum Norm {
    PRIMITIVES,
    OPERATION
  }

  /// Which GELU is computed, and how it is written.
  public enum Gelu {
    ERF,
    TANH,
    QUICK,
    ERF_OPERATION,
    TANH_OPERATION
  }

  /// How a product with a matrix of weights is written.
  public enum Product {
    MATMUL_AND_ADD,
    /// On rows, between two Reshapes.
    GEMM
  }

  /// How attention is written, where a family has the plain one.
  public enum Attention {
    PRIMITIVES,
    /// `com.microsoft.MultiHeadAttention`, behind products of its own.
    MULTI_HEAD,
    /// `com.microsoft.Attention`, which has the weights of queries, keys and values.
    PACKED
  }

  /// As PyTorch exports them.
  public static final EncoderStyle EXPORTED =
      new EncoderStyle(Norm.PRIMITIVES, Gelu.ERF, Product.MATMUL_AND_ADD, Attention.PRIMITIVES);

  public EncoderStyle with(Norm other) {
    return new EncoderStyle(other, gelu, product, attention);
  }

  public EncoderStyle with(Gelu other) {
    return new EncoderStyle(norm, other, product, attention);
  }

  public EncoderStyle with(Product other) {
    return new EncoderStyle(norm, gelu, other, attention);
  }

  public EncoderStyle with(Attention other) {
    return new EncoderStyle(norm, gelu, product, other);
  }

  /// The oldest opset from 14 on that has its operations.
  long opset() {
    if (gelu == Gelu.ERF_OPERATION || gelu == Gelu.TANH_OPERATION) {
      return 20;
    }
    return norm == Norm.OPERATION ? 17 : 14;
  }

  @Override
  public String toString() {
    return "norm %s, gelu %s, product %s, attention %s".formatted(norm, gelu, product, attention);
  }
}
