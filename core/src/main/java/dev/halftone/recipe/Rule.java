package dev.halftone.recipe;

import dev.halftone.InvalidRecipeException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// A scheme for the operations that it matches: those of a name, of an operation, or both.
///
/// @param nodes pattern of node names, `*` for anything; also of the network's inputs, as far as activations go; any name where empty
/// @param operation as in `MatMul`; any operation where empty
/// @param weights of these operations; empty where later rules say
/// @param activations that these operations make; empty where later rules say
public record Rule(
    Optional<String> nodes,
    Optional<String> operation,
    Optional<WeightScheme> weights,
    Optional<ActivationScheme> activations) {

  public Rule {
    if (nodes.filter(String::isEmpty).isPresent()) {
      throw new InvalidRecipeException(
          "recipe field rules.nodes is a pattern of node names such as */conv1, not empty");
    }
    if (weights.isEmpty() && activations.isEmpty()) {
      throw new InvalidRecipeException(
          "recipe field rules gives weights, activations or both for %s, not neither"
              .formatted(nodes.or(() -> operation).orElse("everything")));
    }
  }

  /// The last rule of a recipe.
  static Rule forEverything(WeightScheme weights, ActivationScheme activations) {
    return new Rule(
        Optional.empty(), Optional.empty(), Optional.of(weights), Optional.of(activations));
  }

  /// Weights of these nodes.
  public static Rule weights(String nodes, int bits) {
    return new Rule(
        Optional.of(nodes),
        Optional.empty(),
        Optional.of(new WeightScheme.Integers(bits)),
        Optional.empty());
  }

  /// Activations that these nodes make.
  public static Rule activations(String nodes, ActivationScheme activations) {
    return new Rule(
        Optional.of(nodes), Optional.empty(), Optional.empty(), Optional.of(activations));
  }

  /// Every operation of a kind.
  ///
  /// @param operation as in `MatMul`
  static Rule operation(
      String operation, Optional<WeightScheme> weights, Optional<ActivationScheme> activations) {
    return new Rule(Optional.empty(), Optional.of(operation), weights, activations);
  }

  /// The same scheme for what each of these makes.
  public static List<Rule> activations(List<String> nodes, ActivationScheme activations) {
    return nodes.stream().map(node -> activations(node, activations)).toList();
  }

  /// Activations of so many bits that these nodes make, whose range has the least squared error.
  public static Rule activations(String nodes, int bits) {
    return activations(nodes, new ActivationScheme.Static(bits, new Observer.Mse()));
  }

  /// Nodes that stay as they are.
  public static Rule keepFloat(String nodes) {
    return new Rule(
        Optional.of(nodes),
        Optional.empty(),
        Optional.of(new WeightScheme.Float()),
        Optional.of(new ActivationScheme.Float()));
  }

  /// True of a rule that leaves both weights and activations as floats.
  public boolean keepsFloat() {
    return weights.filter(WeightScheme.Float.class::isInstance).isPresent()
        && activations.filter(ActivationScheme.Float.class::isInstance).isPresent();
  }

  /// True where products read integers and make floats by it.
  boolean makesProducts() {
    return activations.filter(ActivationScheme.Product.class::isInstance).isPresent();
  }

  /// What it says of activations; empty where that is nothing.
  Optional<Rule> withoutWeights() {
    return activations.map(
        scheme -> new Rule(nodes, operation, Optional.empty(), Optional.of(scheme)));
  }

  /// What it says of weights; empty where that is nothing.
  Optional<Rule> withoutActivations() {
    return weights.map(scheme -> new Rule(nodes, operation, Optional.of(scheme), Optional.empty()));
  }

  /// True where it names what it is for, and so goes before what the recipe leaves open.
  boolean isNamed() {
    return nodes.isPresent() || operation.isPresent();
  }

  boolean matches(Subject subject) {
    return nodes.map(pattern -> NodePattern.matches(pattern, subject.name())).orElse(true)
        && operation
            .map(wanted -> subject.operation().filter(wanted::equals).isPresent())
            .orElse(true);
  }

  /// As in `*/dw/*: 6-bit weights, 16-bit activations`.
  public String text() {
    String what =
        Stream.of(nodes, operation).flatMap(Optional::stream).collect(Collectors.joining(", "));
    return Stream.concat(
            weights.map(WeightScheme::text).stream(),
            activations.map(ActivationScheme::text).stream())
        .collect(Collectors.joining(", ", what + ": ", ""));
  }
}
