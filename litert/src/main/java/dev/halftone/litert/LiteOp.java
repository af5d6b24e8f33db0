package dev.halftone.litert;

import com.google.flatbuffers.FlatBufferBuilder;
import java.util.List;
import java.util.function.ToIntFunction;
import org.tensorflow.lite.schema.BuiltinOptions;

/// An operation as the file has it.
record LiteOp(Code code, List<Integer> inputs, int output, Options options) {

  LiteOp {
    inputs = List.copyOf(inputs);
  }

  /// An operation of the runtime, and the version from which its kernels take what is fed here.
  ///
  /// @param number of [org.tensorflow.lite.schema.BuiltinOperator]
  /// @param wide the version from which they take int16 with zero point 0
  /// @param since the first release of TensorFlow that has this version
  record Code(int number, int version, int wide, String since) {

    private static final String WIDE_SINCE = "2.4.0";

    /// An operation whose first version takes int16, or none.
    Code(int number, int version, String since) {
      this(number, version, version, since);
    }

    /// The same where kernels take int16 from this version on.
    Code wideFrom(int wide) {
      return new Code(number, version, wide, since);
    }

    /// The same convolution with weights of 4 bits.
    Code ofFourBits() {
      return new Code(number, 7, "2.11.0");
    }

    /// The same operation on int16.
    Code ofWide() {
      return new Code(number, Math.max(version, wide), WIDE_SINCE);
    }
  }

  /// @param type of [BuiltinOptions]
  /// @param write makes the table of that type
  record Options(byte type, ToIntFunction<FlatBufferBuilder> write) {

    static final Options NONE = new Options(BuiltinOptions.NONE, file -> 0);
  }
}
