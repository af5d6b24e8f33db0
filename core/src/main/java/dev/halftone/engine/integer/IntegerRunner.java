package dev.halftone.engine.integer;

import dev.halftone.UnusableInputException;
import dev.halftone.engine.Runner;
import dev.halftone.graph.TensorType;
import dev.halftone.graph.Value;
import dev.halftone.integer.IntegerGraph;
import dev.halftone.integer.IntegerTensor;
import dev.halftone.integer.Integers;
import dev.halftone.integer.Port;
import dev.halftone.scheme.Affine;
import dev.halftone.tensor.DType;
import dev.halftone.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/// Runs an integer graph, fed with integers as they are stored, or with floats in the float model's shapes. Positions stay integers.
public interface IntegerRunner extends Runner {

  IntegerGraph graph();

  /// Takes and gives the integers of inputs and outputs as they are stored, little-endian.
  ///
  /// @param inputs [inputs][bytes]
  /// @return [outputs][bytes]
  byte[][] run(byte[]... inputs);

  @Override
  default List<Value> inputs() {
    return graph().inputs().stream().map(this::declared).toList();
  }

  @Override
  default List<Value> outputs() {
    return graph().outputs().stream().map(this::declared).toList();
  }

  private Value declared(Port port) {
    boolean positions = graph().tensor(port.tensor()).type() == DType.INT32;
    return new Value(
        port.name(), TensorType.of(positions ? DType.INT32 : DType.FLOAT, port.shape()));
  }

  /// Takes and gives floats: rounds to the inputs' grids, and says what the outputs' integers mean.
  @Override
  default void run(Map<String, Tensor> inputs, Consumer<Map<String, Tensor>> use) {
    byte[][] results = run(quantized(inputs));
    Map<String, Tensor> outputs = new LinkedHashMap<>();
    for (int i = 0; i < results.length; i++) {
      Port port = graph().outputs().get(i);
      outputs.put(port.name(), dequantized(port, results[i]));
    }
    use.accept(outputs);
  }

  /// The integers that are fed for these floats, in the order in which they are stored: [inputs][elements].
  default byte[][] quantized(Map<String, Tensor> inputs) {
    return graph().inputs().stream().map(port -> quantized(port, inputs)).toArray(byte[][]::new);
  }

  private byte[] quantized(Port port, Map<String, Tensor> inputs) {
    Tensor fed = inputs.get(port.name());
    if (fed == null || fed.dtype() != DType.FLOAT || !fed.shape().equals(port.shape())) {
      throw new UnusableInputException(
          "input "
              + port.name()
              + " wants floats of shape "
              + port.shape()
              + (fed == null ? ", and is missing" : ", not " + fed));
    }
    IntegerTensor tensor = graph().tensor(port.tensor());
    Affine grid = tensor.grid();
    float[] reals = fed.toFloats();
    Integers integers = new Integers(tensor);
    StridedWalk.over(
        tensor.shape(), steps(port), (i, at) -> integers.set(i, grid.quantize(reals[at])));
    return integers.bytes();
  }

  private Tensor dequantized(Port port, byte[] bytes) {
    IntegerTensor tensor = graph().tensor(port.tensor());
    Integers stored = new Integers(tensor, bytes);
    int[] integers = new int[stored.count()];
    StridedWalk.over(tensor.shape(), steps(port), (i, at) -> integers[at] = stored.get(i));
    if (tensor.type() == DType.INT32) {
      return Tensor.of(port.shape(), integers);
    }
    float[] reals = new float[integers.length];
    for (int i = 0; i < reals.length; i++) {
      reals[i] = tensor.grid().dequantize(integers[i]);
    }
    return Tensor.of(port.shape(), reals);
  }

  /// Along each stored axis, elements between neighbours in the float model.
  private static int[] steps(Port port) {
    int[] strides = port.shape().strides();
    return port.order().stream().mapToInt(axis -> strides[axis]).toArray();
  }
}
