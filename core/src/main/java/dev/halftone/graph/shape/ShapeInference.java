package dev.halftone.graph.shape;

import dev.halftone.graph.Attribute;
import dev.halftone.graph.Dim;
import dev.halftone.graph.Dim.Known;
import dev.halftone.graph.Dim.Named;
import dev.halftone.graph.Graph;
import dev.halftone.graph.GraphIndex;
import dev.halftone.graph.Model;
import dev.halftone.graph.Node;
import dev.halftone.graph.TensorType;
import dev.halftone.graph.Value;
import dev.halftone.tensor.Tensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Tells the type of every value of a model that can be told from its inputs, attributes and constants.
///
/// Extents may be numbers, names from the file, or unknown; an extent that the file says nothing of is followed under a name
/// of its own, so that two values known to agree in it are told so ([Types#sameShape]). Small whole numbers are
/// followed too, from Shape to Reshape. What a node of unknown operation makes is taken from the file's `value_info`, where it is
/// given, and unknown otherwise; declared types of other inner values are not trusted. Opsets 7 to 23. Never throws on a malformed model.
public final class ShapeInference {

  private static final Map<String, Rule> RULES = rules();

  /// What exporters write where an extent has no name; two of them need not be equal.
  private static final Set<String> NO_NAME = Set.of("", "?", "-1", "None", "none", "unk", "*");

  private final Model model;
  private final Map<String, Fact> facts = new HashMap<>();
  private final Set<Dim> symbols = new HashSet<>();

  private ShapeInference(Model model) {
    this.model = model;
  }

  public static Types infer(Model model) {
    return infer(model, Map.of());
  }

  /// Of a run with these inputs.
  public static Types of(Model model, Map<String, Tensor> inputs) {
    Map<String, TensorType> given = new HashMap<>();
    inputs.forEach(
        (name, tensor) -> given.put(name, TensorType.of(tensor.dtype(), tensor.shape())));
    return infer(model, given);
  }

  /// @param inputs what to take for the types of graph inputs in place of what the file says, by name
  public static Types infer(Model model, Map<String, TensorType> inputs) {
    ShapeInference inference = new ShapeInference(model);
    inference.run(inputs);
    return new Types(inference.facts, inference.symbols);
  }

  private static Map<String, Rule> rules() {
    Map<String, Rule> rules = new HashMap<>();
    rules.putAll(ElementwiseShapes.rules());
    rules.putAll(WindowShapes.rules());
    rules.putAll(ProductShapes.rules());
    rules.putAll(Reductions.rules());
    rules.putAll(LayoutShapes.rules());
    rules.putAll(Pieces.rules());
    rules.putAll(ResizeShapes.rules());
    rules.putAll(Sources.rules());
    return Map.copyOf(rules);
  }

  private void run(Map<String, TensorType> inputs) {
    Graph graph = model.graph();
    graph.initializers().forEach((name, tensor) -> facts.put(name, Fact.of(tensor)));
    for (Value input : graph.inputs()) {
      TensorType given = inputs.get(input.name());
      Optional<TensorType> type = given == null ? input.type() : Optional.of(given);
      facts.put(input.name(), new Fact(type, Optional.empty(), Optional.empty()));
      type.ifPresent(declared -> facts.put(input.name(), Fact.of(named(declared))));
    }
    Map<String, TensorType> declared = new HashMap<>();
    for (List<Value> values : List.of(graph.valueInfo(), graph.outputs())) {
      values.forEach(value -> value.type().ifPresent(type -> declared.put(value.name(), type)));
    }
    for (Node node : graph.nodes()) {
      List<Fact> results = results(node);
      for (int i = 0; i < node.outputs().size(); i++) {
        String name = node.outputs().get(i);
        Fact fact = i < results.size() ? results.get(i) : Fact.NOTHING;
        TensorType fallback = declared.get(name);
        if (fact.type().isEmpty() && fallback != null) {
          fact = Fact.of(named(fallback));
        }
        if (!name.isEmpty()) {
          facts.put(name, fact);
        }
      }
    }
  }

  private List<Fact> results(Node node) {
    if (node.is("Constant")) {
      return Sources.constant(node).map(tensor -> List.of(Fact.of(tensor))).orElse(List.of());
    }
    if (node.is("If")) {
      return branches(node);
    }
    Rule rule = rule(node);
    if (rule == null) {
      return List.of();
    }
    NodeInputs call = new NodeInputs(node, model.opset(), facts);
    List<Fact> results = new ArrayList<>();
    try {
      rule.infer(call).forEach(type -> results.add(Fact.of(named(type))));
    } catch (CannotTell
        | IndexOutOfBoundsException
        | ArithmeticException
        | IllegalArgumentException
        | java.util.NoSuchElementException malformed) {
      return List.of(); // attributes or inputs that do not fit the operation tell nothing
    }
    if (!results.isEmpty()) {
      results.set(0, withContents(call, results.getFirst()));
    }
    return results;
  }

  /// What both branches of an If make.
  private List<Fact> branches(Node node) {
    List<List<Optional<TensorType>>> made = new ArrayList<>();
    for (String key : List.of("then_branch", "else_branch")) {
      if (!(node.attributes().get(key) instanceof Attribute.Subgraph(Graph body))) {
        return List.of();
      }
      Types types =
          infer(
              BodyModels.within(
                  body, node, model, name -> facts.getOrDefault(name, Fact.NOTHING).type()));
      made.add(
          body.outputs().stream()
              .map(output -> types.type(output.name()).map(BodyModels::withoutSymbols))
              .toList());
    }
    List<Fact> results = new ArrayList<>();
    for (int i = 0; i < Math.min(made.getFirst().size(), made.getLast().size()); i++) {
      Optional<TensorType> other = made.getLast().get(i);
      results.add(
          made.getFirst()
              .get(i)
              .flatMap(one -> other.flatMap(two -> BodyModels.common(one, two)))
              .map(type -> Fact.of(named(type)))
              .orElse(Fact.NOTHING));
    }
    return results;
  }

  private static Fact withContents(NodeInputs call, Fact fact) {
    try {
      List<Dim> contents = Contents.of(call);
      Optional<Long> count =
          fact.type().flatMap(TensorType::shape).map(dev.halftone.tensor.Shape::count);
      boolean fits = count.isPresent() && count.get() == contents.size();
      return fits && contents.size() <= Fact.MAX_CONTENTS ? fact.withContents(contents) : fact;
    } catch (CannotTell
        | IndexOutOfBoundsException
        | ArithmeticException
        | IllegalArgumentException
        | java.util.NoSuchElementException malformed) {
      return fact;
    }
  }

  /// The type with a name of its own for each extent that has none.
  private TensorType named(TensorType type) {
    return new TensorType(
        type.dtype(), type.dims().map(dims -> dims.stream().map(this::named).toList()));
  }

  private Dim named(Dim dim) {
    boolean unknown =
        switch (dim) {
          case Known(long size) -> size < 0;
          case Named(String name) -> NO_NAME.contains(name);
          case Dim.Unknown _ -> true;
        };
    if (!unknown) {
      return dim;
    }
    Dim symbol = new Named("\u0000" + symbols.size());
    symbols.add(symbol);
    return symbol;
  }

  /// True of operations whose results are told here, not only by what a file declares.
  public static boolean tells(Node node) {
    return rule(node) != null;
  }

  private static @Nullable Rule rule(Node node) {
    return RULES.get(node.operation());
  }

  /// What a Constant node holds; empty of other nodes, and where it is no dense tensor of numbers, or not made under one name.
  public static Optional<Tensor> constant(Node node) {
    return node.is("Constant") && node.outputs().size() == 1
        ? Sources.constant(node)
        : Optional.empty();
  }

  /// The constant of this name: an initializer that no caller can override, or what a Constant node holds.
  public static Optional<Tensor> constant(GraphIndex index, String value) {
    return index.constant(value).or(() -> index.producer(value).flatMap(ShapeInference::constant));
  }
}
