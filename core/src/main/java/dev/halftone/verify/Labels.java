package dev.halftone.verify;

import dev.halftone.UnusableInputException;
import dev.halftone.data.Dataset;
import dev.halftone.graph.Model;
import dev.halftone.graph.TensorType;
import dev.halftone.meaning.GraphEvidence;
import dev.halftone.meaning.OutputKind;
import dev.halftone.meaning.OutputMeaning;
import dev.halftone.tensor.Shape;
import java.util.List;
import java.util.OptionalInt;

/// Whether labels belong to a model.
public final class Labels {

  private Labels() {}

  /// Throws UnusableInputException where a label is no class of any output that holds scores of classes, as far as the model declares them:
  /// to be told before long work.
  ///
  /// @param answers of the model
  public static void requireClassesOf(Model model, VerifyOptions answers, Dataset data) {
    GraphEvidence evidence = answers.evidence();
    List<Integer> all =
        model.graph().outputs().stream()
            .filter(output -> isOfClasses(evidence, output.name()))
            .map(output -> output.type().map(Labels::classes).orElse(0))
            .toList();
    int classes = all.contains(0) ? 0 : all.stream().mapToInt(Integer::intValue).max().orElse(0);
    for (int i = 0; classes > 0 && i < data.size(); i++) {
      OptionalInt label = data.label(i);
      if (label.isPresent() && !fits(label.getAsInt(), classes)) {
        throw misfit(label.getAsInt(), classes, data.sample(i).id());
      }
    }
  }

  private static boolean isOfClasses(GraphEvidence evidence, String output) {
    OutputMeaning meaning = evidence.meanings().get(output);
    return meaning != null && meaning.kind() == OutputKind.CLASSES;
  }

  /// @param classes 0 where it is not known
  static boolean fits(int label, int classes) {
    return label >= 0 && (classes == 0 || label < classes);
  }

  /// @param id says which input it is, to a reader
  static UnusableInputException misfit(int label, int classes, String id) {
    return new UnusableInputException(
        "label %d of input %s fits no class of the model, which has %d, numbered 0 to %d: give labels that count from 0 and belong to this model, or leave labels out with --no-labels"
            .formatted(label, id, classes, classes - 1));
  }

  /// An open first extent is one input; with other open extents there is no telling.
  private static int classes(TensorType type) {
    if (type.dims().isEmpty() || type.rank() == 0) {
      return 0;
    }
    long[] dims = type.dims().get().stream().mapToLong(dim -> dim.size()).toArray();
    dims[0] = dims[0] < 0 ? 1 : dims[0];
    for (long dim : dims) {
      if (dim < 1) {
        return 0;
      }
    }
    if (!Shape.isPossible(dims)) {
      return 0;
    }
    Shape shape = new Shape(dims);
    OutputKind kind = OutputKind.of(type.dtype(), shape);
    return kind == OutputKind.CLASSES ? kind.classes(shape) : 0;
  }
}
