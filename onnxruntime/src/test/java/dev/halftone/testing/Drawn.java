package dev.halftone.testing;

import dev.halftone.Normal;
import dev.halftone.graph.Model;
import dev.halftone.graph.Sketch;
import dev.halftone.tensor.DType;
import dev.halftone.tensor.Shape;
import dev.halftone.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;

/// One node of random shape and what to feed it.
final class Drawn {

  final Random random;
  private final Sketch sketch;
  private final Map<String, Tensor> fed = new LinkedHashMap<>();

  Drawn(int opset, long seed) {
    this.sketch = Sketch.opset(opset);
    this.random = new Random(seed);
  }

  Model model() {
    return sketch.model();
  }

  Map<String, Tensor> fed() {
    return fed;
  }

  /// From `low` to `high`, both included.
  int number(int low, int high) {
    return random.nextInt(low, high + 1);
  }

  boolean coin() {
    return random.nextBoolean();
  }

  /// An input of normal numbers.
  Drawn input(String name, long... dims) {
    return input(name, normal(dims));
  }

  Tensor normal(long... dims) {
    return Normal.tensor(random, 1, dims);
  }

  /// An input of numbers between 0.5 and 1.5.
  Drawn positive(String name, long... dims) {
    float[] values = normal(dims).toFloats();
    for (int i = 0; i < values.length; i++) {
      values[i] = 0.5f + random.nextFloat();
    }
    return input(name, Tensor.of(new Shape(dims), values));
  }

  /// An input of integers from `low` to `high`, both included.
  Drawn codes(String name, DType type, int low, int high, long... dims) {
    int[] values = new int[(int) new Shape(dims).count()];
    for (int i = 0; i < values.length; i++) {
      values[i] = number(low, high);
    }
    return input(name, Tensor.ofIntegers(type, new Shape(dims), values));
  }

  Drawn input(String name, Tensor tensor) {
    Object[] dims = java.util.Arrays.stream(tensor.shape().dims()).boxed().toArray();
    sketch.input(name, tensor.dtype(), dims);
    fed.put(name, tensor);
    return this;
  }

  Drawn ints(String name, long... values) {
    sketch.ints(name, values);
    return this;
  }

  Drawn constant(String name, Tensor tensor) {
    sketch.constant(name, tensor);
    return this;
  }

  /// The node; all that it makes is an output.
  Drawn node(String op, String reads, String makes, Object... attributes) {
    sketch.node(op, reads, makes, attributes);
    for (String output : makes.split(" ")) {
      sketch.output(output);
    }
    return this;
  }
}
