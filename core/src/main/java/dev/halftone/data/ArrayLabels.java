package dev.halftone.data;

import dev.halftone.UnusableInputException;
import dev.halftone.tensor.Tensor;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Class indices kept as a numpy array.
final class ArrayLabels {

  static final List<String> NAMES = List.of("labels", "label", "y");

  private ArrayLabels() {}

  /// The name under which labels stand among these arrays, unless the model wants an input of that name.
  static Optional<String> name(Set<String> arrays, Set<String> inputs) {
    return NAMES.stream()
        .filter(name -> arrays.contains(name) && !inputs.contains(name))
        .findFirst();
  }

  static Optional<Tensor> of(Map<String, Tensor> arrays, Set<String> inputs) {
    return name(arrays.keySet(), inputs).map(arrays::get);
  }

  /// `[samples]`, from 0 on.
  ///
  /// @param labels integers, one a sample
  /// @param what the array, in an error
  static int[] indices(Tensor labels, int samples, String what) {
    if (!labels.dtype().isInteger() || labels.count() != samples) {
      throw new UnusableInputException(
          what
              + " are "
              + labels
              + " for "
              + samples
              + " samples: give one integer a sample, the index of its class");
    }
    int[] indices = new int[samples];
    long[] values = labels.toLongs();
    for (int i = 0; i < samples; i++) {
      if (values[i] < 0 || values[i] > Integer.MAX_VALUE) {
        throw new UnusableInputException(
            what
                + " hold "
                + values[i]
                + " for sample "
                + i
                + ": a label is the index of a class, from 0 on");
      }
      indices[i] = (int) values[i];
    }
    return indices;
  }
}
