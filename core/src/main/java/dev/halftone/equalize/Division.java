package dev.halftone.equalize;

import dev.halftone.graph.Graph;
import dev.halftone.graph.GraphEdit;
import dev.halftone.graph.GraphIndex;
import dev.halftone.graph.Node;
import dev.halftone.tensor.Shape;
import dev.halftone.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Divides channels in a graph: constants where they are made and where they are read, a product before each gate, and a clamp where a
/// shut gate makes values of no account.
final class Division {

  private final GraphIndex index;
  private final GraphEdit edit;

  /// Nodes as they shall be.
  private final Map<Node, Node> changed = new IdentityHashMap<>();

  /// Constants as they shall be, by node and input: a weight can belong to two stretches.
  private final Map<Node, Map<Integer, Tensor>> constants = new IdentityHashMap<>();

  Division(Graph graph) {
    this.index = new GraphIndex(graph);
    this.edit = new GraphEdit(graph);
  }

  void of(ScalableRegion stretch, ScaledChannels scaled) {
    if (scaled.isDivided()) {
      double[] factors = scaled.factors().stream().mapToDouble(Double::doubleValue).toArray();
      double[] inverse = Arrays.stream(factors).map(factor -> 1 / factor).toArray();
      stretch.makers().forEach(maker -> scale(maker, inverse));
      stretch.readers().forEach(reader -> scale(reader.weight(), factors));
      stretch.gates().forEach(gate -> restore(gate, stretch.axis(), factors));
    }
    scaled.floor().ifPresent(floor -> clamp(stretch.tensor(), floor));
  }

  private void scale(ChannelConstant constant, double[] factors) {
    constants
        .computeIfAbsent(constant.node(), _ -> new TreeMap<>())
        .merge(
            constant.input(),
            constant.times(factors, constant.value()),
            (now, _) -> constant.times(factors, now));
  }

  /// A gate reads what there was before the division, as far as it heeds it.
  private void restore(ScalableRegion.Argument argument, int axis, double[] factors) {
    String value = argument.value();
    SelfGate gate = argument.gate();
    long[] dims = new long[-axis];
    Arrays.fill(dims, 1);
    dims[0] = factors.length;
    float[] numbers = new float[factors.length];
    for (int c = 0; c < numbers.length; c++) {
      numbers[c] = (float) factors[c];
    }
    String factor = edit.addConstant(value + "_factor", Tensor.of(new Shape(dims), numbers));
    String restored = edit.freshName(value + "_restored");
    String heeded = edit.freshName(value + "_heeded");
    edit.add(
        Node.of(
            "Mul",
            edit.freshName(gate.reader().label() + "_restore"),
            List.of(value, factor),
            List.of(restored)));
    edit.add(
        Node.of(
            "Clip",
            edit.freshName(gate.reader().label() + "_heed"),
            List.of(restored, bound(value, gate.low()), bound(value, gate.reach())),
            List.of(heeded)));
    Node reader = now(gate.reader());
    changed.put(
        gate.reader(),
        reader.withInputs(
            reader.inputs().stream().map(in -> in.equals(value) ? heeded : in).toList()));
  }

  private void clamp(String tensor, float floor) {
    Node maker = index.producer(tensor).orElseThrow();
    String whole = edit.freshName(tensor + "_whole");
    changed.put(maker, now(maker).withOutputs(List.of(whole)));
    edit.add(
        Node.of(
            "Clip",
            edit.freshName(maker.label() + "_floor"),
            List.of(whole, bound(tensor, floor)),
            List.of(tensor)));
  }

  private String bound(String tensor, float value) {
    return edit.addConstant(tensor + "_bound", Tensor.scalar(value));
  }

  private Node now(Node node) {
    return changed.getOrDefault(node, node);
  }

  /// In graph order: names that are made up depend on nothing else.
  Graph done() {
    for (Node node : index.graph().nodes()) {
      List<String> inputs = new ArrayList<>(now(node).inputs());
      constants
          .getOrDefault(node, Map.of())
          .forEach((input, value) ->
              inputs.set(input, edit.addConstant(node.input(input) + "_scaled", value)));
      Node rewired = now(node).withInputs(inputs);
      if (!rewired.equals(node)) {
        edit.replace(node, rewired);
      }
    }
    return edit.build();
  }
}
