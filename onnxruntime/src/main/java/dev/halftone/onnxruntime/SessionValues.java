package dev.halftone.onnxruntime;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.TensorInfo;
import ai.onnxruntime.TensorInfo.OnnxTensorType;
import dev.halftone.UnsupportedModelException;
import dev.halftone.graph.Dim;
import dev.halftone.graph.TensorType;
import dev.halftone.graph.Value;
import dev.halftone.tensor.DType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The inputs and outputs of a session's model, in our words.
final class SessionValues {

  private SessionValues() {}

  /// Throws UnsupportedModelException where one of them is no tensor, or a tensor of a type that cannot be exchanged.
  ///
  /// @param direction `input` or `output`
  static List<Value> of(String direction, Map<String, NodeInfo> infos) {
    List<Value> values = new ArrayList<>();
    for (Map.Entry<String, NodeInfo> entry : infos.entrySet()) {
      String name = entry.getKey();
      if (!(entry.getValue().getInfo() instanceof TensorInfo info)) {
        throw new UnsupportedModelException(
            "the model's %s \"%s\" is no tensor: remove what needs it (a ZipMap, a sequence) from the model"
                .formatted(direction, name));
      }
      DType dtype =
          ElementType.of(info)
              .orElseThrow(() ->
                  new UnsupportedModelException(
                      "the model's %s \"%s\" has elements of %s that ONNX Runtime's Java interface cannot exchange: cast it to another type in the model"
                          .formatted(direction, name, elements(info))));
      values.add(new Value(name, new TensorType(dtype, dims(info))));
    }
    return values;
  }

  private static String elements(TensorInfo info) {
    return info.onnxType == OnnxTensorType.ONNX_TENSOR_ELEMENT_DATA_TYPE_UNDEFINED
        ? "a type"
        : "type " + info.onnxType.name().replace("ONNX_TENSOR_ELEMENT_DATA_TYPE_", "");
  }

  /// ONNX Runtime reports a scalar and an unknown rank in the same way, so rank 0 counts as unknown.
  private static Optional<List<Dim>> dims(TensorInfo info) {
    long[] sizes = info.getShape();
    String[] names = info.getDimensionNames();
    if (sizes.length == 0) {
      return Optional.empty();
    }
    List<Dim> dims = new ArrayList<>();
    for (int axis = 0; axis < sizes.length; axis++) {
      if (sizes[axis] >= 0) {
        dims.add(Dim.of(sizes[axis]));
      } else if (axis < names.length && !names[axis].isEmpty()) {
        dims.add(new Dim.Named(names[axis]));
      } else {
        dims.add(Dim.UNKNOWN);
      }
    }
    return Optional.of(dims);
  }
}
