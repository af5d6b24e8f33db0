package dev.halftone.meaning;

import dev.halftone.graph.Dim;
import dev.halftone.graph.Node;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Finds rows of a sequence, tensors of rank 3, that a normalization over channels makes: one operation, or a division by a root mean square
/// that is spelled out, with or without a gain and a shift.
record NormalizedRows(Origins origins) {

  private static final Set<String> OPERATIONS =
      Set.of(
          "LayerNormalization",
          "RMSNormalization",
          "SimplifiedLayerNormalization",
          "com.microsoft.SimplifiedLayerNormalization",
          "com.microsoft.SkipLayerNormalization",
          "com.microsoft.SkipSimplifiedLayerNormalization",
          "com.microsoft.EmbedLayerNormalization");

  private static final int RANK = 3;

  /// True where a value is such rows, or all rows of a batch one after another.
  boolean isRead(String value) {
    return (hasRank(value) || hasRank(origins.source(value))) && isNormalized(value);
  }

  private boolean hasRank(String value) {
    return origins.dims(value).map(List<Dim>::size).filter(rank -> rank == RANK).isPresent();
  }

  private boolean isNormalized(String value) {
    String at = origins.source(value);
    Set<String> seen = new HashSet<>();
    while (seen.add(at)) {
      Optional<Node> maker = origins.index().producer(at);
      if (maker.isEmpty()) {
        return false;
      }
      Node node = maker.get();
      if (OPERATIONS.contains(node.operation()) || isDivision(node)) {
        return true;
      }
      Optional<String> scaled = other(node);
      if (scaled.isEmpty()) {
        return false;
      }
      at = origins.source(scaled.get());
    }
    return false;
  }

  /// What a constant is multiplied with or added to.
  private Optional<String> other(Node node) {
    if (!node.is("Mul") && !node.is("Add")) {
      return Optional.empty();
    }
    boolean first = origins.isConstant(node.input(0));
    boolean second = origins.isConstant(node.input(1));
    return first == second ? Optional.empty() : Optional.of(node.input(first ? 1 : 0));
  }

  private boolean isDivision(Node node) {
    return node.is("Div") && isRoot(node.input(1))
        || node.is("Mul") && node.inputs().stream().anyMatch(this::isReciprocalRoot);
  }

  private boolean isReciprocalRoot(String value) {
    return maker(value, "Reciprocal").filter(node -> isRoot(node.input(0))).isPresent()
        || maker(value, "Div")
            .filter(node -> origins.isConstant(node.input(0)) && isRoot(node.input(1)))
            .isPresent();
  }

  /// True of the root of a mean, to which a small number may have been added.
  private boolean isRoot(String value) {
    return maker(value, "Sqrt")
        .map(root -> root.input(0))
        .map(mean -> maker(mean, "Add").flatMap(this::other).orElse(mean))
        .flatMap(mean -> maker(mean, "ReduceMean"))
        .isPresent();
  }

  private Optional<Node> maker(String value, String operation) {
    return origins.index().producer(origins.source(value)).filter(node -> node.is(operation));
  }
}
