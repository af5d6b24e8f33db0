package dev.halftone.graph.shape;

import dev.halftone.graph.Dim;
import dev.halftone.graph.TensorType;
import dev.halftone.tensor.DType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/// Operations that take axes together, or pick from them.
final class Reductions {

  private static final List<String> REDUCE =
      List.of("Sum Mean Max Min Prod L1 L2 LogSum LogSumExp SumSquare".split(" "));

  private Reductions() {}

  static Map<String, Rule> rules() {
    Map<String, Rule> rules = new HashMap<>();
    REDUCE.forEach(op -> rules.put("Reduce" + op, Reductions::reduce));
    rules.put("ArgMax", Reductions::arg);
    rules.put("ArgMin", Reductions::arg);
    rules.put("TopK", Reductions::topK);
    rules.put("NonZero", Reductions::nonZero);
    rules.put(
        "NonMaxSuppression",
        _ -> List.of(TensorType.of(DType.INT64, List.of(Dim.UNKNOWN, Dim.of(3)))));
    return rules;
  }

  private static List<TensorType> reduce(NodeInputs call) {
    List<Dim> dims = call.dims(0);
    boolean keep = call.node().intAttribute("keepdims", 1) != 0;
    if (keep && call.has(1) && call.fact(1).contents().isEmpty()) {
      return call.of(Dims.unknown(dims.size()));
    }
    long[] axes = call.longs("axes", 1).orElse(new long[0]);
    if (axes.length == 0 && call.node().intAttribute("noop_with_empty_axes", 0) != 0) {
      return List.of(call.type(0));
    }
    Set<Integer> gone = new TreeSet<>();
    for (long axis : axes) {
      gone.add(NodeInputs.axis(axis, dims.size()));
    }
    boolean all = axes.length == 0;
    List<Dim> left = new ArrayList<>();
    for (int i = 0; i < dims.size(); i++) {
      if (!all && !gone.contains(i)) {
        left.add(dims.get(i));
      } else if (keep) {
        left.add(Dims.ONE);
      }
    }
    return call.of(left);
  }

  private static List<TensorType> arg(NodeInputs call) {
    List<Dim> dims = new ArrayList<>(call.dims(0));
    int axis = call.axis("axis", 0, dims.size());
    if (call.node().intAttribute("keepdims", 1) != 0) {
      dims.set(axis, Dims.ONE);
    } else {
      dims.remove(axis);
    }
    return List.of(TensorType.of(DType.INT64, dims));
  }

  private static List<TensorType> topK(NodeInputs call) {
    List<Dim> dims = call.dims(0);
    int axis = call.axis("axis", -1, dims.size());
    Dim count =
        call.has(1)
            ? call.fact(1).contents().map(List::getFirst).orElse(Dim.UNKNOWN)
            : Dim.of(call.node().intAttribute("k", 0));
    List<Dim> picked = NodeInputs.with(dims, axis, count);
    return List.of(TensorType.of(call.dtype(0), picked), TensorType.of(DType.INT64, picked));
  }

  private static List<TensorType> nonZero(NodeInputs call) {
    return List.of(TensorType.of(DType.INT64, List.of(Dim.of(call.rank(0)), Dim.UNKNOWN)));
  }
}
