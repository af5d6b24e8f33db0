package dev.halftone.prepare;

import dev.halftone.UnusableInputException;
import dev.halftone.engine.Backend;
import dev.halftone.engine.Runner;
import dev.halftone.graph.Attribute;
import dev.halftone.graph.Dim;
import dev.halftone.graph.Graph;
import dev.halftone.graph.Model;
import dev.halftone.graph.Node;
import dev.halftone.graph.Order;
import dev.halftone.graph.TensorType;
import dev.halftone.graph.Value;
import dev.halftone.graph.shape.ShapeInference;
import dev.halftone.graph.shape.Types;
import dev.halftone.tensor.DType;
import dev.halftone.tensor.Shape;
import dev.halftone.tensor.Tensor;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/// Computes what depends on constants and known shapes only, and keeps the result in its place.
///
/// Shape data come from [ShapeInference]; the rest is run in one small model by the given runtime, as it stands. What is random, has
/// subgraphs or another domain stays; so does a result of more than a megabyte that is larger than what it is made of, or of a size that
/// nobody knows before; and whatever reads or makes integers of fewer than 32 bits: quantized weights stay as they are stored. All
/// results together take no more memory than a few times the model's constants: a file of few bytes can ask for any number of them.
public record FoldConstants(Backend runtime) implements Pass {

  /// Bytes up to which a result may be larger than what it is made of.
  private static final long SMALL = 1 << 20;

  private static final int MAX_ROUNDS = 16;

  /// All results may take so much memory, and so often what the constants of the model do.
  private static final long BUDGET = 64 << 20;

  private static final int BUDGET_FACTOR = 4;

  /// They make of the elements they read some, in no known number.
  private static final Set<String> SELECTING = Set.of("NonZero", "Compress", "Unique");

  private static final long BYTES_OF_A_POSITION = 8;

  private static final Set<String> NEVER =
      Set.of(
          "Constant",
          "RandomNormal",
          "RandomNormalLike",
          "RandomUniform",
          "RandomUniformLike",
          "Multinomial",
          "Bernoulli",
          "Dropout",
          "QuantizeLinear",
          "DequantizeLinear",
          "DynamicQuantizeLinear");

  @Override
  public Model apply(Model model) {
    Model folded = model;
    Budget budget = Budget.of(model.graph());
    for (int round = 0; round < MAX_ROUNDS; round++) {
      Types types = ShapeInference.infer(folded);
      Map<String, Tensor> known = shapeData(folded.graph(), types);
      Model settled = folded.withGraph(with(folded.graph(), known));
      Map<String, Tensor> computed = compute(settled, types, budget);
      if (known.isEmpty() && computed.isEmpty()) {
        return folded;
      }
      folded = settled.withGraph(with(settled.graph(), computed));
    }
    return folded;
  }

  /// The graph with these values as initializers and without the nodes that made them.
  private static Graph with(Graph graph, Map<String, Tensor> values) {
    Map<String, Tensor> constants = new LinkedHashMap<>(graph.initializers());
    constants.putAll(values);
    List<Node> left =
        graph.nodes().stream()
            .filter(node ->
                node.outputs().stream().noneMatch(values::containsKey)
                    || !node.outputs().stream()
                        .allMatch(out -> out.isEmpty() || values.containsKey(out)))
            .toList();
    return Order.prune(graph.withNodes(left).withInitializers(constants));
  }

  private static Map<String, Tensor> shapeData(Graph graph, Types types) {
    Map<String, Tensor> known = new LinkedHashMap<>();
    for (Node node : graph.nodes()) {
      if (node.is("Constant") || node.outputs().size() != 1) {
        continue;
      }
      Optional<TensorType> type = types.type(node.output());
      Optional<List<Dim>> contents =
          types.contents(node.output()).filter(list -> list.stream().allMatch(Dim::isKnown));
      Optional<Shape> shape = type.flatMap(TensorType::shape);
      if (contents.isPresent() && shape.isPresent()) {
        long[] values = contents.get().stream().mapToLong(Dim::size).toArray();
        if (type.get().dtype() == DType.INT64) {
          known.put(node.output(), Tensor.of(shape.get(), values));
        } else if (type.get().dtype() == DType.INT32 && fitInt(values)) {
          int[] narrow = java.util.Arrays.stream(values).mapToInt(value -> (int) value).toArray();
          known.put(node.output(), Tensor.of(shape.get(), narrow));
        } else if (type.get().dtype() == DType.BOOL) {
          known.put(node.output(), truths(shape.get(), values));
        }
      }
    }
    return known;
  }

  private static Tensor truths(Shape shape, long[] values) {
    byte[] truths = new byte[values.length];
    for (int i = 0; i < values.length; i++) {
      truths[i] = (byte) (values[i] != 0 ? 1 : 0);
    }
    return Tensor.of(DType.BOOL, shape, truths);
  }

  private static boolean fitInt(long[] values) {
    return java.util.Arrays.stream(values).allMatch(value -> value == (int) value);
  }

  /// Bytes that results may still take.
  private static final class Budget {
    private long left;

    private Budget(long left) {
      this.left = left;
    }

    static Budget of(Graph graph) {
      long constants = 0;
      for (Tensor tensor : graph.initializers().values()) {
        constants += tensor.byteSize();
      }
      return new Budget(BUDGET + BUDGET_FACTOR * constants);
    }

    boolean take(long bytes) {
      if (bytes > left) {
        return false;
      }
      left -= bytes;
      return true;
    }
  }

  private Map<String, Tensor> compute(Model model, Types types, Budget budget) {
    List<Node> ready = new ArrayList<>();
    Set<String> constant = new HashSet<>(model.graph().initializers().keySet());
    model.graph().inputs().forEach(input -> constant.remove(input.name()));
    for (Node node : model.graph().nodes()) {
      boolean fed = node.inputs().stream().allMatch(in -> in.isEmpty() || constant.contains(in));
      if (fed && isFoldable(node, types) && budget.take(made(node, types).orElse(0))) {
        ready.add(node);
        constant.addAll(node.outputs());
      }
    }
    Map<String, Tensor> results = new LinkedHashMap<>();
    if (!ready.isEmpty()) {
      try {
        results.putAll(run(model, ready, Map.of()));
      } catch (UnusableInputException refused) {
        oneByOne(model, ready, results);
      }
    }
    Map<String, Tensor> all = new LinkedHashMap<>(model.graph().initializers());
    all.putAll(results);
    ready.stream()
        .filter(node -> isTooLarge(node, all))
        .forEach(node -> node.outputs().forEach(results::remove));
    return results;
  }

  private static boolean isFoldable(Node node, Types types) {
    if (!node.domain().isEmpty() || NEVER.contains(node.opType())) {
      return false;
    }
    boolean plain =
        node.attributes().values().stream()
            .noneMatch(attribute ->
                attribute instanceof Attribute.Subgraph || attribute instanceof Attribute.Raw);
    boolean inputsFit =
        node.inputs().stream()
            .allMatch(in -> in.isEmpty() || types.type(in).filter(FoldConstants::fits).isPresent());
    boolean outputsFit =
        node.outputs().stream()
            .allMatch(
                out -> out.isEmpty() || types.type(out).filter(FoldConstants::fits).isPresent());
    boolean pairwise = !node.is("Einsum") || node.inputs().size() <= 2;
    return plain && inputsFit && outputsFit && pairwise && !isTooLarge(node, types);
  }

  private static boolean fits(TensorType type) {
    return type.dtype().isFloat()
        || type.dtype() == DType.BOOL
        || type.dtype().isInteger() && type.dtype().bits() >= 32;
  }

  private static boolean isTooLarge(Node node, Types types) {
    OptionalLong made = made(node, types);
    return made.isEmpty()
        || made.getAsLong() > SMALL && made.getAsLong() > bytes(node.inputs(), types).orElse(0);
  }

  /// Bytes of the results; empty where nobody can tell.
  private static OptionalLong made(Node node, Types types) {
    if (SELECTING.contains(node.opType())) {
      OptionalLong read = bytes(node.inputs(), types);
      long most = BYTES_OF_A_POSITION * Math.max(1, types.rank(node.input(0))); // for each byte
      return read.isPresent() && read.getAsLong() <= SMALL
          ? OptionalLong.of(read.getAsLong() * most)
          : OptionalLong.empty();
    }
    return ShapeInference.tells(node) ? bytes(node.outputs(), types) : OptionalLong.empty();
  }

  /// Of different values; empty where the size of one is not known.
  private static OptionalLong bytes(List<String> names, Types types) {
    long sum = 0;
    for (String name : new LinkedHashSet<>(names)) {
      OptionalLong bytes = name.isEmpty() ? OptionalLong.of(0) : types.bytes(name);
      if (bytes.isEmpty() || bytes.getAsLong() > Long.MAX_VALUE - sum) {
        return OptionalLong.empty();
      }
      sum += bytes.getAsLong();
    }
    return OptionalLong.of(sum);
  }

  private static boolean isTooLarge(Node node, Map<String, Tensor> values) {
    return bytes(node.outputs(), values) > SMALL
        && bytes(node.outputs(), values) > bytes(node.inputs(), values);
  }

  private static long bytes(List<String> names, Map<String, Tensor> values) {
    return names.stream()
        .filter(values::containsKey)
        .mapToLong(name -> values.getOrDefault(name, Tensor.scalar(0)).byteSize())
        .sum();
  }

  /// Where the runtime refuses one of the nodes, the others are still computed.
  private void oneByOne(Model model, List<Node> nodes, Map<String, Tensor> results) {
    for (Node node : nodes) {
      boolean fed =
          node.inputs().stream()
              .allMatch(in ->
                  in.isEmpty()
                      || results.containsKey(in)
                      || model.graph().initializers().containsKey(in));
      if (fed) {
        try {
          results.putAll(run(model, List.of(node), Map.copyOf(results)));
        } catch (UnusableInputException refused) {
          continue; // the node stays, and what depends on it
        }
      }
    }
  }

  private Map<String, Tensor> run(Model model, List<Node> nodes, Map<String, Tensor> made) {
    Map<String, Tensor> constants = new LinkedHashMap<>();
    List<Value> outputs = new ArrayList<>();
    for (Node node : nodes) {
      for (String in : node.inputs()) {
        Tensor tensor = made.getOrDefault(in, model.graph().initializers().get(in));
        if (tensor != null) {
          constants.put(in, tensor);
        }
      }
      node.outputs().stream()
          .filter(out -> !out.isEmpty())
          .forEach(out -> outputs.add(new Value(out, Optional.empty(), List.of())));
    }
    Graph graph =
        new Graph("constants", nodes, constants, List.of(), outputs, List.of(), List.of());
    Model small =
        new Model(model.irVersion(), model.opsets(), "halftone", "", graph, Map.of(), List.of());
    try (Runner runner = runtime.open(small, Backend.Options.VERBATIM)) {
      return runner.run(Map.of());
    }
  }
}
