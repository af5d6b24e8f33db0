package dev.halftone.rewrite;

import dev.halftone.device.Devices;
import dev.halftone.device.Surroundings;
import dev.halftone.device.Trait;
import dev.halftone.graph.Node;
import dev.halftone.integer.Clamp;
import dev.halftone.integer.IntegerOp;
import dev.halftone.integer.IntegerTensor;
import dev.halftone.integer.MeanRescale;
import dev.halftone.integer.Multipliers;
import dev.halftone.integer.SumRescale;
import dev.halftone.scheme.Affine;
import dev.halftone.scheme.FixedPoint;
import dev.halftone.scheme.QuantizedType;
import dev.halftone.scheme.Range;
import dev.halftone.tensor.Shape;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.DoubleUnaryOperator;

/// Operations that compute new integers on a grid of their own.
final class LowerArithmetic {

  /// More would overflow the sum of a softmax.
  private static final int MOST_CLASSES = 4095;

  private final IntegerDraft draft;

  LowerArithmetic(IntegerDraft draft) {
    this.draft = draft;
  }

  /// @param output the tensor that it makes, its own or that of a clamp behind it
  /// @param bounds of that clamp
  void lower(Node node, String output, Optional<Range> bounds) {
    if (!Devices.INTEGERS_ONLY.has(node, Surroundings.of(draft.index), Trait.WIDE)
        && draft.grid(node.output()).type().isWide()) {
      throw IntegerDraft.unsupported(
          node,
          "has no kernel for 16-bit activations",
          "give this node 8 bits by a rule of the recipe, or end the network before it");
    }
    switch (node.opType()) {
      case "Add", "Sub", "Mul" -> elementwise(node, output, bounds);
      case "PRelu" -> prelu(node);
      case "MatMul" -> product(node);
      case "Softmax" -> softmax(node);
      case "Concat" -> concat(node);
      case "GlobalAveragePool" -> mean(node);
      default ->
          function(
              node,
              Functions.of(node)
                  .orElseThrow(() -> new IllegalStateException("no kernel for " + node)));
    }
  }

  private void elementwise(Node node, String output, Optional<Range> bounds) {
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
            .map(IntegerValue::order)
            .orElse(IntegerValue.plain(rank));
    boolean wide = draft.widths.isWide(output, node.inputs());
    int a = operand(node.input(0), order, wide);
    int b = operand(node.input(1), order, wide);
    draft.widths.make(
        output,
        order,
        wide,
        out -> elementwise(node, a, b, out, IntegerDraft.clamp(bounds, draft.gridOf(out))));
  }

  private IntegerOp elementwise(Node node, int a, int b, IntegerValue out, Clamp clamp) {
    Affine left = draft.tensors.get(a).grid();
    Affine right = draft.tensors.get(b).grid();
    Affine made = draft.gridOf(out);
    if (node.is("Mul")) {
      FixedPoint rescale = IntegerDraft.factor(Multipliers.product(left, right, made), node);
      return new IntegerOp.Mul(a, b, out.tensor(), rescale, clamp);
    }
    Multipliers.Sum factors = Multipliers.Sum.of(left, right, made);
    SumRescale rescale =
        new SumRescale(
            IntegerDraft.factor(factors.left(), node),
            IntegerDraft.factor(factors.right(), node),
            IntegerDraft.factor(factors.sum(), node));
    return node.is("Sub")
        ? new IntegerOp.Sub(a, b, out.tensor(), rescale, clamp)
        : new IntegerOp.Add(a, b, out.tensor(), rescale, clamp);
  }

  private void prelu(Node node) {
    IntegerValue in = draft.get(node.input(0));
    int x = draft.widths.read(node.input(0), in, false);
    int slope = draft.constant(node.input(1), in.order(), false);
    IntegerValue out = draft.make(node.output(), in.order());
    Affine read = draft.tensors.get(x).grid();
    Affine made = draft.gridOf(out);
    double positive = Multipliers.quotientInFloats(read, made);
    double negative = Multipliers.product(read, draft.tensors.get(slope).grid(), made);
    draft.ops.add(
        new IntegerOp.PRelu(
            x,
            slope,
            out.tensor(),
            IntegerDraft.factor(positive, node),
            IntegerDraft.factor(negative, node)));
  }

  private void product(Node node) {
    if (node.inputs().stream().anyMatch(in -> draft.shape(in).rank() < 2)) {
      throw IntegerDraft.unsupported(
          node, "multiplies a vector", "give it a second axis of one element with Unsqueeze");
    }
    List<Integer> order = IntegerValue.plain(draft.shape(node.output()).rank());
    int a = operand(node.input(0), order, false);
    int b = operand(node.input(1), order, false);
    IntegerValue out = draft.make(node.output(), order);
    double factor =
        Multipliers.matrixProduct(
            draft.tensors.get(a).grid(), draft.tensors.get(b).grid(), draft.gridOf(out));
    FixedPoint rescale = IntegerDraft.factor(factor, node);
    draft.ops.add(new IntegerOp.MatMul(a, b, out.tensor(), rescale));
  }

  private void softmax(Node node) {
    IntegerValue given = draft.get(node.input(0));
    int axis = (int) node.intAttribute("axis", -1);
    if (given.shape().dim(axis) > MOST_CLASSES) {
      throw IntegerDraft.unsupported(
          node,
          "shares out among " + given.shape().dim(axis),
          "the nearest form that runs in integers has " + MOST_CLASSES + " classes or fewer");
    }
    List<Integer> last = new ArrayList<>(given.order());
    last.add(last.remove(given.axis(axis)));
    int in = draft.widths.read(node.input(0), draft.as(given, last), false);
    IntegerValue out = draft.make(node.output(), last);
    double scale = Math.clamp(draft.tensors.get(in).grid().scale() * 0x1p26, 1, 0x1.fffffep29);
    draft.ops.add(new IntegerOp.Softmax(in, out.tensor(), FixedPoint.of(scale)));
  }

  /// The tensor of an operand in this width, with as many axes as the result, in its order.
  private int operand(String name, List<Integer> order, boolean wide) {
    if (draft.index.constant(name).isPresent()) {
      return draft.constant(name, order, wide);
    }
    IntegerValue value = draft.get(name);
    if (value.shape().rank() < order.size()) {
      IntegerValue plain = draft.as(value, IntegerValue.plain(value.shape().rank()));
      Shape expanded = IntegerDraft.expanded(value.shape(), order.size());
      value = draft.reshaped(plain, expanded, name, draft.gridOf(value));
    }
    return draft.widths.read(name, draft.as(value, order), wide);
  }

  /// At the end of a network: positions are no activations.
  IntegerValue argMax(Node node) {
    if (node.intAttribute("select_last_index", 0) != 0) {
      throw IntegerDraft.unsupported(
          node,
          "takes the last of equal ones",
          "the nearest form that runs in integers takes the first: select_last_index = 0");
    }
    IntegerValue in = draft.get(node.input(0));
    int axis = (int) node.intAttribute("axis", 0);
    int logical = axis < 0 ? axis + in.shape().rank() : axis;
    List<Integer> order = in.order();
    if (node.intAttribute("keepdims", 1) == 0) {
      order =
          order.stream()
              .filter(each -> each != logical)
              .map(each -> each > logical ? each - 1 : each)
              .toList();
    }
    Affine positions = new Affine(QuantizedType.INT32, 1, 0);
    IntegerValue out = draft.make(node.output(), draft.shape(node.output()), order, positions);
    draft.ops.add(new IntegerOp.ArgMax(in.tensor(), out.tensor(), in.axis(axis)));
    return out;
  }

  private void concat(Node node) {
    IntegerValue leader =
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
              ? draft.constant(input, leader.order(), grid.type().isWide())
              : draft.as(draft.get(input), leader.order()).tensor();
      parts.add(rescaled(part, grid, node));
    }
    IntegerValue out = draft.make(node.output(), leader.order());
    int axis = out.axis((int) node.intAttribute("axis", 1));
    draft.ops.add(new IntegerOp.Concat(parts, out.tensor(), axis));
  }

  /// The tensor itself where it is on the grid, or its integers on that grid.
  private int rescaled(int tensor, Affine grid, Node node) {
    IntegerTensor from = draft.tensors.get(tensor);
    if (from.grid().equals(grid)) {
      return tensor;
    }
    int to = draft.like(tensor, grid);
    FixedPoint factor = IntegerDraft.factor(Multipliers.quotient(from.grid(), grid), node);
    draft.ops.add(new IntegerOp.Rescale(tensor, to, factor, Clamp.all(grid.type())));
    return to;
  }

  private void mean(Node node) {
    IntegerValue given = draft.get(node.input(0));
    if (given.shape().rank() != 4) {
      throw IntegerDraft.unsupported(
          node,
          "works on a tensor of shape " + given.shape(),
          "the nearest form that runs in integers has an input of four axes, NCHW");
    }
    boolean wide = draft.widths.isWide(node.output(), node.inputs());
    int in = draft.widths.read(node.input(0), draft.as(given, IntegerValue.channelsLast(4)), wide);
    int count = Math.toIntExact(given.shape().dim(2) * given.shape().dim(3));
    draft.widths.make(
        node.output(),
        IntegerValue.channelsLast(4),
        wide,
        out -> {
          double quotient = Multipliers.quotient(draft.tensors.get(in).grid(), draft.gridOf(out));
          MeanRescale multiplier = MeanRescale.of(IntegerDraft.factor(quotient, node), count);
          return new IntegerOp.Mean(in, out.tensor(), multiplier);
        });
  }

  private void function(Node node, DoubleUnaryOperator function) {
    IntegerValue in = draft.get(node.input(0));
    int x = draft.widths.read(node.input(0), in, false);
    IntegerValue out = draft.make(node.output(), in.order());
    byte[] table = Functions.table(function, draft.tensors.get(x).grid(), draft.gridOf(out));
    draft.ops.add(new IntegerOp.Lookup(x, out.tensor(), node.opType(), table));
  }

  /// A Relu or Clip that could not become part of what makes its input.
  void clampAlone(Node node, Optional<Range> bounds) {
    IntegerValue in = draft.get(node.input(0));
    IntegerValue out = draft.make(node.output(), in.order());
    double quotient = Multipliers.quotient(draft.gridOf(in), draft.gridOf(out));
    Clamp clamp = IntegerDraft.clamp(bounds, draft.gridOf(out));
    draft.ops.add(
        new IntegerOp.Rescale(
            in.tensor(), out.tensor(), IntegerDraft.factor(quotient, node), clamp));
  }
}
