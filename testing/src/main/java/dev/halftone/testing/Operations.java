package dev.halftone.testing;

import dev.halftone.UnsupportedModelException;
import dev.halftone.graph.Node;
import dev.halftone.tensor.Tensor;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;

/// The table of what the interpreter computes.
final class Operations {

  /// Computes the outputs of a node, or as many of them as it can.
  interface Operation {
    List<Tensor> run(Call call);
  }

  private static final Map<String, Operation> ALL = new HashMap<>();

  static {
    UnaryFunctions.ALL.forEach(
        (name, function) -> one(name, call -> UnaryFunctions.run(call, function)));
    Arithmetic.ALL.forEach((name, pair) -> one(name, call -> Arithmetic.run(call, pair)));
    one("Clip", UnaryFunctions::clip);
    one("Cast", UnaryFunctions::cast);
    one("Not", UnaryFunctions::not);

    one("Conv", Convolutions::conv);
    one("ConvTranspose", Convolutions::transposed);
    one("MaxPool", Pools::max);
    one("AveragePool", Pools::average);
    one("GlobalMaxPool", Pools::globalMax);
    one("GlobalAveragePool", Pools::globalAverage);

    one("MatMul", MatrixProducts::matMul);
    one("Gemm", MatrixProducts::gemm);
    one("Einsum", MatrixProducts::einsum);

    one("Softmax", Sums::softmax);
    one("LogSoftmax", Sums::logSoftmax);
    one("LayerNormalization", Sums::layerNormalization);
    one("BatchNormalization", Sums::batchNormalization);
    one("ReduceMean", Sums::reduceMean);
    one("ReduceSum", Sums::reduceSum);
    one("ArgMax", Sums::argMax);

    one("Identity", call -> call.in(0));
    one("Constant", Shapes::constant);
    one("ConstantOfShape", Shapes::constantOfShape);
    one("Shape", Shapes::shape);
    one("Reshape", Shapes::reshape);
    one("Flatten", Shapes::flatten);
    one("Squeeze", Shapes::squeeze);
    one("Unsqueeze", Shapes::unsqueeze);
    one("Transpose", Rearrangements::transpose);
    one("DepthToSpace", Rearrangements::depthToSpace);
    one("Expand", Rearrangements::expand);
    one("Slice", Rearrangements::slice);
    one("Gather", Rearrangements::gather);
    one("Concat", Rearrangements::concat);
    one("Pad", Rearrangements::pad);
    one("Resize", Rearrangements::resize);
    ALL.put("Split", Rearrangements::split);

    one("QuantizeLinear", QuantizeNodes::quantize);
    one("DequantizeLinear", QuantizeNodes::dequantize);

    ALL.put("LSTM", call -> Recurrent.run(call, Recurrent.Cell.LSTM));
    ALL.put("GRU", call -> Recurrent.run(call, Recurrent.Cell.GRU));
    ALL.put("RNN", call -> Recurrent.run(call, Recurrent.Cell.RNN));
  }

  private Operations() {}

  private static void one(String name, Function<Call, Tensor> operation) {
    ALL.put(name, call -> List.of(operation.apply(call)));
  }

  static Set<String> names() {
    return new TreeSet<>(ALL.keySet());
  }

  /// Throws UnsupportedModelException where there is none.
  static Operation of(Node node) {
    Operation found = node.domain().isEmpty() ? ALL.get(node.opType()) : null;
    if (found == null) {
      throw new UnsupportedModelException(
          "the reference interpreter has no operation %s (node %s)"
              .formatted(node.operation(), node.label()));
    }
    return found;
  }
}
