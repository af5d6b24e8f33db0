package dev.halftone.rewrite;

import static java.util.Objects.requireNonNull;

import dev.halftone.device.Device;
import dev.halftone.device.Devices;
import dev.halftone.device.Surroundings;
import dev.halftone.device.Trait;
import dev.halftone.form.Folded;
import dev.halftone.form.Form;
import dev.halftone.form.ProductInput;
import dev.halftone.form.SharedConstants;
import dev.halftone.form.WeightStorage;
import dev.halftone.graph.Graph;
import dev.halftone.graph.GraphEdit;
import dev.halftone.graph.GraphIndex;
import dev.halftone.graph.Model;
import dev.halftone.graph.Node;
import dev.halftone.plan.Copies;
import dev.halftone.plan.Layer;
import dev.halftone.plan.Plan;
import dev.halftone.plan.QuantizedLayer;
import dev.halftone.prepare.RaiseOpset;
import dev.halftone.scheme.Affine;
import dev.halftone.scheme.Granularity;
import dev.halftone.scheme.QuantizedType;
import dev.halftone.scheme.QuantizedWeight;
import dev.halftone.tensor.DType;
import dev.halftone.tensor.Shape;
import dev.halftone.tensor.Tensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// Puts QuantizeLinear and DequantizeLinear where the plan says, so that a runtime sees which operations it may run in integers.
///
/// A quantized tensor keeps its name on the dequantized side: whoever read it before reads the rounded values now, and the tensor of the
/// float model and that of the quantized one can be compared by name. What its producer makes is called `f1`, its
/// integers `q1`: names are a good part of a small file.
public final class InsertQdq {

  private final Graph graph;
  private final Plan plan;
  private final Map<String, QuantizedLayer> layers;
  private final GraphEdit edit;
  private final GraphIndex index;
  private final BiasFusion fusion;
  private final SharedConstants shared;
  private final LayerConstants layerConstants;
  private final StoredConstants stored;
  private final IntegerProducts products;
  private final Map<String, String> producedAs = new HashMap<>();
  private final Map<String, String> quantizedAs = new HashMap<>();
  private final Map<String, String> inputView = new HashMap<>();
  private final Map<String, String> constantView = new HashMap<>();

  private InsertQdq(Model model, Plan plan, Map<String, QuantizedLayer> layers) {
    this.graph = model.graph();
    this.plan = plan;
    this.layers = layers;
    this.edit = new GraphEdit(graph);
    this.index = new GraphIndex(graph);
    this.fusion = new BiasFusion(model, index, plan);
    this.shared = new SharedConstants(edit);
    this.stored = new StoredConstants(graph, edit, shared, plan, layers);
    this.layerConstants = new LayerConstants(edit, shared, stored);
    this.products =
        new IntegerProducts(edit, shared, new RuntimeOne(graph, edit, shared), model.opset());
  }

  /// The model is raised to a newer opset where the plan's integers need it: those of 16 bits, and weights that take less than a byte.
  ///
  /// @param layers the numbers of each layer by its key; a layer that is missing keeps its float weights
  public static Model apply(Model model, Plan plan, Map<String, QuantizedLayer> layers) {
    Model ready = isNarrowOrWide(plan, layers) ? RaiseOpset.to(model, WeightStorage.OPSET) : model;
    return ready.withGraph(new InsertQdq(ready, plan, layers).apply());
  }

  private static boolean isNarrowOrWide(Plan plan, Map<String, QuantizedLayer> layers) {
    return plan.isWide()
        || layers.values().stream()
            .map(QuantizedLayer::weight)
            .anyMatch(InsertQdq::isPackedOrInBlocks)
        || plan.stored().stream().anyMatch(weight -> weight.type().bits() < 8);
  }

  private static boolean isPackedOrInBlocks(QuantizedWeight weight) {
    return WeightStorage.packs(weight)
        || weight.grid().granularity() instanceof Granularity.PerGroup;
  }

  private Graph apply() {
    plan.activations().forEach(this::activation);
    graph.nodes().reversed().forEach(this::passOnName);
    Map<String, Layer> byKey = new HashMap<>();
    plan.layers().forEach(planned -> byKey.put(planned.layer().key(), planned.layer()));
    for (Node node : graph.nodes()) {
      if (isAbsorbed(node) || isRescaled(node)) {
        edit.remove(node);
        continue;
      }
      if (isIdleCopy(node)) {
        edit.remove(node).redirect(node.output(), node.input(0));
        continue;
      }
      Node rewired = rename(node);
      Layer layer = byKey.get(node.output());
      if (layer != null && layers.containsKey(layer.key())) {
        rewired =
            DefaultAttributes.drop(
                weighted(node, rewired, layer, requireNonNull(layers.get(layer.key()))));
      } else if (stored.isReader(node)) {
        rewired = stored.read(node, rewired);
      } else {
        rewired = unfused(node, shielded(node, constants(node, rewired)));
      }
      if (!rewired.equals(node)) {
        edit.replace(node, rewired);
      }
    }
    stored.redirect(layerConstants::of);
    return ContractGelu.apply(ContractHardSigmoid.apply(edit.build()));
  }

  private Node weighted(Node original, Node rewired, Layer layer, QuantizedLayer numbers) {
    Optional<ProductInput> product = plan.product(layer);
    if (product.isPresent()) {
      return products.write(
          rewired, layer, product.get(), layerConstants.weights(layer, numbers), numbers.bias());
    }
    Optional<Affine> input = Optional.ofNullable(plan.activations().get(layer.input()));
    Optional<Affine> output = Optional.ofNullable(plan.activations().get(layer.output()));
    boolean isWide = Stream.of(input, output).flatMap(Optional::stream).anyMatch(InsertQdq::isWide);
    Form form = isWide && layer.form().readsIntegers() ? new Folded() : layer.form();
    return form.readsIntegers()
        ? layerConstants.read(rewired, layer, numbers, form, input)
        : shielded(original, layerConstants.read(rewired, layer, numbers, form, Optional.empty()));
  }

  /// 16-bit integers, for which ONNX Runtime has no kernels: it converts them to float and computes with these.
  private static boolean isWide(Affine grid) {
    return grid.type().isWide();
  }

  /// A product whose output is a second view of its input's integers.
  private boolean isRescaled(Node node) {
    return plan.activations().containsKey(node.output())
        && plan.rescaled().containsKey(node.output());
  }

  /// float -> QuantizeLinear -> DequantizeLinear -> the tensor's own name.
  private void activation(String tensor, Affine grid) {
    String scale = scale(grid);
    String zeroPoint = zeroPoint(grid);
    boolean fed = index.producer(tensor).isEmpty();
    String quantized;
    if (plan.rescaled().containsKey(tensor)) {
      quantized = requireNonNull(quantizedAs.get(requireNonNull(plan.rescaled().get(tensor))));
    } else {
      int number = quantizedAs.size() + 1;
      String real = fed ? tensor : edit.freshName("f" + number);
      quantized = edit.freshName("q" + number);
      producedAs.put(tensor, real);
      edit.add(Node.of("QuantizeLinear", "", List.of(real, scale, zeroPoint), List.of(quantized)));
      quantized = narrowed(quantized, grid.type());
    }
    quantizedAs.put(tensor, quantized);
    String view = tensor;
    if (fed) {
      // a graph input keeps its name, so its readers are turned to the rounded view one by one
      view = edit.freshName(tensor + "_dequantized");
      inputView.put(tensor, view);
    }
    edit.add(Node.of("DequantizeLinear", "", List.of(quantized, scale, zeroPoint), List.of(view)));
  }

  /// QuantizeLinear saturates at what a byte holds: fewer codes take a clamp on the integers.
  private String narrowed(String integers, QuantizedType type) {
    if (!type.isNarrow()) {
      return integers;
    }
    String narrow = edit.freshName("n" + integers.substring(1));
    String low = code("code", type, type.low());
    String high = code("code", type, type.high());
    edit.add(Node.of("Clip", "", List.of(integers, low, high), List.of(narrow)));
    return narrow;
  }

  private String code(String wanted, QuantizedType type, int integer) {
    return shared.add(wanted, Tensor.ofIntegers(type.storage(), Shape.SCALAR, integer));
  }

  private String scale(Affine grid) {
    return shared.add("scale", Tensor.scalar(grid.scale()));
  }

  private String zeroPoint(Affine grid) {
    return code("zero_point", grid.type(), grid.zeroPoint());
  }

  /// A clamp that the quantized range performs: what it read is what gets quantized.
  private boolean isAbsorbed(Node node) {
    return plan.absorbed().contains(node.output()) && plan.activations().containsKey(node.output());
  }

  /// A copy that nothing is to round.
  private boolean isIdleCopy(Node node) {
    return Copies.isCopy(node)
        && !plan.activations().containsKey(node.output())
        && !index.isOutput(node.output());
  }

  /// What only an absorbed clamp reads is made under the name of what the clamp made.
  private void passOnName(Node node) {
    if (isAbsorbed(node)) {
      String produced = requireNonNull(producedAs.get(node.output()));
      String read = node.input(0);
      if (index.onlyConsumer(read).isPresent()
          && index.producer(read).isPresent()
          && !plan.activations().containsKey(read)) {
        producedAs.put(read, produced);
      } else {
        edit.redirect(produced, read);
      }
    }
  }

  private Node rename(Node node) {
    List<String> outputs =
        node.outputs().stream().map(out -> producedAs.getOrDefault(out, out)).toList();
    List<String> inputs = node.inputs().stream().map(in -> inputView.getOrDefault(in, in)).toList();
    return node.withOutputs(outputs).withInputs(inputs);
  }

  private Node constants(Node original, Node rewired) {
    if (!plan.roundsOperands(original, index)) {
      return rewired;
    }
    List<String> inputs = new ArrayList<>(rewired.inputs());
    for (int i = 0; i < inputs.size(); i++) {
      Affine grid = plan.constants().get(original.input(i));
      Optional<Tensor> value = graph.constant(original.input(i));
      if (grid != null && value.isPresent()) {
        inputs.set(i, constant(original.input(i), value.get(), grid));
      }
    }
    return rewired.withInputs(inputs);
  }

  /// ONNX Runtime rounds constant weights to 8 bits, with one scale for all channels, where the operation stands between a
  /// DequantizeLinear and a QuantizeLinear. A sum of one operand between it and what it reads costs a copy and keeps them as they are. It also keeps
  /// the runtime from fusing what it then has no kernel for.
  private Node shielded(Node original, Node rewired) {
    Device runtime = Devices.ONNX_RUNTIME_CPU;
    boolean exposed =
        (runtime.has(original, Trait.ROUNDS_WEIGHTS)
                    && graph.constant(original.input(1)).isPresent()
                || runtime.has(original, Trait.FUSED_BLINDLY)
                    && runtime.support(original, Surroundings.of(index)).refusal().isPresent())
            && plan.activations().containsKey(original.input(0))
            && plan.makesIntegers(original, index);
    return exposed ? copying(rewired, 0, original.input(0)) : rewired;
  }

  private Node unfused(Node original, Node rewired) {
    return fusion
        .input(original)
        .map(input -> copying(rewired, input, original.input(input)))
        .orElse(rewired);
  }

  /// The node, reading at one input a copy of what it reads there.
  private Node copying(Node rewired, int input, String name) {
    List<String> inputs = new ArrayList<>(rewired.inputs());
    String copy = edit.freshName(name + "_copy");
    edit.add(Node.of("Sum", "", List.of(inputs.get(input)), List.of(copy)));
    inputs.set(input, copy);
    return rewired.withInputs(inputs);
  }

  private String constant(String name, Tensor value, Affine grid) {
    String known = constantView.get(name);
    if (known != null) {
      return known;
    }
    float[] reals = value.toFloats();
    int[] integers = new int[reals.length];
    for (int i = 0; i < reals.length; i++) {
      integers[i] = grid.quantize(reals[i]);
    }
    DType storage = grid.type().storage();
    String scale = scale(grid);
    String zeroPoint = zeroPoint(grid);
    String quantized =
        edit.addConstant(name + "_quantized", Tensor.ofIntegers(storage, value.shape(), integers));
    String real = edit.freshName(name + "_dequantized");
    edit.add(Node.of("DequantizeLinear", "", List.of(quantized, scale, zeroPoint), List.of(real)));
    constantView.put(name, real);
    return real;
  }
}
