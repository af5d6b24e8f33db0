package dev.halftone.testing;

import static java.util.Objects.requireNonNull;

import dev.halftone.UnusableInputException;
import dev.halftone.engine.Runner;
import dev.halftone.graph.Dim;
import dev.halftone.graph.Graph;
import dev.halftone.graph.Model;
import dev.halftone.graph.Node;
import dev.halftone.graph.TensorType;
import dev.halftone.graph.Value;
import dev.halftone.tensor.Tensor;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/// Runs the nodes of a graph in their order.
final class InterpreterRunner implements Runner {

  private final Graph graph;

  InterpreterRunner(Model model) {
    this.graph = model.graph();
  }

  @Override
  public List<Value> inputs() {
    return graph.requiredInputs();
  }

  @Override
  public List<Value> outputs() {
    return graph.outputs();
  }

  @Override
  public void run(Map<String, Tensor> inputs, Consumer<Map<String, Tensor>> use) {
    Map<String, Tensor> values = new HashMap<>(graph.initializers());
    for (Value input : inputs()) {
      Tensor given = inputs.get(input.name());
      if (given == null) {
        throw new UnusableInputException("input \"%s\" is missing".formatted(input.name()));
      }
      input.type().ifPresent(type -> check(input.name(), type, given));
      values.put(input.name(), given);
    }
    for (Node node : graph.nodes()) {
      List<Tensor> made = Operations.of(node).run(new Call(node, values));
      for (int i = 0; i < node.outputs().size(); i++) {
        if (!node.outputs().get(i).isEmpty()) {
          if (i >= made.size()) {
            throw new Call(node, values).unsupported("makes no output number " + i);
          }
          values.put(node.outputs().get(i), made.get(i));
        }
      }
    }
    Map<String, Tensor> outputs = new LinkedHashMap<>();
    for (Value output : outputs()) {
      outputs.put(output.name(), requireNonNull(values.get(output.name()), output.name()));
    }
    use.accept(outputs);
  }

  private static void check(String name, TensorType type, Tensor given) {
    boolean fits =
        type.dtype() == given.dtype()
            && type.dims().map(dims -> fit(dims, given.shape().dims())).orElse(true);
    if (!fits) {
      throw new UnusableInputException(
          "input \"%s\" is declared as %s, not %s".formatted(name, type, given));
    }
  }

  private static boolean fit(List<Dim> declared, long[] given) {
    if (declared.size() != given.length) {
      return false;
    }
    for (int i = 0; i < given.length; i++) {
      if (declared.get(i).isKnown() && declared.get(i).size() != given[i]) {
        return false;
      }
    }
    return true;
  }

  @Override
  public void close() {
    // holds nothing
  }
}
