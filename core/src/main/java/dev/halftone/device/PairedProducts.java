package dev.halftone.device;

import dev.halftone.graph.Node;
import dev.halftone.scheme.Affine;
import dev.halftone.scheme.QuantizedType;
import dev.halftone.tensor.Shape;
import java.util.Optional;
import java.util.function.IntToDoubleFunction;

/// The products of a row of weights that a runtime adds two by two in 16 bits, where they may saturate: the first and the second, the
/// third and the fourth and so on, of the inputs in the order in which its kernel reads them, channels innermost.
///
/// ONNX Runtime does so on x86 processors without VNNI, whose `vpmaddubsw` multiplies unsigned activations with signed weights. Two
/// activations of 255 leave room for weights whose sum is 128.
///
/// @param inputs weights of a row
/// @param channels input channels of a group, each with as many taps
public record PairedProducts(int inputs, int channels) {

  /// @param weight shape of a weighted operation's weights
  /// @param outputs rows of weights
  static PairedProducts of(Node node, Shape weight, int outputs) {
    int inputs = Math.toIntExact(weight.count() / Math.max(1, outputs));
    return new PairedProducts(inputs, node.is("Conv") ? (int) weight.dim(1) : inputs);
  }

  /// What the weights of a pair may add up to, whatever activations of this type they meet; 0 for those of 16 bits.
  public static int limit(QuantizedType activations) {
    return Short.MAX_VALUE / activations.steps();
  }

  /// The same for a layer; 0 also where it reads floats.
  ///
  /// @param input the grid of its activations; empty where they are floats
  public static int limit(Optional<Affine> input) {
    return input.map(grid -> limit(grid.type())).orElse(0);
  }

  /// True where two weights of this type can add up to more.
  public static boolean mayExceed(QuantizedType weights, int limit) {
    return limit > 0 && 2 * Math.max(-weights.low(), weights.high()) > limit;
  }

  /// Where among the weights of its row, [channels][taps], the one stands that the kernel reads as the k-th.
  public int position(int k) {
    return k % channels * (inputs / channels) + k / channels;
  }

  /// The largest magnitude of the sum of two weights of one sign: of unlike signs, a product alone is the worst, and fits.
  ///
  /// @param row the weight at each position
  public double largest(IntToDoubleFunction row) {
    double largest = 0;
    for (int k = 0; k + 1 < inputs; k += 2) {
      double first = row.applyAsDouble(position(k));
      double second = row.applyAsDouble(position(k + 1));
      if (first > 0 == second > 0) {
        largest = Math.max(largest, Math.abs(first + second));
      }
    }
    return largest;
  }
}
