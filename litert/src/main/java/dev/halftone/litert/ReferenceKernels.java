package dev.halftone.litert;

import dev.halftone.UnusableInputException;
import java.util.Map;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.tensorflowlite.BuiltinOpResolverWithoutDefaultDelegates;
import org.bytedeco.tensorflowlite.TfLiteRegistration;
import org.tensorflow.lite.schema.BuiltinOperator;

/// The kernels that LiteRT's own tests compare all others with. The Java binding does not name them, so they are looked up in the library
/// by the symbols of the functions that register them.
final class ReferenceKernels {

  /// Operation, and what its function is called.
  private static final Map<Integer, String> NAMES =
      Map.ofEntries(
          Map.entry(BuiltinOperator.ADD, "ADD"),
          Map.entry(BuiltinOperator.AVERAGE_POOL_2D, "AVERAGE_POOL"),
          Map.entry(BuiltinOperator.CONCATENATION, "CONCATENATION"),
          Map.entry(BuiltinOperator.CONV_2D, "CONVOLUTION"),
          Map.entry(BuiltinOperator.DEPTHWISE_CONV_2D, "DEPTHWISE_CONVOLUTION"),
          Map.entry(BuiltinOperator.MAX_POOL_2D, "MAX_POOL"),
          Map.entry(BuiltinOperator.MAXIMUM, "MAXIMUM"),
          Map.entry(BuiltinOperator.MEAN, "MEAN"),
          Map.entry(BuiltinOperator.MINIMUM, "MINIMUM"),
          Map.entry(BuiltinOperator.MUL, "MUL"),
          Map.entry(BuiltinOperator.PAD, "PAD"),
          Map.entry(BuiltinOperator.PADV2, "PADV2"),
          Map.entry(BuiltinOperator.QUANTIZE, "QUANTIZE"),
          Map.entry(BuiltinOperator.RESIZE_NEAREST_NEIGHBOR, "RESIZE_NEAREST_NEIGHBOR"),
          Map.entry(BuiltinOperator.SLICE, "SLICE"),
          Map.entry(BuiltinOperator.BATCH_MATMUL, "BATCH_MATMUL"),
          Map.entry(BuiltinOperator.PRELU, "PRELU"),
          Map.entry(BuiltinOperator.SOFTMAX, "SOFTMAX"),
          Map.entry(BuiltinOperator.SUB, "SUB"),
          Map.entry(BuiltinOperator.STRIDED_SLICE, "STRIDED_SLICE"),
          Map.entry(BuiltinOperator.TRANSPOSE, "TRANSPOSE"));

  /// More than any operation has.
  private static final int LAST_VERSION = 20;

  private ReferenceKernels() {}

  /// Every operation with its only kernel, or with the reference one where there are several.
  static BuiltinOpResolverWithoutDefaultDelegates resolver() {
    BuiltinOpResolverWithoutDefaultDelegates resolver =
        new BuiltinOpResolverWithoutDefaultDelegates();
    NAMES.forEach((op, name) -> resolver.AddBuiltin(op, registration(name), 1, LAST_VERSION));
    return resolver;
  }

  private static TfLiteRegistration registration(String name) {
    return NativeLibrary.builtin("Register_" + name + "_REF")
        .map(made -> new TfLiteRegistration(new At(made.address())))
        .orElseThrow(() ->
            new UnusableInputException(
                "LiteRT's library for this system does not export its reference kernels: use its default kernels"));
  }

  /// A pointer of the binding to an address.
  private static final class At extends Pointer {
    At(long address) {
      this.address = address;
    }
  }
}
