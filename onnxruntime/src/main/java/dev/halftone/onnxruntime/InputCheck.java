package dev.halftone.onnxruntime;

import dev.halftone.UnsupportedModelException;
import dev.halftone.UnusableInputException;
import dev.halftone.graph.Dim;
import dev.halftone.graph.TensorType;
import dev.halftone.graph.Value;
import dev.halftone.tensor.Shape;
import dev.halftone.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Holds what a caller feeds against what the model declares, before ONNX Runtime sees it.
///
/// @param inputs what must be fed
record InputCheck(List<Value> inputs) {

  /// The tensors in the order of the inputs. Throws UnusableInputException where a name, a type or a shape does not fit.
  List<Tensor> inOrder(Map<String, Tensor> fed) {
    List<Tensor> tensors = new ArrayList<>();
    for (Value input : inputs) {
      Tensor tensor = fed.get(input.name());
      if (tensor == null) {
        throw new UnusableInputException(
            "the model's input \"%s\" (%s) is missing, the data has %s: name the data as the model names its inputs"
                .formatted(
                    input.name(),
                    input.type().map(TensorType::toString).orElse("type unknown"),
                    fed.isEmpty() ? "nothing" : names(fed)));
      }
      input.type().ifPresent(type -> check(input.name(), type, tensor));
      tensors.add(tensor);
    }
    if (fed.size() > inputs.size()) {
      List<String> known = inputs.stream().map(Value::name).toList();
      String extra = fed.keySet().stream().filter(name -> !known.contains(name)).findFirst().get();
      throw new UnusableInputException(
          "the model has no input \"%s\" to feed, only %s: leave it out of the data"
              .formatted(extra, known.isEmpty() ? "none" : String.join(", ", known)));
    }
    return tensors;
  }

  private static String names(Map<String, Tensor> fed) {
    return fed.keySet().stream().map(name -> "\"" + name + "\"").sorted().toList().toString();
  }

  private static void check(String name, TensorType type, Tensor tensor) {
    if (tensor.dtype() != type.dtype()) {
      throw new UnusableInputException(
          "the model's input \"%s\" takes %s, not %s: convert the data to that element type"
              .formatted(name, type, tensor));
    }
    if (ElementType.handedOver(tensor.dtype()).isEmpty()) {
      throw new UnsupportedModelException(
          "the model's input \"%s\" takes %s, which ONNX Runtime's Java interface cannot feed: put a Cast from another type before it"
              .formatted(name, type));
    }
    if (type.dims().isPresent() && !fits(type.dims().get(), tensor.shape())) {
      throw new UnusableInputException(
          "the model's input \"%s\" takes %s, not %s: bring the data to that shape"
              .formatted(name, type, tensor));
    }
  }

  private static boolean fits(List<Dim> dims, Shape shape) {
    if (dims.size() != shape.rank()) {
      return false;
    }
    for (int axis = 0; axis < dims.size(); axis++) {
      if (dims.get(axis) instanceof Dim.Known(long size) && size != shape.dim(axis)) {
        return false;
      }
    }
    return true;
  }
}
