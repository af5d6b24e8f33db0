package dev.halftone.litert;

import dev.halftone.integer.Clamp;
import dev.halftone.tensor.Shape;
import org.tensorflow.lite.schema.ActivationFunctionType;
import org.tensorflow.lite.schema.BuiltinOperator;
import org.tensorflow.lite.schema.BuiltinOptions;
import org.tensorflow.lite.schema.MaximumMinimumOptions;

/// The form in which the runtime is told a range of integers: the activation that leaves the same integers, or MAXIMUM and
/// MINIMUM behind the operation.
final class Activation {

  private static final LiteOp.Code MAXIMUM = new LiteOp.Code(BuiltinOperator.MAXIMUM, 2, "1.14.0");
  private static final LiteOp.Code MINIMUM = new LiteOp.Code(BuiltinOperator.MINIMUM, 2, "1.14.0");

  private static final LiteOp.Options OPTIONS =
      new LiteOp.Options(
          BuiltinOptions.MaximumMinimumOptions,
          file -> {
            MaximumMinimumOptions.startMaximumMinimumOptions(file);
            return MaximumMinimumOptions.endMaximumMinimumOptions(file);
          });

  /// The activations that kernels clamp with, in the order of preference.
  static final byte[] KINDS = {
    ActivationFunctionType.NONE,
    ActivationFunctionType.RELU,
    ActivationFunctionType.RELU6,
    ActivationFunctionType.RELU_N1_TO_1
  };

  private Activation() {}

  /// Adds an operation with an activation.
  interface Add {
    void to(int output, byte activation);
  }

  /// Adds an operation, and what else it takes to keep its integers in the range.
  ///
  /// @param kinds the activations that the operation has
  static void clamped(LiteDraft draft, int output, Clamp clamp, byte[] kinds, Add op) {
    LiteTensor grid = draft.tensor(output);
    for (byte kind : kinds) {
      if (range(kind, grid).equals(clamp)) {
        op.to(output, kind);
        return;
      }
    }
    boolean low = clamp.min() > grid.all().min();
    boolean high = clamp.max() < grid.all().max();
    Shape shape = draft.tensor(output).shape();
    int made = draft.like(output, shape, "/unclamped");
    op.to(made, ActivationFunctionType.NONE);
    if (low) {
      int next = high ? draft.like(output, shape, "/at_least") : output;
      maximum(draft, next, made, constant(draft, output, "/min", clamp.min()));
      made = next;
    }
    if (high) {
      draft.op(MINIMUM, OPTIONS, output, made, constant(draft, output, "/max", clamp.max()));
    }
  }

  static void maximum(LiteDraft draft, int output, int first, int second) {
    draft.op(MAXIMUM, OPTIONS, output, first, second);
  }

  /// One integer on the grid of a tensor.
  static int constant(LiteDraft draft, int like, String suffix, int value) {
    LiteTensor tensor = draft.tensor(like);
    byte[] bytes =
        tensor.isWide()
            ? new byte[] {(byte) value, (byte) (value >> Byte.SIZE)}
            : new byte[] {(byte) value};
    return draft.add(
        new LiteTensor(
            tensor.name() + suffix,
            new Shape(1),
            tensor.type(),
            tensor.quantization(),
            java.util.Optional.of(bytes)));
  }

  /// The integers that a kernel leaves: `CalculateActivationRangeQuantized`.
  private static Clamp range(byte kind, LiteTensor grid) {
    return switch (kind) {
      case ActivationFunctionType.RELU -> new Clamp(integer(0, grid), grid.all().max());
      case ActivationFunctionType.RELU6 -> new Clamp(integer(0, grid), integer(6, grid));
      case ActivationFunctionType.RELU_N1_TO_1 -> new Clamp(integer(-1, grid), integer(1, grid));
      default -> grid.all();
    };
  }

  /// To nearest, ties away from zero.
  private static int integer(float real, LiteTensor grid) {
    float steps = real / grid.quantization().scales().getFirst();
    int rounded = (int) (Math.signum(steps) * Math.floor(Math.abs((double) steps) + 0.5));
    return grid.all().within(grid.quantization().zeroPoint() + rounded);
  }
}
