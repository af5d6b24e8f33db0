package dev.halftone.engine;

import dev.halftone.graph.Value;
import dev.halftone.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/// A model made ready to run. Safe for use by several threads at once.
public interface Runner extends AutoCloseable {

  /// What must be fed.
  List<Value> inputs();

  List<Value> outputs();

  /// Runs the model and hands every output to `use`. The tensors are valid only until `use` returns: their memory is used again.
  ///
  /// Throws UnusableInputException where an input is missing or its type or shape does not fit.
  void run(Map<String, Tensor> inputs, Consumer<Map<String, Tensor>> use);

  /// Runs the model and gives copies of the outputs, in the order of [#outputs].
  default Map<String, Tensor> run(Map<String, Tensor> inputs) {
    Map<String, Tensor> copies = new LinkedHashMap<>();
    run(
        inputs,
        outputs ->
            outputs.forEach((name, tensor) -> {
              Tensor copy = Tensor.allocate(tensor.dtype(), tensor.shape());
              copy.data().copyFrom(tensor.data());
              copies.put(name, copy);
            }));
    return copies;
  }

  @Override
  void close();
}
