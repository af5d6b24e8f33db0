package dev.halftone.litert;

import com.google.flatbuffers.FlatBufferBuilder;
import java.util.List;
import java.util.Map;
import java.util.function.ToIntFunction;
import org.tensorflow.lite.schema.BuiltinOperator;
import org.tensorflow.lite.schema.BuiltinOptions;

/// An operation as the file has it.
record LiteOp(Code code, List<Integer> inputs, int output, Options options) {

  LiteOp {
    inputs = List.copyOf(inputs);
  }

  /// An operation of the runtime, and the version from which its kernels take what is fed here.
  ///
  /// @param number of [org.tensorflow.lite.schema.BuiltinOperator]
  /// @param since the first release of TensorFlow that has this version
  record Code(int number, int version, String since) {

    /// The versions from which kernels take int16 with zero point 0, where these are others.
    private static final Map<Integer, Integer> WIDE =
        Map.ofEntries(
            Map.entry(BuiltinOperator.ADD, 3),
            Map.entry(BuiltinOperator.AVERAGE_POOL_2D, 3),
            Map.entry(BuiltinOperator.CONCATENATION, 3),
            Map.entry(BuiltinOperator.CONV_2D, 4),
            Map.entry(BuiltinOperator.DEPTHWISE_CONV_2D, 5),
            Map.entry(BuiltinOperator.MAX_POOL_2D, 3),
            Map.entry(BuiltinOperator.MEAN, 3),
            Map.entry(BuiltinOperator.PAD, 3),
            Map.entry(BuiltinOperator.PADV2, 3),
            Map.entry(BuiltinOperator.QUANTIZE, 2),
            Map.entry(BuiltinOperator.SLICE, 4),
            Map.entry(BuiltinOperator.SUB, 5));

    /// The same convolution with weights of 4 bits.
    Code ofFourBits() {
      return new Code(number, 7, "2.11.0");
    }

    /// The same operation on int16.
    Code wide() {
      return new Code(number, Math.max(version, WIDE.getOrDefault(number, 1)), WIDE_SINCE);
    }

    private static final String WIDE_SINCE = "2.4.0";
  }

  /// @param type of [BuiltinOptions]
  /// @param write makes the table of that type
  record Options(byte type, ToIntFunction<FlatBufferBuilder> write) {

    static final Options NONE = new Options(BuiltinOptions.NONE, file -> 0);
  }
}
