package dev.halftone.finetune;

import static java.util.Objects.requireNonNull;

import dev.halftone.UnsupportedModelException;
import dev.halftone.finetune.TorchCall.Operation;
import dev.halftone.graph.Graph;
import dev.halftone.graph.Model;
import dev.halftone.graph.Node;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.bytedeco.pytorch.Tensor;

/// A network as a differentiable program: each node is a call of libtorch, so that gradients flow from what it makes to what it reads.
///
/// Callers hold a `PointerScope` open around [#run]: everything that is made lives until it is closed.
final class Program {

  private static final Map<String, Operation> OPERATIONS = operations();

  /// What stands in for the real numbers of the graph.
  interface Numbers {

    /// The graph as it is.
    Numbers REAL = new Numbers() {};

    /// What a node reads as its `input`-th input, a constant.
    default Tensor constant(Node node, int input, Tensor real) {
      return real;
    }

    /// True of a node that does nothing: what it makes is what it reads.
    default boolean passes(Node node) {
      return false;
    }

    /// What the readers of a value see; asked for inputs of the graph and for everything that a node makes.
    default Tensor value(String name, Tensor computed) {
      return computed;
    }
  }

  private final Graph graph;
  private final long opset;
  private final Map<String, Tensor> constants = new HashMap<>();

  private Program(Model model) {
    this.graph = model.graph();
    this.opset = model.opset();
    graph.initializers().forEach((name, tensor) -> constants.put(name, Libtorch.tensor(tensor)));
  }

  /// Throws UnsupportedModelException, naming node and operation, where something cannot be computed here.
  static Program of(Model prepared) {
    for (Node node : prepared.graph().nodes()) {
      if (!OPERATIONS.containsKey(node.operation())) {
        throw new UnsupportedModelException(
            "fine-tuning has no derivative for %s (%s): it knows the operations of convolutional classifiers and encoders (%s)"
                .formatted(
                    node.label(),
                    node.opType(),
                    String.join(", ", new TreeSet<>(OPERATIONS.keySet()))));
      }
    }
    Libtorch.require();
    return new Program(prepared);
  }

  private static Map<String, Operation> operations() {
    Map<String, Operation> all = new HashMap<>();
    Stream.of(
            TorchElementwise.operations(),
            TorchLayouts.operations(),
            TorchWindows.operations(),
            TorchProducts.operations())
        .forEach(all::putAll);
    return Map.copyOf(all);
  }

  /// @param inputs what the graph is fed
  /// @param wanted names of the values to give, in this order
  Map<String, Tensor> run(Map<String, Tensor> inputs, Set<String> wanted, Numbers numbers) {
    Map<String, Tensor> values = new HashMap<>(constants);
    inputs.forEach((name, tensor) -> values.put(name, numbers.value(name, tensor)));
    for (Node node : graph.nodes()) {
      if (numbers.passes(node)) {
        String made = node.output();
        values.put(made, numbers.value(made, requireNonNull(values.get(node.input(0)))));
        continue;
      }
      List<Tensor> made =
          requireNonNull(OPERATIONS.get(node.opType()))
              .apply(new TorchCall(node, opset, read(node, values, numbers)));
      for (int i = 0; i < made.size() && i < node.outputs().size(); i++) {
        String name = node.outputs().get(i);
        values.put(name, numbers.value(name, made.get(i)));
      }
    }
    Map<String, Tensor> results = new LinkedHashMap<>();
    wanted.forEach(name -> results.put(name, requireNonNull(values.get(name), name)));
    return results;
  }

  private List<Optional<Tensor>> read(Node node, Map<String, Tensor> values, Numbers numbers) {
    List<Optional<Tensor>> read = new ArrayList<>();
    for (int i = 0; i < node.inputs().size(); i++) {
      String name = node.input(i);
      Optional<Tensor> value = Optional.ofNullable(values.get(name));
      int input = i;
      read.add(
          constants.containsKey(name)
              ? value.map(real -> numbers.constant(node, input, real))
              : value);
    }
    return read;
  }
}
