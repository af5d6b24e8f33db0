package dev.halftone.data;

import dev.halftone.UnusableInputException;
import dev.halftone.data.picture.ImageFolder;
import dev.halftone.graph.Dim;
import dev.halftone.graph.TensorType;
import dev.halftone.graph.Value;
import dev.halftone.tensor.DType;
import dev.halftone.tensor.Shape;
import dev.halftone.tensor.Tensor;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/// Something to feed a model whose speed is measured, not its answers: normally distributed floats, any bytes, and ones for other
/// integers, which are mostly indices and masks.
public final class RandomInputs {

  /// Elements of an array.
  private static final long MOST = Integer.MAX_VALUE - 8;

  private static final long BYTES_EACH = 16;

  private RandomInputs() {}

  /// Throws UnusableInputException where a shape is not known and cannot be guessed, or does not fit the model.
  ///
  /// @param inputs what the model must be fed
  /// @param shapes of inputs by name, for extents the model leaves open; an open first extent is 1 where nothing is given
  public static Map<String, Tensor> of(List<Value> inputs, Map<String, Shape> shapes, long seed) {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    Random random = new Random(seed);
    for (String name : shapes.keySet()) {
      if (inputs.stream().noneMatch(input -> input.name().equals(name))) {
        throw new UnusableInputException(
            "the model has no input '%s' to give a shape, only %s: name one of these"
                .formatted(name, ImageFolder.describe(inputs)));
      }
    }
    for (Value input : inputs) {
      TensorType type =
          input
              .type()
              .filter(known -> known.dtype() != DType.STRING)
              .orElseThrow(() ->
                  new UnusableInputException(
                      "the model's input '%s' is no tensor of numbers: only models that take such can be measured"
                          .formatted(input.name())));
      Shape given = shapes.get(input.name());
      Shape shape = given == null ? guess(input.name(), type) : fitting(input.name(), type, given);
      requireRoom(input.name(), type, shape, given != null);
      tensors.put(input.name(), random(type.dtype(), shape, random));
    }
    return tensors;
  }

  private static Shape guess(String name, TensorType type) {
    List<Dim> dims = type.dims().orElseThrow(() -> open(name, type));
    long[] sizes = new long[dims.size()];
    for (int i = 0; i < sizes.length; i++) {
      sizes[i] = dims.get(i).isKnown() ? dims.get(i).size() : 1;
      if (i > 0 && !dims.get(i).isKnown()) {
        throw open(name, type);
      }
    }
    if (!Shape.isPossible(sizes)) {
      throw new UnusableInputException(
          "the model's input '%s' takes %s, more numbers than any machine holds: export the model with open extents and give them with --shape"
              .formatted(name, type));
    }
    return new Shape(sizes);
  }

  private static UnusableInputException open(String name, TensorType type) {
    return new UnusableInputException(
        "the model leaves the shape of its input '%s' open (%s): give one, as in --shape %s=1x3x224x224"
            .formatted(name, type, name));
  }

  private static Shape fitting(String name, TensorType type, Shape given) {
    if (type.dims().isPresent() && !new ModelInput(name, type).takes(given)) {
      throw new UnusableInputException(
          "the model's input '%s' takes %s, not %s: give a shape that fits"
              .formatted(name, type, given));
    }
    return given;
  }

  /// Random numbers are made on the heap, and copied.
  private static void requireRoom(String name, TensorType type, Shape shape, boolean given) {
    if (shape.count() > Math.min(Runtime.getRuntime().maxMemory() / BYTES_EACH, MOST)) {
      throw new UnusableInputException(
          "the model's input '%s' would take %s numbers (%s), more than there is memory for: %s"
              .formatted(
                  name,
                  shape,
                  type,
                  given
                      ? "give a smaller shape with --shape"
                      : "export the model with open extents and give them with --shape, as in --shape %s=1x3x224x224"
                          .formatted(name)));
    }
  }

  private static Tensor random(DType dtype, Shape shape, Random random) {
    int count = Math.toIntExact(shape.count());
    if (dtype.isFloat()) {
      float[] values = new float[count];
      for (int i = 0; i < count; i++) {
        values[i] = (float) random.nextGaussian();
      }
      return Conversion.convert(Tensor.of(shape, values), dtype, "a random input");
    }
    if (dtype == DType.UINT8) {
      byte[] values = new byte[count];
      random.nextBytes(values);
      return Tensor.of(dtype, shape, values);
    }
    if (dtype == DType.BOOL) {
      byte[] values = new byte[count];
      Arrays.fill(values, (byte) 1);
      return Tensor.of(dtype, shape, values);
    }
    long[] values = new long[count];
    Arrays.fill(values, 1);
    return Conversion.convert(Tensor.of(shape, values), dtype, "a random input");
  }
}
