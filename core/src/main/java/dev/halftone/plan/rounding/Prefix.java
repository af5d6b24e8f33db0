package dev.halftone.plan.rounding;

import static java.util.Objects.requireNonNull;

import dev.halftone.data.Dataset;
import dev.halftone.engine.Backend;
import dev.halftone.engine.Parallel;
import dev.halftone.engine.Runner;
import dev.halftone.graph.Model;
import dev.halftone.graph.Node;
import dev.halftone.graph.Value;
import dev.halftone.scheme.Affine;
import dev.halftone.tensor.Tensor;
import java.lang.foreign.Arena;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/// A network as far as it has been run on a few samples, piece by piece: what later pieces read is kept, what no later one reads is
/// forgotten. Nodes may be changed before the piece that holds them is run.
final class Prefix implements AutoCloseable {

  private final Backend runtime;
  private final Model model;
  private final Dataset data;
  private final int threads;
  private final Map<String, ActivationStorage> forms;
  private final KeptTensors kept;
  private final Map<Node, Node> changed = new HashMap<>();
  private final Map<String, Tensor> constants = new HashMap<>();

  /// @param forms how the tensors between the pieces are kept
  Prefix(
      Backend runtime,
      Model model,
      Dataset data,
      int threads,
      Map<String, ? extends ActivationStorage> forms) {
    this.runtime = runtime;
    this.model = model;
    this.data = data;
    this.threads = threads;
    this.forms = Map.copyOf(forms);
    this.kept = new KeptTensors(data.size());
    model.graph().requiredInputs().stream().map(Value::name).forEach(this::takeIn);
  }

  /// Inputs of the model are rounded to their grids once.
  private void takeIn(String input) {
    switch (forms.get(input)) {
      case ActivationStorage.Integers(Affine grid) -> takeIn(input, reals -> integers(reals, grid));
      case ActivationStorage.Rounded(Affine grid) -> takeIn(input, reals -> rounded(reals, grid));
      case null, default -> {}
    }
  }

  private void takeIn(String input, UnaryOperator<Tensor> form) {
    kept.declare(input);
    Parallel.forEach(
        data.size(), threads, sample -> kept.put(input, sample, form.apply(given(input, sample))));
  }

  private Tensor given(String input, int sample) {
    return requireNonNull(data.sample(sample).inputs().get(input));
  }

  private static Tensor integers(Tensor reals, Affine grid) {
    float[] values = reals.toFloats();
    int[] integers = new int[values.length];
    for (int i = 0; i < values.length; i++) {
      integers[i] = grid.quantize(values[i]);
    }
    return Tensor.ofIntegers(grid.type().storage(), reals.shape(), integers);
  }

  private static Tensor rounded(Tensor reals, Affine grid) {
    float[] values = reals.toFloats();
    for (int i = 0; i < values.length; i++) {
      values[i] = grid.dequantize(grid.quantize(values[i]));
    }
    return Tensor.of(reals.shape(), values);
  }

  /// From now on this node is run in place of the graph's, reading these constants beside the graph's.
  void change(Node node, Node now, Map<String, Tensor> reads) {
    changed.put(node, now);
    constants.putAll(reads);
  }

  void forget(String tensor) {
    kept.forget(tensor);
  }

  /// What makes `target` from what is kept.
  Segment segment(String target) {
    Set<String> known = new HashSet<>();
    forms.keySet().stream().filter(kept::holds).forEach(known::add);
    return known.contains(target)
        ? new Segment(target, Set.of(target), List.of())
        : Segment.between(model.graph(), known, target);
  }

  /// @param further names of inputs that changed nodes read
  Runner open(Segment segment, List<String> further) {
    List<Node> nodes =
        segment.nodes().stream().map(node -> changed.getOrDefault(node, node)).toList();
    return open(segment.model(model, nodes, constants, further, forms));
  }

  Runner open(Model piece) {
    return runtime.open(piece, Backend.Options.SERVING);
  }

  Model model() {
    return model;
  }

  int samples() {
    return data.size();
  }

  int threads() {
    return threads;
  }

  /// Runs the segment for one sample.
  void run(
      Segment segment,
      Runner runner,
      Map<String, Tensor> further,
      int sample,
      Consumer<Map<String, Tensor>> use) {
    Map<String, Tensor> inputs = new HashMap<>(further);
    try (Arena memory = Arena.ofConfined()) {
      for (String feed : segment.feeds()) {
        if (kept.holds(feed)) {
          inputs.put(ActivationStorage.name(feed), kept.get(feed, sample, memory));
        } else {
          inputs.put(feed, given(feed, sample));
        }
      }
      runner.run(inputs, use);
    }
  }

  /// Runs the segment for every sample, several at once.
  void each(
      Segment segment,
      Runner runner,
      Map<String, Tensor> further,
      BiConsumer<Integer, Map<String, Tensor>> use) {
    Parallel.forEach(
        data.size(),
        threads,
        sample -> run(segment, runner, further, sample, outputs -> use.accept(sample, outputs)));
  }

  /// Runs the segment and keeps its target, where that is a tensor to keep.
  void advance(Segment segment, Runner runner, Map<String, Tensor> further) {
    String target = segment.target();
    if (!forms.containsKey(target)) {
      return;
    }
    kept.declare(target);
    each(
        segment,
        runner,
        further,
        (sample, outputs) ->
            kept.put(target, sample, requireNonNull(outputs.get(ActivationStorage.name(target)))));
  }

  void advance(Segment segment) {
    if (forms.containsKey(segment.target())) {
      try (Runner runner = open(segment, List.of())) {
        advance(segment, runner, Map.of());
      }
    }
  }

  /// Where the values of one tensor come from, sample by sample.
  Source source(String tensor) {
    if (kept.holds(tensor)) {
      return Source.kept(requireNonNull(forms.get(tensor)), sample -> kept.get(tensor, sample));
    }
    if (model.graph().requiredInputs().stream().anyMatch(input -> input.name().equals(tensor))) {
      return Source.kept(new ActivationStorage.Full(), sample -> given(tensor, sample));
    }
    Segment segment = segment(tensor);
    ActivationStorage form = formOf(tensor);
    Runner runner = open(segment, List.of());
    String name =
        form instanceof ActivationStorage.Full
            ? segment.target()
            : ActivationStorage.name(segment.target());
    return new Source(
        form,
        (use, sample) ->
            run(
                segment,
                runner,
                Map.of(),
                sample,
                outputs -> use.accept(requireNonNull(outputs.get(name)))),
        runner::close);
  }

  private ActivationStorage formOf(String tensor) {
    ActivationStorage form = forms.get(tensor);
    return form == null ? new ActivationStorage.Full() : form;
  }

  @Override
  public void close() {
    kept.close();
  }
}
