package dev.halftone.finetune;

import dev.halftone.finetune.TorchCall.Operation;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BinaryOperator;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/// Operations that work element by element, with broadcasting.
final class TorchElementwise {

  private TorchElementwise() {}

  static Map<String, Operation> operations() {
    Map<String, Operation> all = new HashMap<>();
    activations(all);
    all.put("Identity", Operation.unary(x -> x));
    all.put("Dropout", Operation.unary(x -> x));
    all.put("Abs", Operation.unary(Tensor::abs));
    all.put("Neg", Operation.unary(Tensor::neg));
    all.put("Exp", Operation.unary(Tensor::exp));
    all.put("Log", Operation.unary(Tensor::log));
    all.put("Sqrt", Operation.unary(Tensor::sqrt));
    all.put("Reciprocal", Operation.unary(Tensor::reciprocal));
    all.put("Erf", Operation.unary(Tensor::erf));
    all.put("Not", Operation.unary(Tensor::logical_not));
    all.put("Add", binary(Tensor::add));
    all.put("Sum", binary(Tensor::add));
    all.put("Sub", binary(Tensor::sub));
    all.put("Mul", binary(Tensor::mul));
    all.put("Div", Operation.of(TorchElementwise::div));
    all.put("Pow", binary((x, y) -> x.pow(y.to(x.scalar_type()))));
    all.put("Max", binary(Tensor::maximum));
    all.put("Min", binary(Tensor::minimum));
    all.put("Equal", binary(Tensor::eq));
    all.put("Less", binary(Tensor::lt));
    all.put("Greater", binary(Tensor::gt));
    all.put("And", binary(Tensor::logical_and));
    all.put("Where", Operation.of(call -> torch.where(call.in(0), call.in(1), call.in(2))));
    all.put("Cast", Operation.of(TorchElementwise::cast));
    return Map.copyOf(all);
  }

  private static void activations(Map<String, Operation> all) {
    all.put("Relu", Operation.unary(torch::relu));
    all.put("Clip", Operation.of(TorchElementwise::clip));
    all.put("Sigmoid", Operation.unary(Tensor::sigmoid));
    all.put("Tanh", Operation.unary(Tensor::tanh));
    all.put("Softplus", Operation.unary(torch::softplus));
    all.put("HardSwish", Operation.unary(torch::hardswish));
    all.put("HardSigmoid", Operation.of(TorchElementwise::hardSigmoid));
    all.put(
        "LeakyRelu",
        Operation.of(call ->
            torch.leaky_relu(call.in(0), number(call.node().floatAttribute("alpha", 0.01f)))));
    all.put(
        "Elu",
        Operation.of(call ->
            torch.elu(
                call.in(0), number(call.node().floatAttribute("alpha", 1)), number(1), number(1))));
    all.put(
        "PRelu",
        Operation.of(call -> {
          Tensor x = call.in(0);
          return torch.relu(x).sub(call.in(1).mul(torch.relu(x.neg())));
        }));
    all.put(
        "Gelu",
        Operation.of(
            call -> torch.gelu(call.in(0), call.node().textAttribute("approximate", "none"))));
  }

  private static Scalar number(double value) {
    return Libtorch.number(value);
  }

  /// Of any number of inputs, one after the other.
  private static Operation binary(BinaryOperator<Tensor> two) {
    return call -> {
      Tensor result = call.in(0);
      for (int i = 1; i < call.inputs().size(); i++) {
        result = two.apply(result, call.in(i));
      }
      return List.of(result);
    };
  }

  /// Integers are divided towards zero, as shape arithmetic does.
  private static Tensor div(TorchCall call) {
    Tensor x = call.in(0);
    return x.is_floating_point() ? x.div(call.in(1)) : x.div(call.in(1), Libtorch.given("trunc"));
  }

  private static Tensor clip(TorchCall call) {
    float low = call.number(1, call.node().floatAttribute("min", Float.NEGATIVE_INFINITY));
    float high = call.number(2, call.node().floatAttribute("max", Float.POSITIVE_INFINITY));
    return torch.clamp(
        call.in(0), new ScalarOptional(number(low)), new ScalarOptional(number(high)));
  }

  private static Tensor hardSigmoid(TorchCall call) {
    float alpha = call.node().floatAttribute("alpha", 0.2f);
    float beta = call.node().floatAttribute("beta", 0.5f);
    return torch.clamp(
        call.in(0).mul(number(alpha)).add(number(beta)),
        new ScalarOptional(number(0)),
        new ScalarOptional(number(1)));
  }

  private static Tensor cast(TorchCall call) {
    return switch ((int) call.node().intAttribute("to", 1)) {
      case 1, 10, 11, 16 -> call.in(0).to(torch.ScalarType.Float);
      case 9 -> call.in(0).to(torch.ScalarType.Bool);
      default -> call.in(0).to(torch.ScalarType.Long);
    };
  }
}
