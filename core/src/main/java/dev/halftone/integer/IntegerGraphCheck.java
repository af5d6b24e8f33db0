package dev.halftone.integer;

import dev.halftone.tensor.DType;
import dev.halftone.tensor.Shape;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// The rules that every integer graph keeps: order, shapes, and scales that must be equal.
public final class IntegerGraphCheck {

  private final IntegerGraph graph;
  private final Set<Integer> known = new HashSet<>();

  private IntegerGraphCheck(IntegerGraph graph) {
    this.graph = graph;
  }

  /// The same graph, found to be whole; throws IllegalStateException otherwise, which is a bug of whoever made it.
  public static IntegerGraph checked(IntegerGraph graph) {
    IntegerGraphCheck check = new IntegerGraphCheck(graph);
    for (int i = 0; i < graph.tensors().size(); i++) {
      if (graph.tensor(i).constant().isPresent()) {
        check.known.add(i);
      }
    }
    graph.inputs().forEach(port -> check.known.add(port.tensor()));
    graph.inputs().forEach(check::port);
    graph.ops().forEach(check::op);
    graph.outputs().forEach(check::port);
    return graph;
  }

  private void port(Port port) {
    require(known.contains(port.tensor()), port.name() + " is not made");
    require(
        port.order().size() == port.shape().rank()
            && graph.tensor(port.tensor()).count() == port.shape().count(),
        port.name() + " is of another shape than its tensor");
  }

  private void op(IntegerOp op) {
    for (int input : op.inputs()) {
      require(known.contains(input), op + " reads what is not made yet");
    }
    require(known.add(op.output()), op + " makes what is made already");
    IntegerTensor out = graph.tensor(op.output());
    IntegerTensor in = graph.tensor(op.inputs().getFirst());
    if (!(op instanceof IntegerOp.Rescale)) {
      boolean positions = op instanceof IntegerOp.ArgMax;
      sameType(op, out, positions ? DType.INT32 : in.type());
      op.inputs().forEach(input -> sameType(op, graph.tensor(input), in.type()));
    }
    require(!in.isWide() || op.takesWide(), op + " on int16");
    switch (op) {
      case IntegerOp.Conv conv -> {
        images(op, in, out);
        int depth = in.dim(3) / conv.groups();
        require(depth * conv.groups() == in.dim(3), op + ": groups do not divide the channels");
        weights(op, conv.weights(), out.dim(3), depth * conv.window().taps());
      }
      case IntegerOp.DepthwiseConv conv -> {
        images(op, in, out);
        require(out.dim(3) % in.dim(3) == 0, op + ": channels do not divide the channels");
        weights(op, conv.weights(), out.dim(3), conv.window().taps());
      }
      case IntegerOp.FullyConnected full -> {
        weights(op, full.weights(), out.dim(-1), in.dim(-1));
        require(
            in.count() / in.dim(-1) == out.count() / out.dim(-1), op + ": rows are not the same");
      }
      case IntegerOp.PRelu prelu -> {
        broadcast(op, in, graph.tensor(prelu.slope()), out);
        same(op, in.shape(), out.shape());
      }
      case IntegerOp.OfTwo two -> broadcast(op, in, graph.tensor(two.second()), out);
      case IntegerOp.MatMul product -> matrices(op, in, graph.tensor(product.second()), out);
      case IntegerOp.Softmax softmax -> {
        same(op, in.shape(), out.shape());
        require(softmax.scale().shift() >= 0, op + ": a scale below 2^-26");
      }
      case IntegerOp.Elementwise _ -> same(op, in.shape(), out.shape());
      case IntegerOp.Concat concat -> concat(concat, out);
      case IntegerOp.Pad _, IntegerOp.Slice _, IntegerOp.Transpose _ -> {
        sameGrid(op, in, out);
        require(in.shape().rank() == out.shape().rank(), op + ": ranks differ");
      }
      case IntegerOp.MaxPool _, IntegerOp.AveragePool _ -> {
        images(op, in, out);
        sameGrid(op, in, out);
        require(in.dim(3) == out.dim(3), op + ": channels differ");
      }
      case IntegerOp.Mean _ -> same(op, new Shape(1, 1, 1, in.dim(3)), out.shape());
      case IntegerOp.ArgMax arg ->
          require(in.count() == out.count() * in.dim(arg.axis()), op + ": counts differ");
      case IntegerOp.Reshape _ -> require(in.count() == out.count(), op + ": counts differ");
      case IntegerOp.ResizeNearest resize -> {
        images(op, in, out);
        sameGrid(op, in, out);
        same(
            op,
            new Shape(1, resize.rows().size(), resize.columns().size(), in.dim(3)),
            out.shape());
      }
    }
  }

  private static void sameType(IntegerOp op, IntegerTensor tensor, DType wanted) {
    require(
        tensor.type() == wanted, op + ": " + tensor + " is " + tensor.type() + ", not " + wanted);
  }

  private static void images(IntegerOp op, IntegerTensor in, IntegerTensor out) {
    require(
        in.shape().rank() == 4 && out.shape().rank() == 4 && in.dim(0) == 1 && out.dim(0) == 1,
        op + ": not one image in and one out");
  }

  private static void weights(IntegerOp op, Weights weights, int outputs, int each) {
    require(
        weights.outputs() == outputs && weights.values().length == outputs * each,
        op + " has " + weights + ", and wants " + each + " for each of " + outputs);
  }

  private static void broadcast(
      IntegerOp op, IntegerTensor first, IntegerTensor second, IntegerTensor out) {
    int rank = out.shape().rank();
    for (IntegerTensor operand : List.of(first, second)) {
      require(operand.shape().rank() == rank, op + ": ranks differ");
      for (int axis = 0; axis < rank; axis++) {
        int dim = operand.dim(axis);
        require(dim == 1 || dim == out.dim(axis), op + ": shapes do not broadcast");
      }
    }
  }

  private static void matrices(
      IntegerOp op, IntegerTensor first, IntegerTensor second, IntegerTensor out) {
    int rank = out.shape().rank();
    require(
        first.shape().rank() == rank && second.shape().rank() == rank && rank >= 2,
        op + ": ranks differ");
    require(
        first.dim(-1) == second.dim(-2)
            && first.dim(-2) == out.dim(-2)
            && second.dim(-1) == out.dim(-1),
        op + ": matrices do not fit");
    for (int axis = 0; axis < rank - 2; axis++) {
      for (IntegerTensor operand : List.of(first, second)) {
        int dim = operand.dim(axis);
        require(dim == 1 || dim == out.dim(axis), op + ": shapes do not broadcast");
      }
    }
  }

  private void concat(IntegerOp.Concat concat, IntegerTensor out) {
    int sum = 0;
    for (int input : concat.inputs()) {
      sameGrid(concat, graph.tensor(input), out);
      sum += graph.tensor(input).dim(concat.axis());
    }
    require(sum == out.dim(concat.axis()), concat + ": extents do not add up");
  }

  private static void sameGrid(IntegerOp op, IntegerTensor in, IntegerTensor out) {
    require(
        in.grid().equals(out.grid()), op + ": " + in.grid() + " in, but " + out.grid() + " out");
  }

  private static void same(IntegerOp op, Shape wanted, Shape found) {
    require(wanted.equals(found), op + ": shape " + found + " where " + wanted + " belongs");
  }

  private static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new IllegalStateException(otherwise);
    }
  }
}
