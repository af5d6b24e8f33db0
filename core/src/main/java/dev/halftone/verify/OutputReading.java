package dev.halftone.verify;

import dev.halftone.meaning.OutputMeaning;
import dev.halftone.tensor.Shape;
import dev.halftone.tensor.Tensor;

/// The float model's result for one input in one output.
///
/// @param values // [count], row-major
record OutputReading(OutputMeaning meaning, Shape shape, float[] values, Answers answers) {

  static OutputReading of(Tensor tensor, OutputMeaning meaning) {
    return new OutputReading(
        meaning, tensor.shape(), tensor.toFloats(), Answers.of(tensor, meaning));
  }
}
