package dev.halftone.verify;

import dev.halftone.data.Dataset;
import dev.halftone.graph.Dim;
import dev.halftone.meaning.ChannelLayout;
import dev.halftone.meaning.OutputKind;
import dev.halftone.meaning.OutputMeaning;
import dev.halftone.tensor.Shape;
import dev.halftone.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/// Says what an output means: as the user says, else as the graph tells, else as labels and texts beside the samples do, else values.
///
/// @param outputs how many there are
/// @param greatestLabel of all samples; empty where none has a label
/// @param hasTexts whether a sample has a text
record OutputReader(
    VerifyOptions options, int outputs, OptionalInt greatestLabel, boolean hasTexts) {

  static OutputReader of(VerifyOptions options, int outputs, Dataset data) {
    boolean hasTexts = IntStream.range(0, data.size()).anyMatch(i -> data.text(i).isPresent());
    return new OutputReader(options, outputs, data.maxLabel(), hasTexts);
  }

  OutputMeaning meaning(String name, Tensor output) {
    return asked(name, output).orElseGet(() -> told(name, output));
  }

  private Optional<OutputMeaning> asked(String name, Tensor output) {
    OutputKind own = options.kinds().get(name);
    if (own != null) {
      return Optional.of(OutputMeaning.of(own, "--task says so"));
    }
    return options
        .kind()
        .filter(kind -> outputs == 1 || canBe(kind, output))
        .map(kind -> OutputMeaning.of(kind, "--task says so"));
  }

  private static boolean canBe(OutputKind kind, Tensor output) {
    boolean isWhole = output.dtype().isWhole();
    int width = OutputKind.width(output.shape());
    return switch (kind) {
      case CLASSES -> vectors(output.shape()) == 1;
      case SEQUENCE, TEXT -> !isWhole && output.shape().rank() > 1 && width > 1;
      case EMBEDDING -> !isWhole && width > 1;
      case VALUES -> !isWhole;
      case INDICES -> isWhole;
    };
  }

  private OutputMeaning told(String name, Tensor output) {
    OutputMeaning meaning = options.evidence().meanings().get(name);
    if (meaning == null) {
      meaning =
          output.dtype().isWhole()
              ? OutputMeaning.of(OutputKind.INDICES, "it holds integers")
              : OutputMeaning.of(OutputKind.VALUES, "nothing says what it means");
    }
    return switch (meaning.kind()) {
      case CLASSES -> fitting(meaning, output);
      case SEQUENCE -> spelled(meaning);
      case VALUES -> beside(meaning, output);
      case TEXT, EMBEDDING, INDICES -> meaning;
    };
  }

  /// Scores of one answer, unless this sample has several vectors of them.
  private OutputMeaning fitting(OutputMeaning meaning, Tensor output) {
    long vectors = vectors(output.shape());
    if (vectors == 1) {
      return meaning;
    }
    OutputKind kind = vectors == 0 ? OutputKind.VALUES : meaning.ofMany();
    String because =
        meaning.because()
            + (vectors == 0 ? ", and has one number" : ", and has several vectors a sample");
    return spelled(new OutputMeaning(kind, kind, meaning.classAxis(), because));
  }

  private OutputMeaning spelled(OutputMeaning meaning) {
    if (meaning.kind() != OutputKind.SEQUENCE || !(hasTexts || options.alphabet().isPresent())) {
      return meaning;
    }
    return new OutputMeaning(
        OutputKind.TEXT,
        OutputKind.TEXT,
        meaning.classAxis(),
        meaning.because()
            + (hasTexts ? ", and samples have a text" : ", and there is an alphabet"));
  }

  /// Labels, names of classes or texts may belong to what the graph says nothing of.
  private OutputMeaning beside(OutputMeaning meaning, Tensor output) {
    Shape shape = output.shape();
    if (output.dtype().isWhole()) {
      return meaning;
    }
    boolean isFree = !options.hasScores();
    if (isFree && vectors(shape) == 1) {
      int classes = Math.toIntExact(shape.count());
      if (greatestLabel.isPresent() && greatestLabel.getAsInt() < classes) {
        return OutputMeaning.of(
            OutputKind.CLASSES, meaning.because() + ", and the labels fit its classes");
      }
      if (classes == options.classNames().size()) {
        return OutputMeaning.of(
            OutputKind.CLASSES, meaning.because() + ", and the names of classes fit");
      }
    }
    int width = OutputKind.width(shape);
    boolean isSpelled =
        options.alphabet().filter(letters -> letters.fits(width)).isPresent()
            || (hasTexts && isFree);
    return isSpelled && shape.rank() == 3 && width > 1
        ? OutputMeaning.of(
            OutputKind.TEXT,
            meaning.because() + (hasTexts ? ", and samples have a text" : ", and an alphabet fits"))
        : meaning;
  }

  /// 1 of one vector, 0 of a single number, more where more than one axis is wide.
  private static long vectors(Shape shape) {
    return Arrays.stream(shape.dims()).filter(dim -> dim > 1).count();
  }

  /// The axis of the channels, from the front; -1 where there is none.
  int channelAxis(String name, Shape shape) {
    ChannelLayout layout = options.evidence().layouts().get(name);
    if (layout != null) {
      return layout.axis();
    }
    if (!options.evidence().meanings().isEmpty()) {
      return -1;
    }
    List<Dim> dims = Arrays.stream(shape.dims()).mapToObj(Dim::of).toList();
    return ChannelLayout.axisByShape(dims);
  }
}
