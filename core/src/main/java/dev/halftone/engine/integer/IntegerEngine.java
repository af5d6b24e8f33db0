package dev.halftone.engine.integer;

import static java.util.Objects.requireNonNull;

import dev.halftone.integer.IntegerGraph;
import dev.halftone.integer.IntegerOp;
import dev.halftone.integer.Integers;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// An integer graph made ready to run, operation by operation.
///
/// What the arithmetic is stands with the operations ([IntegerOp]) and [dev.halftone.scheme.FixedPoint]; no processor can change a bit.
public final class IntegerEngine implements IntegerRunner {

  private final IntegerGraph graph;
  private final int[] lastUse; // [tensors], the operation that reads it last
  private final List<Optional<Kernel>> fast; // [operations]

  public IntegerEngine(IntegerGraph graph) {
    this(graph, 1);
  }

  /// @param threads that share the large operations of a run; they change no bit
  public IntegerEngine(IntegerGraph graph, int threads) {
    this.graph = graph;
    this.lastUse = new int[graph.tensors().size()];
    Arrays.fill(lastUse, Integer.MAX_VALUE);
    for (int i = 0; i < graph.ops().size(); i++) {
      for (int input : graph.ops().get(i).inputs()) {
        lastUse[input] = i;
      }
    }
    graph.outputs().forEach(port -> lastUse[port.tensor()] = Integer.MAX_VALUE);
    this.fast = graph.ops().stream().map(op -> FastKernels.of(graph, op, threads)).toList();
  }

  @Override
  public IntegerGraph graph() {
    return graph;
  }

  @Override
  public byte[][] run(byte[]... inputs) {
    byte[][] values = new byte[graph.tensors().size()][];
    for (int t = 0; t < values.length; t++) {
      values[t] = graph.tensor(t).constant().orElse(new byte[0]);
    }
    for (int i = 0; i < inputs.length; i++) {
      int tensor = graph.inputs().get(i).tensor();
      if (inputs[i].length != graph.tensor(tensor).bytes()) {
        throw new IllegalArgumentException(
            inputs[i].length + " bytes for shape " + graph.tensor(tensor).shape());
      }
      values[tensor] = inputs[i];
    }
    for (int i = 0; i < graph.ops().size(); i++) {
      IntegerOp op = graph.ops().get(i);
      values[op.output()] = new byte[graph.tensor(op.output()).bytes()];
      run(op, fast.get(i), values);
      for (int input : op.inputs()) {
        if (lastUse[input] == i) {
          values[input] = new byte[0]; // its memory is free from here on
        }
      }
    }
    return graph.outputs().stream()
        .map(port -> requireNonNull(values[port.tensor()]))
        .toArray(byte[][]::new);
  }

  private void run(IntegerOp op, Optional<Kernel> fast, byte[][] values) {
    Integers x = integers(op.inputs().getFirst(), values);
    Integers y = integers(op.output(), values);
    if (fast.isPresent()) {
      fast.get().run(x.bytes(), y.bytes());
      return;
    }
    switch (op) {
      case IntegerOp.Conv conv -> Conv2d.run(conv, x.tensor(), x.bytes(), y.tensor(), y.bytes());
      case IntegerOp.DepthwiseConv conv ->
          DepthwiseConv2d.run(conv, x.tensor(), x.bytes(), y.tensor(), y.bytes());
      case IntegerOp.FullyConnected _ ->
          throw new IllegalStateException("its only kernel is made in advance");
      case IntegerOp.Sum sum -> ElementwiseKernels.sum(sum, x, integers(sum.second(), values), y);
      case IntegerOp.Mul mul -> ElementwiseKernels.mul(mul, x, integers(mul.second(), values), y);
      case IntegerOp.PRelu prelu ->
          ElementwiseKernels.prelu(prelu, x, integers(prelu.slope(), values), y);
      case IntegerOp.MatMul product ->
          BatchMatMul.run(product, x, integers(product.second(), values), y);
      case IntegerOp.Softmax softmax -> Softmax.run(softmax, x.tensor(), x.bytes(), y.bytes());
      case IntegerOp.Rescale rescale -> ElementwiseKernels.rescale(rescale, x, y);
      case IntegerOp.Lookup lookup -> ElementwiseKernels.lookup(lookup, x.bytes(), y.bytes());
      case IntegerOp.MaxPool pool -> Pooling.max(pool, x, y);
      case IntegerOp.AveragePool pool -> Pooling.average(pool, x, y);
      case IntegerOp.Mean mean -> Pooling.mean(mean, x, y);
      case IntegerOp.ArgMax arg -> Pooling.argMax(arg, x, y);
      case IntegerOp.Concat concat ->
          Moves.concat(
              concat, concat.inputs().stream().map(part -> integers(part, values)).toList(), y);
      case IntegerOp.Pad pad -> Moves.pad(pad, x, y);
      case IntegerOp.Transpose transpose -> Moves.transpose(transpose, x, y);
      case IntegerOp.Slice slice -> Moves.slice(slice, x, y);
      case IntegerOp.ResizeNearest resize -> Moves.resize(resize, x, y);
      case IntegerOp.Reshape _ -> System.arraycopy(x.bytes(), 0, y.bytes(), 0, y.bytes().length);
    }
  }

  private Integers integers(int tensor, byte[][] values) {
    return new Integers(graph.tensor(tensor), values[tensor]);
  }

  @Override
  public void close() {}
}
