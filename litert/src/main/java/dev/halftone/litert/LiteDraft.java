package dev.halftone.litert;

import dev.halftone.integer.IntegerGraph;
import dev.halftone.integer.IntegerTensor;
import dev.halftone.tensor.Shape;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// A file in the making: its tensors, of which the first are those of the integer graph under the same numbers, and operations so far.
final class LiteDraft {

  final IntegerGraph graph;
  final boolean packed;
  final List<LiteTensor> tensors = new ArrayList<>();
  final List<LiteOp> ops = new ArrayList<>();
  private final Set<String> names = new HashSet<>();

  /// @param packed whether weights of 4 bits or fewer lie two in a byte
  LiteDraft(IntegerGraph graph, boolean packed) {
    this.graph = graph;
    this.packed = packed;
    graph.tensors().forEach(tensor -> add(LiteTensor.of(tensor)));
  }

  /// The number of a new tensor, whose name is made one of its own.
  int add(LiteTensor tensor) {
    String name = tensor.name();
    for (int i = 2; !names.add(name); i++) {
      name = tensor.name() + "/" + i;
    }
    tensors.add(tensor.named(name));
    return tensors.size() - 1;
  }

  /// A new tensor of the same type and grid in another shape.
  int like(int tensor, Shape shape, String suffix) {
    LiteTensor from = tensors.get(tensor);
    return add(
        new LiteTensor(
            from.name() + suffix,
            shape,
            from.type(),
            from.quantization(),
            java.util.Optional.empty()));
  }

  int indices(String name, Shape shape, int... values) {
    return add(LiteTensor.indices(name, shape, values));
  }

  LiteTensor tensor(int number) {
    return tensors.get(number);
  }

  void op(LiteOp.Code code, LiteOp.Options options, int output, Integer... inputs) {
    boolean wide = tensors.get(inputs[0]).isWide() || tensors.get(output).isWide();
    ops.add(new LiteOp(wide ? code.ofWide() : code, List.of(inputs), output, options));
  }

  /// Throws IllegalStateException where the scales of the file do not say what the graph says.
  ///
  /// @param wanted multiplier of the integer graph
  /// @param made multiplier that LiteRT makes of the scales
  void requireSame(Object wanted, Object made, IntegerTensor out) {
    if (!wanted.equals(made)) {
      throw new IllegalStateException(
          out.name() + " is made with " + wanted + ", which its scales do not give: " + made);
    }
  }

  /// Drops operations that nothing needs, and the tensors that are left over. The numbers of those that stay change.
  ///
  /// @param ports the tensors that are asked for
  /// @return for each old number the new one; -1 for what was dropped
  int[] prune(List<Integer> ports) {
    Set<Integer> used = new HashSet<>(ports);
    for (int i = ops.size() - 1; i >= 0; i--) {
      if (used.contains(ops.get(i).output())) {
        used.addAll(ops.get(i).inputs());
      } else {
        ops.remove(i);
      }
    }
    int[] numbers = new int[tensors.size()];
    List<LiteTensor> kept = new ArrayList<>();
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = used.contains(i) ? kept.size() : -1;
      if (used.contains(i)) {
        kept.add(tensors.get(i));
      }
    }
    tensors.clear();
    tensors.addAll(kept);
    ops.replaceAll(op ->
        new LiteOp(
            op.code(),
            op.inputs().stream().map(input -> numbers[input]).toList(),
            numbers[op.output()],
            op.options()));
    return numbers;
  }
}
