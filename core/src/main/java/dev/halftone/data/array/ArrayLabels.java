package dev.halftone.data.array;

import dev.halftone.UnusableInputException;
import dev.halftone.data.label.Labelling;
import dev.halftone.tensor.Tensor;
import dev.halftone.wording.Counted;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/// Reads class indices that are kept as a numpy array.
record ArrayLabels(Labelling labelling) {

  static final List<String> NAMES = List.of("labels", "label", "y");

  /// `[samples]`, from 0 on; empty where there are none, or where they can be none and need not be.
  ///
  /// @param given labels from a file of their own
  /// @param among finds them among the arrays of the samples
  /// @param what the array, in an error
  int[] indices(
      Optional<Tensor> given, Supplier<Optional<Tensor>> among, int samples, String what) {
    Optional<Tensor> labels = labelling.isRead() ? given.or(among) : Optional.empty();
    try {
      return labels.map(tensor -> indices(tensor, samples, what)).orElse(new int[0]);
    } catch (UnusableInputException e) {
      if (labelling.isNeeded()) {
        throw e;
      }
      return new int[0];
    }
  }

  /// The name under which labels stand among these arrays, unless the model wants an input of that name.
  static Optional<String> name(Set<String> arrays, Set<String> inputs) {
    return NAMES.stream()
        .filter(name -> arrays.contains(name) && !inputs.contains(name))
        .findFirst();
  }

  static Optional<Tensor> of(Map<String, Tensor> arrays, Set<String> inputs) {
    return name(arrays.keySet(), inputs).map(arrays::get);
  }

  private static int[] indices(Tensor labels, int samples, String what) {
    if (!labels.dtype().isInteger() || labels.count() != samples) {
      throw new UnusableInputException(
          what
              + " are "
              + labels
              + " for "
              + Counted.of(samples, "sample")
              + ": give one integer a sample, the index of its class, or leave labels out with --no-labels");
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
