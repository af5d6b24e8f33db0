package dev.halftone.finetune;

import dev.halftone.device.Device;
import dev.halftone.device.PairedProducts;
import dev.halftone.plan.Layer;
import dev.halftone.scheme.Affine;
import dev.halftone.scheme.QuantizedType;
import dev.halftone.tensor.Shape;
import java.util.Optional;
import java.util.stream.LongStream;
import org.bytedeco.pytorch.Tensor;

/// Keeps the products of neighbouring weights within the 16 bits in which some processors add them, as [PairedProducts] has it.
///
/// @param first positions of the first of each pair among all weights
/// @param second of the other one
/// @param limit what two of one sign may add up to
record PairLimit(Tensor first, Tensor second, int limit) {

  /// Empty where no weights of this type can exceed it.
  ///
  /// @param input empty where the layer reads floats
  static Optional<PairLimit> of(
      Layer layer, Shape weight, QuantizedType type, Optional<Affine> input, Device device) {
    int limit = PairedProducts.limit(input);
    return PairedProducts.mayExceed(type, limit)
        ? device.paired(layer.node(), weight).map(pairs -> of(pairs, layer, weight, limit))
        : Optional.empty();
  }

  private static PairLimit of(PairedProducts pairs, Layer layer, Shape weight, int limit) {
    int outputs = (int) weight.dim(layer.outputAxis());
    boolean byRows = layer.outputAxis() == 0;
    int each = pairs.inputs() / 2;
    long[][] positions = new long[2][];
    for (int i = 0; i < 2; i++) {
      int which = i;
      positions[i] =
          LongStream.range(0, (long) outputs * each)
              .map(at -> {
                long output = at / each;
                long input = pairs.position((int) (at % each) * 2 + which);
                return byRows ? output * pairs.inputs() + input : input * outputs + output;
              })
              .toArray();
    }
    return new PairLimit(
        Libtorch.tensor(positions[0], positions[0].length),
        Libtorch.tensor(positions[1], positions[1].length),
        limit);
  }

  /// Takes half of what is too much from each of a pair. To be called without gradients.
  ///
  /// @param weight in steps of its grid
  void apply(Tensor weight) {
    Tensor all = weight.view(-1);
    Tensor one = all.index_select(0, first);
    Tensor other = all.index_select(0, second);
    Tensor isOneSign = one.mul(other).gt(Libtorch.number(0));
    Tensor excess =
        one.add(other)
            .abs()
            .sub(Libtorch.number(limit))
            .clamp_min(Libtorch.number(0))
            .mul(Libtorch.number(0.5))
            .mul(isOneSign);
    all.index_copy_(0, first, one.sub(one.sign().mul(excess)));
    all.index_copy_(0, second, other.sub(other.sign().mul(excess)));
  }
}
