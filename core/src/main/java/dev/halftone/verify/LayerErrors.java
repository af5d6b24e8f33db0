package dev.halftone.verify;

import dev.halftone.data.Dataset;
import dev.halftone.engine.Backend;
import dev.halftone.engine.Execution;
import dev.halftone.engine.InOrder;
import dev.halftone.engine.Progress;
import dev.halftone.engine.Runner;
import dev.halftone.graph.Graph;
import dev.halftone.graph.Model;
import dev.halftone.graph.Node;
import dev.halftone.graph.Value;
import dev.halftone.tensor.Tensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// Error by layer: the activations of the float model against the tensors of the same names in variants of the quantized model,
/// which keep the name on the dequantized value.
public final class LayerErrors {

  /// Weights and activations quantized: the model as it is delivered.
  public static final String QUANTIZED = "quantized";

  /// Only the weights are quantized.
  public static final String WEIGHTS_ONLY = "weights only";

  /// Only the activations are quantized.
  public static final String ACTIVATIONS_ONLY = "activations only";

  private LayerErrors() {}

  /// Errors of those of `tensors` that a node makes in every model and that hold floats, in the order given. The models run as
  /// they stand, node by node. Memory holds all these tensors of `threads` samples, not more.
  ///
  /// @param variants models by the name of what is quantized in them
  public static List<LayerError> measure(
      Execution execution,
      Model floatModel,
      Map<String, Model> variants,
      List<String> tensors,
      Dataset data) {
    Backend runtime = execution.runtime();
    Progress progress = execution.progress().stage("Measuring layers", data.size());
    List<String> names = inAll(floatModel, variants, tensors);
    if (names.isEmpty() || variants.isEmpty()) {
      return List.of();
    }
    Map<String, Runner> runners = new LinkedHashMap<>();
    Runner reference = runtime.open(watching(floatModel, names), Backend.Options.VERBATIM);
    try {
      variants.forEach((variant, model) ->
          runners.put(variant, runtime.open(watching(model, names), Backend.Options.VERBATIM)));
      Map<String, Map<String, ChannelError>> sums = new LinkedHashMap<>();
      InOrder.run(
          data.size(),
          execution.threads(),
          index -> errors(reference, runners, names, data.sample(index).inputs()),
          sample -> {
            add(sums, sample);
            progress.step();
          });
      return results(names, sums, producers(floatModel.graph()));
    } finally {
      runners.values().forEach(Runner::close);
      reference.close();
    }
  }

  private static List<String> inAll(
      Model floatModel, Map<String, Model> variants, List<String> tensors) {
    Set<String> names = new LinkedHashSet<>(tensors);
    names.retainAll(producers(floatModel.graph()).keySet());
    variants.values().forEach(model -> names.retainAll(producers(model.graph()).keySet()));
    return List.copyOf(names);
  }

  /// Operation that makes each value.
  private static Map<String, String> producers(Graph graph) {
    Map<String, String> producers = new HashMap<>();
    for (Node node : graph.nodes()) {
      node.outputs().forEach(output -> producers.put(output, node.opType()));
    }
    producers.remove("");
    return producers;
  }

  /// The model with these values among its outputs.
  static Model watching(Model model, List<String> names) {
    Graph graph = model.graph();
    Map<String, Value> known =
        graph.valueInfo().stream()
            .collect(Collectors.toMap(Value::name, value -> value, (first, _) -> first));
    List<Value> outputs = new ArrayList<>(graph.outputs());
    Set<String> present =
        outputs.stream().map(Value::name).collect(Collectors.toCollection(LinkedHashSet::new));
    for (String name : names) {
      if (present.add(name)) {
        outputs.add(known.getOrDefault(name, new Value(name, Optional.empty(), List.of())));
      }
    }
    return model.withGraph(graph.withOutputs(outputs));
  }

  /// Of one sample: by variant, then by tensor.
  private static Map<String, Map<String, ChannelError>> errors(
      Runner reference,
      Map<String, Runner> runners,
      List<String> names,
      Map<String, Tensor> inputs) {
    Map<String, float[]> truth = new HashMap<>();
    reference.run(
        inputs,
        outputs ->
            names.forEach(name -> {
              Tensor tensor = outputs.get(name);
              if (tensor != null && tensor.dtype().isFloat()) {
                truth.put(name, tensor.toFloats());
              }
            }));
    Map<String, Map<String, ChannelError>> errors = new LinkedHashMap<>();
    runners.forEach((variant, runner) ->
        runner.run(
            inputs,
            outputs -> {
              Map<String, ChannelError> byTensor = new HashMap<>();
              truth.forEach((name, r) -> {
                Tensor q = outputs.get(name);
                if (q != null && q.dtype().isFloat() && q.count() == r.length) {
                  byTensor.put(name, ChannelError.of(r, q.toFloats(), q.shape()));
                }
              });
              errors.put(variant, byTensor);
            }));
    return errors;
  }

  private static void add(
      Map<String, Map<String, ChannelError>> sums, Map<String, Map<String, ChannelError>> sample) {
    sample.forEach((variant, byTensor) -> {
      Map<String, ChannelError> sum = sums.computeIfAbsent(variant, _ -> new HashMap<>());
      byTensor.forEach((name, error) -> sum.merge(name, error, ChannelError::plus));
    });
  }

  private static List<LayerError> results(
      List<String> names,
      Map<String, Map<String, ChannelError>> sums,
      Map<String, String> producers) {
    List<LayerError> layers = new ArrayList<>();
    for (String name : names) {
      Map<String, LayerError.Variant> variants = new LinkedHashMap<>();
      sums.forEach((variant, byTensor) -> {
        ChannelError error = byTensor.get(name);
        if (error != null) {
          variants.put(variant, new LayerError.Variant(error.sqnr(), error.worst()));
        }
      });
      if (!variants.isEmpty()) {
        layers.add(new LayerError(name, producers.getOrDefault(name, ""), variants));
      }
    }
    return layers;
  }
}
