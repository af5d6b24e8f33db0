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
  /// @param since the first release of TensorFlow that has this version
  record Code(int number, int version, String since) {}

  /// @param type of [BuiltinOptions]
  /// @param write makes the table of that type
  record Options(byte type, ToIntFunction<FlatBufferBuilder> write) {

    static final Options NONE = new Options(BuiltinOptions.NONE, file -> 0);
  }
}
