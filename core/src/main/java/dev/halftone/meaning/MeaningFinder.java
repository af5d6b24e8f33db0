package dev.halftone.meaning;

import dev.halftone.data.label.ClassList;
import dev.halftone.graph.Dim;
import dev.halftone.graph.Node;
import dev.halftone.graph.TensorType;
import dev.halftone.graph.Value;
import dev.halftone.graph.shape.Work;
import dev.halftone.tensor.DType;
import java.util.List;
import java.util.Optional;

/// Finds what values of a graph mean by walking back from them through what only copies: scores of classes only where Softmax, a last product
/// of fixed width or a name says so, embeddings where vectors are brought to length 1 or a name says so, else values.
final class MeaningFinder {

  /// Vectors of tokens are wider.
  private static final int FEWEST_OF_EMBEDDING = 64;

  private final Origins origins;
  private final OutputNames names;
  private final int namedClasses;

  MeaningFinder(Origins origins) {
    this.origins = origins;
    this.names = new OutputNames();
    this.namedClasses = ClassList.names(origins.model().metadata()).size();
  }

  /// @param name an output, or a value inside
  OutputMeaning of(String name) {
    Optional<TensorType> type = origins.type(name);
    if (type.isPresent() && type.get().dtype().isWhole()) {
      return ofIntegers(name, type.get().dtype());
    }
    if (names.isEmbedding(name)) {
      return OutputMeaning.of(OutputKind.EMBEDDING, "its name says so");
    }
    Optional<Node> last = origins.last(name);
    if (last.isEmpty()) {
      return values("nothing says what it means");
    }
    Node node = last.get();
    if (node.is("ArgMax") || node.is("ArgMin")) {
      return OutputMeaning.of(OutputKind.INDICES, "it ends in " + node.opType());
    }
    if (new UnitLength(origins).isMadeBy(node)) {
      return OutputMeaning.of(OutputKind.EMBEDDING, "its vectors are brought to length 1");
    }
    Optional<Node> softmax = softmax(node);
    if (softmax.isPresent()) {
      return ofSoftmax(name, softmax.get());
    }
    if (isLogits(node)) {
      return ofLogits(name, node);
    }
    boolean isNamed = namedClasses > 1 && isOneVector(name) && width(name) == namedClasses;
    return isNamed && !node.is("Sigmoid")
        ? OutputMeaning.of(
            OutputKind.CLASSES, "the model's metadata name its %d classes".formatted(namedClasses))
        : values("it ends in " + node.opType());
  }

  /// What numbers for each token of a text mean, which are values as far as the graph tells: a last product of few numbers scores tags,
  /// all else is a vector a token.
  OutputMeaning ofTokens(String name, OutputMeaning meaning) {
    if (meaning.kind() != OutputKind.VALUES) {
      return meaning;
    }
    long width = width(name);
    return isProduct(name) && width > 1 && width < FEWEST_OF_EMBEDDING
        ? OutputMeaning.of(
            OutputKind.SEQUENCE, "it ends in a product of %d numbers a token".formatted(width))
        : OutputMeaning.of(OutputKind.EMBEDDING, "it has a vector for each token");
  }

  /// True where a product with constants comes last.
  boolean isProduct(String name) {
    return origins.last(name).filter(Origins::isProduct).isPresent();
  }

  private static OutputMeaning values(String because) {
    return OutputMeaning.of(OutputKind.VALUES, because);
  }

  /// A picture is often rounded to bytes at the end; every other integer is an answer.
  private OutputMeaning ofIntegers(String name, DType dtype) {
    boolean isRounded = (dtype == DType.UINT8 || dtype == DType.INT8) && origins.isRounded(name);
    if (isRounded) {
      return values("its integers are values, rounded");
    }
    return OutputMeaning.of(OutputKind.INDICES, "it holds integers");
  }

  private OutputMeaning ofSoftmax(String name, Node softmax) {
    if (origins.index().consumers(softmax.output()).stream().anyMatch(this::isWeighed)) {
      return values("it weighs other values");
    }
    Optional<List<Dim>> dims = origins.dims(name);
    long classes =
        origins
            .dims(softmax.output())
            .filter(inner -> !inner.isEmpty())
            .map(inner -> inner.get(axis(softmax, inner.size())).size())
            .orElse(-1L);
    int axis = dims.map(list -> classAxis(list, classes)).orElse(-1);
    if (dims.isPresent()
        && !dims.get().isEmpty()
        && classes < 0
        && !dims.get().get(dims.get().size() + axis).isKnown()) {
      return values("the width of its Softmax depends on the input");
    }
    return scores(
        name,
        OutputKind.SEQUENCE,
        axis,
        "it ends in " + (isSoftmax(softmax) ? softmax.opType() : "Softmax"));
  }

  /// The last axis of this extent, or the last at all.
  private static int classAxis(List<Dim> dims, long classes) {
    for (int i = dims.size() - 1; i >= 0; i--) {
      if (classes > 0 && dims.get(i).size() == classes) {
        return i - dims.size();
      }
    }
    return -1;
  }

  private static boolean isSoftmax(Node node) {
    return node.is("Softmax") || node.is("LogSoftmax");
  }

  private int axis(Node softmax, int rank) {
    long otherwise = isSoftmax(softmax) && origins.model().opset() < 13 ? 1 : -1;
    long axis = softmax.intAttribute("axis", otherwise);
    return Math.clamp(axis < 0 ? rank + axis : axis, 0, Math.max(0, rank - 1));
  }

  /// The Softmax that this operation is, or ends: of its parts (exponentials over their sum), or its logarithm.
  private Optional<Node> softmax(Node node) {
    if (isSoftmax(node)) {
      return Optional.of(node);
    }
    if (node.is("Log") || node.is("Clip")) {
      return origins.last(node.input(0)).filter(MeaningFinder::isSoftmax);
    }
    return node.is("Div")
            && origins.last(node.input(0)).filter(over -> over.is("Exp")).isPresent()
            && origins.last(node.input(1)).filter(sum -> sum.is("ReduceSum")).isPresent()
        ? Optional.of(node)
        : Optional.empty();
  }

  private OutputMeaning ofLogits(String name, Node node) {
    if (names.isValue(name)) {
      return values("its name says so");
    }
    boolean isFixed = width(name) >= 2;
    if (!isFixed) {
      return values("it ends in %s, of no fixed width".formatted(node.opType()));
    }
    String because = "it ends in %s of fixed width".formatted(node.opType());
    if (isOneVector(name)) {
      return feedsOther(name) || hasOtherScores(name)
          ? values("it ends in %s, and other outputs hold the scores".formatted(node.opType()))
          : scores(name, OutputKind.VALUES, -1, because);
    }
    return names.isScores(name) || width(name) == namedClasses
        ? scores(name, OutputKind.SEQUENCE, -1, because + ", and its name says scores")
        : values("it ends in " + node.opType());
  }

  /// Whether products follow: it is a state, or features of another output.
  private boolean feedsOther(String name) {
    return origins.index().consumers(name).stream().anyMatch(this::isWeighed);
  }

  /// Whether another output ends in Softmax, and not of this one.
  private boolean hasOtherScores(String name) {
    List<Node> others =
        origins.model().graph().outputs().stream()
            .map(Value::name)
            .filter(other -> !other.equals(name))
            .flatMap(other -> origins.last(other).flatMap(this::softmax).stream())
            .toList();
    return !names.isScores(name)
        && !others.isEmpty()
        && others.stream()
            .noneMatch(one -> origins.source(one.input(0)).equals(origins.source(name)));
  }

  /// @param ofMany what it is where a sample has several vectors though one was declared
  private OutputMeaning scores(String name, OutputKind ofMany, int classAxis, String because) {
    if (isOneVector(name) || origins.dims(name).isEmpty()) {
      return new OutputMeaning(OutputKind.CLASSES, ofMany, classAxis, because);
    }
    return isTimeMajor(name)
        ? new OutputMeaning(
            OutputKind.TEXT,
            OutputKind.TEXT,
            classAxis,
            because + ", time-major, as of a reader of pictures")
        : new OutputMeaning(OutputKind.SEQUENCE, OutputKind.SEQUENCE, classAxis, because);
  }

  /// [T,N,C] made of pictures [N,...], as networks trained by CTC have it.
  private boolean isTimeMajor(String name) {
    Optional<List<Dim>> in =
        origins.model().graph().requiredInputs().stream()
            .findFirst()
            .flatMap(Value::type)
            .flatMap(TensorType::dims);
    Optional<List<Dim>> out = origins.dims(name);
    return in.isPresent()
        && out.isPresent()
        && in.get().size() == 4
        && out.get().size() == 3
        && in.get().getFirst() instanceof Dim.Named
        && out.get().get(1).equals(in.get().getFirst())
        && !out.get().getFirst().equals(in.get().getFirst());
  }

  /// True of [N,C], [C] and of more axes where the others are 1.
  private boolean isOneVector(String name) {
    Optional<List<Dim>> dims = origins.dims(name);
    if (dims.isEmpty() || dims.get().isEmpty()) {
      return false;
    }
    List<Dim> list = dims.get();
    long wide = list.stream().skip(list.size() > 1 ? 1 : 0).filter(dim -> dim.size() != 1).count();
    long first = list.getFirst().size();
    return wide == 1 && (list.size() == 1 || first <= 1);
  }

  /// Extent of the only wide axis, or of the last; -1 where it is not fixed.
  private long width(String name) {
    List<Dim> dims = origins.dims(name).orElse(List.of());
    if (dims.isEmpty()) {
      return -1;
    }
    long last = dims.getLast().size();
    return isOneVector(name)
        ? dims.stream().skip(dims.size() > 1 ? 1 : 0).mapToLong(Dim::size).filter(n -> n != 1).sum()
        : last;
  }

  /// The last product of a classifier: with constant weights, or a pool over the maps of a convolution, one a class.
  private boolean isLogits(Node node) {
    if (Origins.isProduct(node)) {
      return origins.isConstant(node.input(1));
    }
    if (node.is("GlobalAveragePool") || node.is("GlobalMaxPool") || node.is("ReduceMean")) {
      return origins
          .last(node.input(0))
          .map(maker -> maker.is("Relu") ? origins.last(maker.input(0)) : Optional.of(maker))
          .flatMap(maker -> maker)
          .filter(maker -> maker.is("Conv"))
          .isPresent();
    }
    return node.is("Conv")
        && origins
            .last(node.input(0))
            .filter(pool -> pool.is("GlobalAveragePool") || pool.is("GlobalMaxPool"))
            .isPresent();
  }

  private boolean isWeighed(Node node) {
    return Work.WEIGHTED.contains(node.opType()) || node.opType().equals("Einsum");
  }
}
