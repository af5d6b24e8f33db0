package dev.halftone.rewrite;

import static java.util.Objects.requireNonNull;

import dev.halftone.UnsupportedModelException;
import dev.halftone.graph.GraphIndex;
import dev.halftone.graph.Node;
import dev.halftone.graph.shape.Types;
import dev.halftone.integer.Clamp;
import dev.halftone.integer.IntegerOp;
import dev.halftone.integer.IntegerTensor;
import dev.halftone.integer.Integers;
import dev.halftone.plan.Plan;
import dev.halftone.scheme.Affine;
import dev.halftone.scheme.FixedPoint;
import dev.halftone.scheme.QuantizedType;
import dev.halftone.tensor.Shape;
import dev.halftone.tensor.Tensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// An integer graph in the making: its tensors and operations so far, and where the float model's values are among them.
final class IntegerDraft {

  final List<IntegerTensor> tensors = new ArrayList<>();
  final List<IntegerOp> ops = new ArrayList<>();
  final Widths widths = new Widths(this);
  final GraphIndex index;
  final Types types;
  private final Plan plan;
  private final Map<String, IntegerValue> values = new HashMap<>();

  IntegerDraft(GraphIndex index, Types types, Plan plan) {
    this.index = index;
    this.types = types;
    this.plan = plan;
  }

  /// The tensor's grid, on int8: TFLite's convention is ONNX's uint8 less 128. On int16 it has zero point 0, and the scale that covers
  /// what the plan covers.
  Affine grid(String value) {
    Affine grid = plan.activations().getOrDefault(value, plan.constants().get(value));
    if (grid == null) {
      throw new IllegalStateException("no grid for " + value);
    }
    float scale = scale(grid);
    if (grid.type().equals(QuantizedType.UINT16)) {
      int reach = Math.max(grid.zeroPoint(), grid.type().high() - grid.zeroPoint());
      return new Affine(QuantizedType.INT16, scale * reach / QuantizedType.INT16.high(), 0);
    }
    if (!grid.type().equals(QuantizedType.UINT8)) {
      throw new UnsupportedModelException(
          "tensor "
              + value
              + " has "
              + grid.type().bits()
              + "-bit integers, and an integer graph has those of 8 or of 16: use a recipe with such activations, as w8a8");
    }
    return new Affine(QuantizedType.INT8, scale, grid.zeroPoint() - 128);
  }

  /// Of a tensor that was always 0 any scale is true, and 1 keeps quotients of scales in range.
  private static float scale(Affine grid) {
    return grid.scale() <= Affine.MIN_SCALE ? 1 : grid.scale();
  }

  /// The grid on int8 of a tensor that is planned in 16 bits: it covers the same.
  Affine narrowGrid(String value) {
    Affine wide = plan.activations().getOrDefault(value, plan.constants().get(value));
    Affine grid = Affine.covering(requireNonNull(wide).range(), QuantizedType.UINT8);
    return new Affine(QuantizedType.INT8, scale(grid), grid.zeroPoint() - 128);
  }

  Shape shape(String value) {
    return types
        .shape(value)
        .orElseThrow(() ->
            new UnsupportedModelException(
                "the extents of tensor "
                    + value
                    + " are not known before the model runs: export the model with fixed extents"));
  }

  /// A new tensor for a value of the float model, in this order of axes.
  IntegerValue make(String value, List<Integer> order) {
    return make(value, shape(value), order, grid(value));
  }

  IntegerValue make(String name, Shape shape, List<Integer> order, Affine grid) {
    tensors.add(
        new IntegerTensor(name, IntegerValue.permuted(shape, order), grid, Optional.empty()));
    IntegerValue stored = IntegerValue.of(tensors.size() - 1, shape, order);
    values.putIfAbsent(name, stored);
    return stored;
  }

  void put(String value, IntegerValue stored) {
    values.put(value, stored);
  }

  /// Where a value is, its elements perhaps in the order of what it is the flattening of.
  IntegerValue asItLies(String value) {
    return requireNonNull(values.get(value), () -> value + " is not made");
  }

  IntegerValue get(String value) {
    IntegerValue stored = asItLies(value);
    if (stored.flattened().isEmpty()) {
      return stored;
    }
    IntegerValue source = stored.flattened().get();
    IntegerValue ordered = as(source, IntegerValue.plain(source.shape().rank()));
    IntegerValue flat = reshaped(ordered, stored.shape(), value, gridOf(ordered));
    values.put(value, flat);
    return flat;
  }

  Affine gridOf(IntegerValue stored) {
    return tensors.get(stored.tensor()).grid();
  }

  /// The same value with its axes in another order.
  IntegerValue as(IntegerValue value, List<Integer> order) {
    if (value.order().equals(order)) {
      return value;
    }
    String name = tensors.get(value.tensor()).name();
    IntegerValue target = newTensor(name, value.shape(), order, gridOf(value));
    if (value.isAlso(order)) {
      ops.add(new IntegerOp.Reshape(value.tensor(), target.tensor()));
    } else {
      List<Integer> permutation = order.stream().map(axis -> value.order().indexOf(axis)).toList();
      ops.add(new IntegerOp.Transpose(value.tensor(), target.tensor(), permutation));
    }
    return target;
  }

  /// The same elements under another shape; both in the float model's order.
  IntegerValue reshaped(IntegerValue value, Shape shape, String name, Affine grid) {
    IntegerValue target = newTensor(name, shape, IntegerValue.plain(shape.rank()), grid);
    ops.add(new IntegerOp.Reshape(value.tensor(), target.tensor()));
    return target;
  }

  /// A new tensor that stands for no value yet.
  IntegerValue newTensor(String name, Shape shape, List<Integer> order, Affine grid) {
    tensors.add(
        new IntegerTensor(name, IntegerValue.permuted(shape, order), grid, Optional.empty()));
    return IntegerValue.of(tensors.size() - 1, shape, order);
  }

  /// A new tensor of the name and shape of another, on this grid.
  int like(int tensor, Affine grid) {
    IntegerTensor from = tensors.get(tensor);
    tensors.add(new IntegerTensor(from.name(), from.shape(), grid, Optional.empty()));
    return tensors.size() - 1;
  }

  /// A constant as a tensor in this width, with as many axes as `order` (extents of 1 in front), in this order.
  int constant(String value, List<Integer> order, boolean wide) {
    Tensor real = index.constant(value).orElseThrow();
    Affine planned = grid(value);
    Affine rounded = planned.type().isWide() && !wide ? narrowGrid(value) : planned;
    Affine grid = wide && !planned.type().isWide() ? Widths.exact(planned) : rounded;
    Shape shape = expanded(real.shape(), order.size());
    IntegerValue stored = IntegerValue.of(0, shape, order);
    float[] reals = real.toFloats();
    int[] positions = stored.positions();
    Integers integers =
        new Integers(new IntegerTensor(value, stored.storedShape(), grid, Optional.empty()));
    for (int i = 0; i < positions.length; i++) {
      int integer = rounded.quantize(reals[positions[i]]);
      integers.set(i, integer - rounded.zeroPoint() + grid.zeroPoint());
    }
    tensors.add(
        new IntegerTensor(value, stored.storedShape(), grid, Optional.of(integers.bytes())));
    return tensors.size() - 1;
  }

  /// With extents of 1 in front, up to this rank.
  static Shape expanded(Shape shape, int rank) {
    long[] dims = new long[rank];
    java.util.Arrays.fill(dims, 1);
    for (int i = 0; i < shape.rank(); i++) {
      dims[rank - shape.rank() + i] = shape.dim(i);
    }
    return new Shape(dims);
  }

  /// The integers that a clamp to real bounds leaves, on the grid of what it makes.
  static Clamp clamp(Optional<dev.halftone.scheme.Range> bounds, Affine grid) {
    return bounds
        .map(range -> {
          int min = grid.quantize(range.low());
          int max = grid.quantize(range.high());
          return new Clamp(min, max);
        })
        .orElse(Clamp.all(grid.type()));
  }

  /// A quotient of scales as a fixed-point number.
  static FixedPoint factor(double factor, Node node) {
    if (!(factor < 0x1p20)) {
      throw new UnsupportedModelException(
          "node "
              + node.label()
              + " ("
              + node.opType()
              + ") would scale its integers up by "
              + factor
              + ": its output is all but constant, so remove it from the model");
    }
    return FixedPoint.of(factor);
  }

  static UnsupportedModelException unsupported(Node node, String what, String remedy) {
    return new UnsupportedModelException(
        "node " + node.label() + " (" + node.opType() + ") " + what + ": " + remedy);
  }
}
