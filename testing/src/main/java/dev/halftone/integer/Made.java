package dev.halftone.integer;

import dev.halftone.scheme.Affine;
import dev.halftone.scheme.FixedPoint;
import dev.halftone.scheme.QuantizedType;
import dev.halftone.tensor.Shape;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.IntFunction;

/// Integer graphs of one operation, made for tests.
public final class Made {

  private Made() {}

  public static Affine grid(double scale, int zeroPoint) {
    return new Affine(QuantizedType.INT8, (float) scale, zeroPoint);
  }

  public static IntegerTensor tensor(String name, Affine grid, long... dims) {
    return new IntegerTensor(name, new Shape(dims), grid, Optional.empty());
  }

  /// A square kernel that slides alike in both directions.
  public static Window square(int kernel, int stride, int dilation, int before) {
    Window.Axis axis = new Window.Axis(kernel, stride, dilation, before);
    return new Window(axis, axis);
  }

  /// A graph whose tensors are inputs but for the last, which `op` makes.
  public static IntegerGraph graph(IntFunction<IntegerOp> op, IntegerTensor... tensors) {
    int last = tensors.length - 1;
    return chain(List.of(tensors), List.of(op.apply(last)), last);
  }

  /// A graph whose first tensors are inputs, those that are not constant, and whose last is the output.
  public static IntegerGraph chain(List<IntegerTensor> tensors, List<IntegerOp> ops, int inputs) {
    List<Port> ports = new ArrayList<>();
    for (int i = 0; i < inputs; i++) {
      if (tensors.get(i).constant().isEmpty()) {
        ports.add(port(tensors.get(i), i));
      }
    }
    int last = tensors.size() - 1;
    return IntegerGraphCheck.checked(
        new IntegerGraph("made", tensors, ops, ports, List.of(port(tensors.get(last), last))));
  }

  private static Port port(IntegerTensor tensor, int number) {
    List<Integer> order = new ArrayList<>();
    for (int axis = 0; axis < tensor.shape().rank(); axis++) {
      order.add(axis);
    }
    return new Port(tensor.name(), number, tensor.shape(), order);
  }

  /// Random weights and biases; the extremes occur often.
  public static Weights weights(Random random, int outputs, int each, double factor) {
    byte[] values = new byte[outputs * each];
    for (int i = 0; i < values.length; i++) {
      values[i] = (byte) (random.nextInt(8) == 0 ? 127 : random.nextInt(-127, 128));
    }
    int[] bias = random.ints(outputs, -5000, 5000).toArray();
    return new Weights(
        values, bias, Collections.nCopies(outputs, FixedPoint.of(factor)), new float[outputs]);
  }

  /// Random integers among which the extremes occur often.
  public static byte[] integers(Random random, int count) {
    byte[] values = new byte[count];
    for (int i = 0; i < count; i++) {
      values[i] =
          (byte)
              switch (random.nextInt(8)) {
                case 0 -> -128;
                case 1 -> 127;
                default -> random.nextInt(-128, 128);
              };
    }
    return values;
  }
}
