package dev.halftone.meaning;

import dev.halftone.graph.GraphIndex;
import dev.halftone.graph.Model;
import dev.halftone.graph.Node;
import dev.halftone.graph.shape.ShapeInference;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/// The evidence of a float model's graph that it is a transformer: a network of products with constant matrices, which integers of one
/// range for all rows serve badly.
///
/// It has attention between what such products make: the softmax of a product of two activations, or an operation that says so. Or several
/// such products read normalized rows, as in networks that mix rows otherwise.
///
/// @param because in a clause, as in `the network has attention`
public record TransformerEvidence(String because) {

  private static final Set<String> ATTENTION =
      Set.of(
          "Attention",
          "com.microsoft.Attention",
          "com.microsoft.MultiHeadAttention",
          "com.microsoft.PackedAttention",
          "com.microsoft.PackedMultiHeadAttention",
          "com.microsoft.GroupQueryAttention",
          "com.microsoft.DecoderMaskedMultiHeadAttention");

  /// What may stand between a product and its softmax.
  private static final Set<String> SCORES =
      Set.of(
          "Add",
          "Sub",
          "Mul",
          "Div",
          "Where",
          "Cast",
          "Reshape",
          "Transpose",
          "Squeeze",
          "Unsqueeze",
          "Identity",
          "Max",
          "Min",
          "Clip",
          "Tanh",
          "Dropout",
          "Slice");

  /// What is no part of the way from queries to the product that makes them.
  private static final Set<String> OTHER_LAYERS =
      Set.of("Conv", "ConvTranspose", "LSTM", "GRU", "RNN", "MaxPool", "AveragePool", "Softmax");

  /// What is farther away is another part of the network.
  private static final int FAR = 100;

  /// A block has two products that read normalized rows; one alone may be a head.
  private static final int SEVERAL = 2;

  /// None where it is no transformer.
  public static Optional<TransformerEvidence> of(Model model) {
    GraphIndex index = new GraphIndex(model.graph());
    Origins origins = new Origins(model, index, ShapeInference.infer(model));
    Predicate<Node> isLayer = node -> isLayer(node, origins);
    if (model.graph().nodes().stream().noneMatch(isLayer)) {
      return Optional.empty();
    }
    WalkBack walk = new WalkBack(index::producer, FAR);
    if (model.graph().nodes().stream().anyMatch(node -> isAttention(node, walk, origins))) {
      return Optional.of(new TransformerEvidence("the network has attention"));
    }
    NormalizedRows rows = new NormalizedRows(origins);
    long several =
        model.graph().nodes().stream()
            .filter(isLayer)
            .filter(node -> rows.isRead(node.input(0)))
            .limit(SEVERAL)
            .count();
    return several == SEVERAL
        ? Optional.of(new TransformerEvidence("its products read normalized rows"))
        : Optional.empty();
  }

  private static boolean isLayer(Node node, Origins origins) {
    return Origins.isProduct(node) && node.hasInput(1) && origins.isConstant(node.input(1));
  }

  private static boolean isAttention(Node node, WalkBack walk, Origins origins) {
    if (ATTENTION.contains(node.operation())) {
      return true;
    }
    return node.is("Softmax")
        && walk.reaches(
            node.input(0),
            product ->
                isOfActivations(product, origins)
                    && walk.reaches(
                        product.input(0),
                        maker -> isLayer(maker, origins),
                        maker -> !OTHER_LAYERS.contains(maker.opType())),
            between -> SCORES.contains(between.opType()));
  }

  private static boolean isOfActivations(Node node, Origins origins) {
    boolean multiplies =
        node.is("MatMul")
            || node.is("Einsum")
            || node.operation().equals("com.microsoft.FusedMatMul");
    return multiplies
        && node.hasInput(1)
        && !origins.isConstant(node.input(0))
        && !origins.isConstant(node.input(1));
  }
}
