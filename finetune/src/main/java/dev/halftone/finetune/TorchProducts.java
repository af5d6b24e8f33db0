package dev.halftone.finetune;

import dev.halftone.finetune.TorchCall.Operation;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;

/// Matrix products, and operations that sum over axes: softmax, means, normalizations.
final class TorchProducts {

  private TorchProducts() {}

  static Map<String, Operation> operations() {
    Map<String, Operation> all = new HashMap<>();
    all.put("MatMul", Operation.of(call -> call.in(0).matmul(call.in(1))));
    all.put("Gemm", Operation.of(TorchProducts::gemm));
    all.put("Softmax", Operation.of(call -> call.in(0).softmax(axis(call))));
    all.put("LogSoftmax", Operation.of(call -> call.in(0).log_softmax(axis(call))));
    all.put("ReduceMean", reduce((x, axes, keep) -> x.mean(axes, keep, Libtorch.sameType())));
    all.put("ReduceSum", reduce((x, axes, keep) -> x.sum(axes, keep, Libtorch.sameType())));
    all.put("ReduceMax", reduce(Tensor::amax));
    all.put("ReduceMin", reduce(Tensor::amin));
    all.put(
        "ReduceL2",
        reduce((x, axes, keep) -> x.square().sum(axes, keep, Libtorch.sameType()).sqrt()));
    all.put("BatchNormalization", TorchProducts::batchNormalization);
    all.put("LayerNormalization", TorchProducts::layerNormalization);
    return Map.copyOf(all);
  }

  private static Tensor gemm(TorchCall call) {
    Tensor a = call.node().intAttribute("transA", 0) != 0 ? call.in(0).transpose(0, 1) : call.in(0);
    Tensor b = call.node().intAttribute("transB", 0) != 0 ? call.in(1).transpose(0, 1) : call.in(1);
    Tensor product = a.matmul(b);
    float alpha = call.node().floatAttribute("alpha", 1);
    float beta = call.node().floatAttribute("beta", 1);
    Tensor scaled = alpha == 1 ? product : product.mul(Libtorch.number(alpha));
    if (!call.has(2)) {
      return scaled;
    }
    return scaled.add(beta == 1 ? call.in(2) : call.in(2).mul(Libtorch.number(beta)));
  }

  private static int axis(TorchCall call) {
    return call.axis(call.node().intAttribute("axis", -1), call.rank(0));
  }

  @FunctionalInterface
  private interface Reduction {
    Tensor over(Tensor x, long[] axes, boolean keep);
  }

  private static Operation reduce(Reduction reduction) {
    return call -> {
      int rank = call.rank(0);
      long[] axes = call.axes(1, rank).orElseGet(() -> LongStream.range(0, rank).toArray());
      boolean nothing =
          axes.length == 0 && call.node().intAttribute("noop_with_empty_axes", 0) != 0;
      boolean keep = call.node().intAttribute("keepdims", 1) != 0;
      return List.of(nothing ? call.in(0) : reduction.over(call.in(0), axes, keep));
    };
  }

  /// With the running statistics, which stay as they are.
  private static List<Tensor> batchNormalization(TorchCall call) {
    long[] along = new long[call.rank(0)];
    Arrays.fill(along, 1);
    along[1] = -1;
    float epsilon = call.node().floatAttribute("epsilon", 1e-5f);
    Tensor factor = call.in(1).div(call.in(4).add(Libtorch.number(epsilon)).sqrt());
    Tensor shift = call.in(2).sub(call.in(3).mul(factor));
    return List.of(call.in(0).mul(factor.reshape(along)).add(shift.reshape(along)));
  }

  private static List<Tensor> layerNormalization(TorchCall call) {
    long[] shape = call.shape(0);
    int axis = axis(call);
    return List.of(
        torch.layer_norm(
            call.in(0),
            Arrays.copyOfRange(shape, axis, shape.length),
            new TensorOptional(call.in(1)),
            call.has(2) ? new TensorOptional(call.in(2)) : Libtorch.noTensor(),
            call.node().floatAttribute("epsilon", 1e-5f),
            false));
  }
}
