package dev.halftone.graph.shape;

import dev.halftone.graph.Dim;
import dev.halftone.graph.TensorType;
import dev.halftone.tensor.DType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Operations that work element by element, and those that keep the shape of their first input.
final class ElementwiseShapes {

  private static final List<String> SAME =
      List.of(
          ("Identity Relu LeakyRelu PRelu Elu Selu Celu ThresholdedRelu Sigmoid HardSigmoid HardSwish Mish Swish Gelu"
                  + " Softplus Softsign Tanh Erf Exp Log Sqrt Reciprocal Abs Neg Floor Ceil Round Sign Clip Shrink"
                  + " Sin Cos Tan Asin Acos Atan Sinh Cosh Asinh Acosh Atanh Not BitwiseNot"
                  + " Softmax LogSoftmax Hardmax LpNormalization LRN InstanceNormalization GroupNormalization"
                  + " MeanVarianceNormalization BatchNormalization RMSNormalization CumSum Trilu ReverseSequence"
                  + " ScatterElements ScatterND Scatter TensorScatter RotaryEmbedding")
              .split(" "));

  private static final List<String> BROADCAST =
      List.of(
          "Add Sub Mul Div Pow Mod Min Max Sum Mean And Or Xor BitShift BitwiseAnd BitwiseOr BitwiseXor"
              .split(" "));

  private static final List<String> COMPARE =
      List.of("Equal Less Greater LessOrEqual GreaterOrEqual".split(" "));

  private static final List<String> MICROSOFT_SAME =
      List.of(
          "Gelu FastGelu QuickGelu BiasGelu QLinearSigmoid QLinearLeakyRelu QLinearSoftmax"
              .split(" "));

  private ElementwiseShapes() {}

  static Map<String, Rule> rules() {
    Map<String, Rule> rules = new HashMap<>();
    SAME.forEach(op -> rules.put(op, ElementwiseShapes::same));
    MICROSOFT_SAME.forEach(op -> rules.put("com.microsoft." + op, ElementwiseShapes::same));
    BROADCAST.forEach(op -> rules.put(op, ElementwiseShapes::broadcast));
    COMPARE.forEach(op -> rules.put(op, call -> List.of(broadcast(call, DType.BOOL))));
    rules.put("IsNaN", call -> List.of(typed(call, DType.BOOL)));
    rules.put("IsInf", call -> List.of(typed(call, DType.BOOL)));
    rules.put("Where", ElementwiseShapes::where);
    rules.put("Dropout", ElementwiseShapes::dropout);
    rules.put("LayerNormalization", ElementwiseShapes::layerNormalization);
    rules.put("Cast", call -> List.of(typed(call, ofCode(call.node().intAttribute("to", 0)))));
    rules.put("CastLike", call -> List.of(typed(call, call.dtype(1))));
    rules.put("QuantizeLinear", ElementwiseShapes::quantize);
    rules.put("DequantizeLinear", ElementwiseShapes::dequantize);
    rules.put("com.microsoft.QuantizeLinear", ElementwiseShapes::quantize);
    rules.put("com.microsoft.DequantizeLinear", ElementwiseShapes::dequantize);
    rules.put("DynamicQuantizeLinear", ElementwiseShapes::dynamicQuantize);
    rules.put("com.microsoft.QLinearAdd", ElementwiseShapes::integerBinary);
    rules.put("com.microsoft.QLinearMul", ElementwiseShapes::integerBinary);
    return rules;
  }

  private static List<TensorType> same(NodeInputs call) {
    return List.of(call.type(0));
  }

  private static TensorType typed(NodeInputs call, DType dtype) {
    return new TensorType(dtype, call.fact(0).type().flatMap(TensorType::dims));
  }

  static DType ofCode(long code) {
    return Optional.ofNullable(DType.ofCode(Math.toIntExact(code))).orElseThrow(CannotTell::new);
  }

  private static List<TensorType> broadcast(NodeInputs call) {
    return List.of(broadcast(call, call.dtype(0)));
  }

  private static TensorType broadcast(NodeInputs call, DType dtype) {
    List<Dim> dims = List.of();
    for (int i = 0; i < call.inputs(); i++) {
      Optional<List<Dim>> other = call.fact(i).type().flatMap(TensorType::dims);
      if (other.isEmpty()) {
        return TensorType.ofUnknownRank(dtype);
      }
      dims = Dims.broadcast(dims, other.get());
    }
    return TensorType.of(dtype, dims);
  }

  private static List<TensorType> where(NodeInputs call) {
    return List.of(broadcast(call, call.dtype(1)));
  }

  private static List<TensorType> dropout(NodeInputs call) {
    DType mask = call.opset() < 10 ? call.dtype(0) : DType.BOOL;
    return List.of(call.type(0), typed(call, mask));
  }

  private static List<TensorType> layerNormalization(NodeInputs call) {
    List<Dim> dims = new ArrayList<>(call.dims(0));
    int axis = call.axis("axis", -1, dims.size());
    for (int i = axis; i < dims.size(); i++) {
      dims.set(i, Dims.ONE);
    }
    TensorType moments = TensorType.of(DType.FLOAT, dims);
    return List.of(call.type(0), moments, moments);
  }

  private static List<TensorType> quantize(NodeInputs call) {
    long code = call.node().intAttribute("output_dtype", 0);
    DType dtype = call.has(2) ? call.dtype(2) : code != 0 ? ofCode(code) : DType.UINT8;
    return List.of(typed(call, dtype));
  }

  private static List<TensorType> dequantize(NodeInputs call) {
    long code = call.node().intAttribute("output_dtype", 0);
    return List.of(typed(call, code != 0 ? ofCode(code) : call.dtype(1)));
  }

  private static List<TensorType> dynamicQuantize(NodeInputs call) {
    return List.of(
        typed(call, DType.UINT8),
        TensorType.of(DType.FLOAT, List.of()),
        TensorType.of(DType.UINT8, List.of()));
  }

  /// Inputs a, its scale and zero point, b, its scale and zero point, then the result's.
  private static List<TensorType> integerBinary(NodeInputs call) {
    return call.of(Dims.broadcast(call.dims(0), call.dims(3)));
  }
}
