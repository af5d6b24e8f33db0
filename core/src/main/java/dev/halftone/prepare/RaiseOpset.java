package dev.halftone.prepare;

import dev.halftone.UnsupportedModelException;
import dev.halftone.format.onnx.Function;
import dev.halftone.graph.Graph;
import dev.halftone.graph.Model;
import dev.halftone.graph.Node;
import dev.halftone.graph.Order;
import dev.halftone.graph.TensorType;
import dev.halftone.graph.Value;
import dev.halftone.graph.shape.ShapeInference;
import dev.halftone.prepare.opset.FloatTypes;
import dev.halftone.prepare.opset.Raising;
import dev.halftone.prepare.opset.Steps;
import dev.halftone.tensor.DType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Rewrites a model for a newer standard opset, every operation so that it computes what it computed before.
///
/// Needed where a scheme needs an operation that an old opset lacks: DequantizeLinear per channel came with 13, 4-bit and 16-bit
/// integers with 21. Other domains stay as they are. Functions of the model are raised with it.
public final class RaiseOpset {

  private static final long OLDEST = 7;

  private RaiseOpset() {}

  /// The model at `version` (at most [Steps#LATEST]) of the standard opset; unchanged where it is there already. Throws
  /// UnsupportedModelException where a node has no equal in the newer opset.
  public static Model to(Model model, long version) {
    if (version > Steps.LATEST) {
      throw new IllegalArgumentException(
          "opset " + version + " is newer than " + Steps.LATEST + ", the newest known here");
    }
    if (model.opsets().containsKey("") && model.opset() >= version) {
      return model;
    }
    Model fixed = model.irVersion() < 4 ? fixed(model) : model;
    List<Function> functions = Function.of(fixed);
    List<Graph> graphs = new ArrayList<>(List.of(fixed.graph()));
    functions.forEach(function -> graphs.add(body(function)));
    Optional<DType> onlyFloat = FloatTypes.only(graphs);
    Model raised = functions(fixed, functions, onlyFloat, version);
    if (model.opsets().containsKey("")) {
      check(model.opset(), version);
      Map<String, TensorType> types = ShapeInference.infer(fixed).all();
      Raising raising = Raising.of(fixed.graph(), types, onlyFloat, model.opset(), version);
      raised = raised.withGraph(Order.prune(raising.graph(fixed.graph())));
    }
    return raised
        .withOpset("", version)
        .withIrVersion(Math.max(model.irVersion(), irVersion(version)));
  }

  private static void check(long opset, long version) {
    if (opset < OLDEST) {
      throw new UnsupportedModelException(
          "the model uses opset "
              + opset
              + ", too old to be raised to opset "
              + version
              + ": export it anew with opset 13 or later");
    }
  }

  /// The IR version of the ONNX release that brought this opset: an older one may not know its types.
  static long irVersion(long opset) {
    if (opset <= 14) {
      return opset <= 8 ? 3 : Math.min(opset - 5, 7);
    }
    if (opset <= 22) {
      return opset <= 18 ? 8 : opset <= 20 ? 9 : 10;
    }
    return Math.min(opset - 12, 13);
  }

  /// Before IR version 4 every constant had to stand among the inputs too. From then on that makes it a default which a caller
  /// may override, so the constants leave the inputs.
  private static Model fixed(Model model) {
    Graph graph = model.graph();
    List<Value> inputs =
        graph.inputs().stream()
            .filter(input -> !graph.initializers().containsKey(input.name()))
            .toList();
    return model.withGraph(
        new Graph(
            graph.name(),
            graph.nodes(),
            graph.initializers(),
            inputs,
            graph.outputs(),
            graph.valueInfo(),
            graph.opaque()));
  }

  /// Runtimes read the nodes of a function in the opset of the model, whatever the function imports, so functions rise too.
  private static Model functions(
      Model model, List<Function> functions, Optional<DType> onlyFloat, long version) {
    if (functions.stream().allMatch(function -> opset(function) >= version)) {
      return model;
    }
    return Function.replaceAll(
        model, functions.stream().map(function -> raised(function, onlyFloat, version)).toList());
  }

  private static long opset(Function function) {
    return function.opsets().getOrDefault("", Long.MAX_VALUE);
  }

  private static Function raised(Function function, Optional<DType> onlyFloat, long version) {
    long opset = opset(function);
    if (opset >= version) {
      return function;
    }
    check(opset, version);
    Graph body = body(function);
    List<Node> nodes = Raising.of(body, Map.of(), onlyFloat, opset, version).nodes(body);
    Map<String, Long> opsets = new LinkedHashMap<>(function.opsets());
    opsets.put("", version);
    return function.withNodes(nodes, opsets);
  }

  private static Graph body(Function function) {
    return new Graph(
        function.name(),
        function.nodes(),
        Map.of(),
        values(function.inputs()),
        values(function.outputs()),
        List.of(),
        List.of());
  }

  private static List<Value> values(List<String> names) {
    return names.stream().map(name -> new Value(name, Optional.empty(), List.of())).toList();
  }
}
