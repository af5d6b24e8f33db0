package dev.halftone.rewrite;

import dev.halftone.graph.Node;
import dev.halftone.integer.Clamp;
import dev.halftone.integer.Factors;
import dev.halftone.integer.IntegerOp;
import dev.halftone.integer.IntegerTensor;
import dev.halftone.integer.MeanRescale;
import dev.halftone.scheme.Affine;
import dev.halftone.scheme.FixedPoint;
import dev.halftone.scheme.QuantizedType;
import dev.halftone.tensor.Shape;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.function.DoubleUnaryOperator;

/// Operations that compute new integers on a grid of their own.
final class LowerArithmetic {

  /// More would overflow the sum of a softmax.
  private static final int MOST_CLASSES = 4095;

  /// Also on int16.
  private static final Set<String> WIDE =
      Set.of("Add", "Sub", "Mul", "Concat", "GlobalAveragePool");

  private final IntegerDraft draft;

  LowerArithmetic(IntegerDraft draft) {
    this.draft = draft;
  }

  /// @param output the tensor that it makes, its own or that of a clamp behind it
  void lower(Node node, String output, Clamp clamp) {
    boolean known = WIDE.contains(node.opType());
    if (!known && draft.grid(node.output()).type().isWide()) {
      throw IntegerDraft.unsupported(
          node,
          "has no kernel for 16-bit activations",
          "use a recipe with 8-bit ones, as w8a8, or end the network before this node");
    }
    switch (node.opType()) {
      case "Add", "Sub", "Mul" -> elementwise(node, output, clamp);
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
    int a = operand(node.input(0), order);
    int b = operand(node.input(1), order);
    Affine left = draft.tensors.get(a).grid();
    Affine right = draft.tensors.get(b).grid();
    Stored out = draft.make(output, order);
    Affine made = draft.gridOf(out);
    if (node.is("Mul")) {
      FixedPoint rescale = IntegerDraft.factor(Factors.product(left, right, made), node);
      draft.ops.add(new IntegerOp.Mul(a, b, out.tensor(), rescale, clamp));
      return;
    }
    Factors.Sum factors = Factors.Sum.of(left, right, made);
    FixedPoint first = IntegerDraft.factor(factors.left(), node);
    FixedPoint second = IntegerDraft.factor(factors.right(), node);
    FixedPoint sum = IntegerDraft.factor(factors.sum(), node);
    draft.ops.add(
        node.is("Sub")
            ? new IntegerOp.Sub(a, b, out.tensor(), first, second, sum, clamp)
            : new IntegerOp.Add(a, b, out.tensor(), first, second, sum, clamp));
  }

  private void prelu(Node node) {
    Stored in = draft.get(node.input(0));
    int slope = draft.constant(node.input(1), in.order());
    Stored out = draft.make(node.output(), in.order());
    Affine made = draft.gridOf(out);
    double positive = Factors.quotientInFloats(draft.gridOf(in), made);
    double negative = Factors.product(draft.gridOf(in), draft.tensors.get(slope).grid(), made);
    draft.ops.add(
        new IntegerOp.PRelu(
            in.tensor(),
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
    List<Integer> order = Stored.plain(draft.shape(node.output()).rank());
    int a = operand(node.input(0), order);
    int b = operand(node.input(1), order);
    Stored out = draft.make(node.output(), order);
    double factor =
        Factors.matrixProduct(
            draft.tensors.get(a).grid(), draft.tensors.get(b).grid(), draft.gridOf(out));
    FixedPoint rescale = IntegerDraft.factor(factor, node);
    draft.ops.add(new IntegerOp.MatMul(a, b, out.tensor(), rescale));
  }

  private void softmax(Node node) {
    Stored given = draft.get(node.input(0));
    int axis = (int) node.intAttribute("axis", -1);
    if (given.shape().dim(axis) > MOST_CLASSES) {
      throw IntegerDraft.unsupported(
          node,
          "shares out among " + given.shape().dim(axis),
          "the nearest form that runs in integers has " + MOST_CLASSES + " classes or fewer");
    }
    List<Integer> last = new ArrayList<>(given.order());
    last.add(last.remove(given.axis(axis)));
    Stored in = draft.as(given, last);
    Stored out = draft.make(node.output(), last);
    double scale = Math.clamp(draft.gridOf(in).scale() * 0x1p26, 1, 0x1.fffffep29);
    draft.ops.add(new IntegerOp.Softmax(in.tensor(), out.tensor(), FixedPoint.of(scale)));
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

  /// At the end of a network: positions are no activations.
  Stored argMax(Node node) {
    if (node.intAttribute("select_last_index", 0) != 0) {
      throw IntegerDraft.unsupported(
          node,
          "takes the last of equal ones",
          "the nearest form that runs in integers takes the first: select_last_index = 0");
    }
    Stored in = draft.get(node.input(0));
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
    Stored out = draft.make(node.output(), draft.shape(node.output()), order, positions);
    draft.ops.add(new IntegerOp.ArgMax(in.tensor(), out.tensor(), in.axis(axis)));
    return out;
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
    FixedPoint factor = IntegerDraft.factor(Factors.quotient(from.grid(), grid), node);
    draft.ops.add(new IntegerOp.Rescale(tensor, to, factor, Clamp.all(grid.type())));
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
    double quotient = Factors.quotient(draft.gridOf(in), draft.gridOf(out));
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
    double quotient = Factors.quotient(draft.gridOf(in), draft.gridOf(out));
    draft.ops.add(
        new IntegerOp.Rescale(
            in.tensor(), out.tensor(), IntegerDraft.factor(quotient, node), clamp));
  }
}
