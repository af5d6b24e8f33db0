package dev.halftone.rewrite;

import dev.halftone.graph.Node;
import dev.halftone.integer.Clamp;
import dev.halftone.integer.IntegerOp;
import dev.halftone.integer.IntegerTensor;
import dev.halftone.integer.MeanRescale;
import dev.halftone.scheme.Affine;
import dev.halftone.scheme.FixedPoint;
import dev.halftone.tensor.Shape;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.DoubleUnaryOperator;

/// Operations that compute new integers on a grid of their own.
final class LowerArithmetic {

  private final IntegerDraft draft;

  LowerArithmetic(IntegerDraft draft) {
    this.draft = draft;
  }

  /// @param output the tensor that it makes, its own or that of a clamp behind it
  void lower(Node node, String output, Clamp clamp) {
    switch (node.opType()) {
      case "Add", "Mul" -> elementwise(node, output, clamp);
      case "Concat" -> concat(node);
      case "GlobalAveragePool" -> mean(node);
      default ->
          function(
              node,
              Functions.of(node)
                  .orElseThrow(() -> new IllegalStateException("no kernel for " + node)));
    }
  }

  private void elementwise(Node node, String output, Clamp clamp) {
    if (node.inputs().size() != 2) {
      throw new IllegalStateException(node + " has not two operands");
    }
    int rank = draft.shape(output).rank();
    List<Integer> order =
        node.inputs().stream()
            .filter(in -> draft.index.constant(in).isEmpty())
            .map(draft::get)
            .max(Comparator.comparingInt(stored -> stored.shape().rank()))
            .filter(stored -> stored.shape().rank() == rank)
            .map(Stored::order)
            .orElse(Stored.plain(rank));
    int first = operand(node.input(0), order);
    int second = operand(node.input(1), order);
    Affine left = draft.tensors.get(first).grid();
    Affine right = draft.tensors.get(second).grid();
    Stored out = draft.make(output, order);
    double outScale = draft.gridOf(out).scale();
    if (node.is("Mul")) {
      double factor = (double) left.scale() * right.scale() / outScale;
      FixedPoint rescale = IntegerDraft.factor(factor, node);
      draft.ops.add(new IntegerOp.Mul(first, second, out.tensor(), rescale, clamp));
      return;
    }
    double twice = 2.0 * Math.max(left.scale(), right.scale());
    draft.ops.add(
        new IntegerOp.Add(
            first,
            second,
            out.tensor(),
            IntegerDraft.factor(left.scale() / twice, node),
            IntegerDraft.factor(right.scale() / twice, node),
            IntegerDraft.factor(twice / ((1 << IntegerOp.Add.LEFT_SHIFT) * outScale), node),
            clamp));
  }

  /// The tensor of an operand, with as many axes as the result, in its order.
  private int operand(String name, List<Integer> order) {
    if (draft.index.constant(name).isPresent()) {
      return draft.constant(name, order);
    }
    Stored value = draft.get(name);
    if (value.shape().rank() < order.size()) {
      Stored plain = draft.as(value, Stored.plain(value.shape().rank()));
      Shape wide = IntegerDraft.expanded(value.shape(), order.size());
      value = draft.reshaped(plain, wide, name, draft.gridOf(value));
    }
    return draft.as(value, order).tensor();
  }

  private void concat(Node node) {
    Stored leader =
        node.inputs().stream()
            .filter(in -> draft.index.constant(in).isEmpty())
            .map(draft::get)
            .findFirst()
            .orElseThrow();
    Affine grid = draft.grid(node.output());
    List<Integer> parts = new ArrayList<>();
    for (String input : node.inputs()) {
      int part =
          draft.index.constant(input).isPresent()
              ? draft.constant(input, leader.order())
              : draft.as(draft.get(input), leader.order()).tensor();
      parts.add(rescaled(part, grid, node));
    }
    Stored out = draft.make(node.output(), leader.order());
    int axis = out.axis((int) node.intAttribute("axis", 1));
    draft.ops.add(new IntegerOp.Concat(parts, out.tensor(), axis));
  }

  /// The tensor itself where it is on the grid, or its integers on that grid.
  private int rescaled(int tensor, Affine grid, Node node) {
    IntegerTensor from = draft.tensors.get(tensor);
    if (from.grid().equals(grid)) {
      return tensor;
    }
    draft.tensors.add(
        new IntegerTensor(from.name(), from.shape(), grid, java.util.Optional.empty()));
    int to = draft.tensors.size() - 1;
    FixedPoint factor = IntegerDraft.factor((double) from.grid().scale() / grid.scale(), node);
    draft.ops.add(new IntegerOp.Rescale(tensor, to, factor, Clamp.NONE));
    return to;
  }

  private void mean(Node node) {
    Stored given = draft.get(node.input(0));
    if (given.shape().rank() != 4) {
      throw IntegerDraft.unsupported(
          node,
          "works on a tensor of shape " + given.shape(),
          "the nearest form that runs in integers has an input of four axes, NCHW");
    }
    Stored in = draft.as(given, Stored.channelsLast(4));
    Stored out = draft.make(node.output(), Stored.channelsLast(4));
    double quotient = (double) draft.gridOf(in).scale() / draft.gridOf(out).scale();
    int count = Math.toIntExact(in.shape().dim(2) * in.shape().dim(3));
    MeanRescale multiplier = MeanRescale.of(IntegerDraft.factor(quotient, node), count);
    draft.ops.add(new IntegerOp.Mean(in.tensor(), out.tensor(), multiplier));
  }

  private void function(Node node, DoubleUnaryOperator function) {
    Stored in = draft.get(node.input(0));
    Stored out = draft.make(node.output(), in.order());
    byte[] table = Functions.table(function, draft.gridOf(in), draft.gridOf(out));
    draft.ops.add(new IntegerOp.Lookup(in.tensor(), out.tensor(), node.opType(), table));
  }

  /// A Relu or Clip that could not become part of what makes its input.
  void clampAlone(Node node, Clamp clamp) {
    Stored in = draft.get(node.input(0));
    Stored out = draft.make(node.output(), in.order());
    double quotient = (double) draft.gridOf(in).scale() / draft.gridOf(out).scale();
    draft.ops.add(
        new IntegerOp.Rescale(
            in.tensor(), out.tensor(), IntegerDraft.factor(quotient, node), clamp));
  }
}
