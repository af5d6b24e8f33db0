package dev.halftone.recipe;

import dev.halftone.InvalidRecipeException;
import dev.halftone.scheme.QuantizedType;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/// The rules of a recipe, and what they say of an operation: of those that match it, the first that says something of its weights counts
/// for these, and the first that says something of its activations for those.
///
/// @param all in order; the last one is for everything, and gives weights and activations
public record Rules(List<Rule> all) {

  public Rules {
    all = List.copyOf(all);
    if (all.isEmpty()
        || all.getLast().isNamed()
        || all.getLast().weights().isEmpty()
        || all.getLast().activations().isEmpty()) {
      throw new InvalidRecipeException(
          "recipe field rules ends with one for everything, which gives weights and activations");
    }
  }

  /// The weights of operations that no rule names.
  public WeightScheme weights() {
    return all.getLast().weights().orElseThrow();
  }

  /// The activations of operations that no rule names.
  public ActivationScheme activations() {
    return all.getLast().activations().orElseThrow();
  }

  /// The rules that name what they are for.
  public List<Rule> named() {
    return all.subList(0, all.size() - 1);
  }

  /// How the ranges of activations are chosen that no rule names; where these are float, how any are.
  public Observer observer() {
    return activations()
        .integers()
        .or(() -> integers().findFirst())
        .map(ActivationScheme.Static::observer)
        .orElseGet(Observer.Mse::new);
  }

  private Stream<ActivationScheme.Static> integers() {
    return all.stream()
        .flatMap(rule -> rule.activations().flatMap(ActivationScheme::integers).stream());
  }

  /// True where ranges of some activations are observed.
  boolean observes() {
    return integers().findAny().isPresent() || observesProducts();
  }

  boolean observesProducts() {
    return products().anyMatch(ProductScale::observes);
  }

  private Stream<ProductScale> products() {
    return all.stream()
        .flatMap(rule -> rule.activations().flatMap(ActivationScheme::product).stream());
  }

  /// Integers of the weights of an operation, in a layer whose weights are integers.
  public QuantizedType weightType(Subject layer) {
    return QuantizedType.weight(integers(layer).map(WeightScheme.Integers::bits).orElse(8));
  }

  /// How many weights of a matrix share a scale; empty where an output channel has one.
  public Optional<Integer> weightGroup(Subject layer) {
    return integers(layer).flatMap(WeightScheme.Integers::group);
  }

  private Optional<WeightScheme.Integers> integers(Subject layer) {
    return schemes(layer, Rule::weights)
        .filter(WeightScheme.Integers.class::isInstance)
        .map(WeightScheme.Integers.class::cast)
        .findFirst();
  }

  /// Integers of the activations made here, where something reads them as integers.
  public QuantizedType activationType(Subject maker) {
    return QuantizedType.activation(asIntegers(maker).map(ActivationScheme.Static::bits).orElse(8));
  }

  /// How the range of what is made here is chosen, where something reads it as integers.
  public Observer observer(Subject maker) {
    return asIntegers(maker).map(ActivationScheme.Static::observer).orElseGet(this::observer);
  }

  /// What is float here is integers of the next rule's bits for those who read integers.
  private Optional<ActivationScheme.Static> asIntegers(Subject maker) {
    return schemes(maker, Rule::activations)
        .flatMap(scheme -> scheme.integers().stream())
        .findFirst();
  }

  private <T> Stream<T> schemes(Subject subject, Function<Rule, Optional<T>> which) {
    return all.stream()
        .filter(rule -> rule.matches(subject))
        .flatMap(rule -> which.apply(rule).stream());
  }

  /// True where what an operation reads and makes is float, but for what a product reads.
  public boolean hasFloatActivations(Subject operation) {
    return schemes(operation, Rule::activations)
        .findFirst()
        .filter(scheme -> scheme.integers().isEmpty())
        .isPresent();
  }

  /// How the inputs of a product share scales, where it reads integers and makes floats.
  public Optional<ProductScale> product(Subject product) {
    return schemes(product, Rule::activations).findFirst().flatMap(ActivationScheme::product);
  }

  /// True where an operation stays as it is.
  public boolean keepsFloat(Subject operation) {
    return schemes(operation, Rule::weights)
        .findFirst()
        .filter(WeightScheme.Float.class::isInstance)
        .isPresent();
  }

  /// True where a rule asks for the bits of an operation's weights by its name or kind.
  public boolean namesWeights(Subject layer) {
    return names(layer, Rule::weights);
  }

  /// True where a rule asks for the bits of what is made here, by its name or kind.
  public boolean namesActivations(Subject maker) {
    return names(maker, Rule::activations);
  }

  private <T> boolean names(Subject subject, Function<Rule, Optional<T>> which) {
    return named().stream()
        .anyMatch(
            rule -> !rule.keepsFloat() && which.apply(rule).isPresent() && rule.matches(subject));
  }

  /// True where activations have fewer than 8 bits, but for exceptions.
  public boolean hasNarrowActivations() {
    return activations().integers().filter(scheme -> scheme.bits() < 8).isPresent();
  }

  /// True where some activations have 16 bits.
  public boolean hasWideActivations() {
    return integers().anyMatch(scheme -> scheme.bits() == 16);
  }

  /// Patterns that match none of these nodes: they do nothing, and are mistyped or of another model.
  public List<String> idlePatterns(Collection<String> nodeLabels) {
    return all.stream()
        .flatMap(rule -> rule.nodes().stream())
        .distinct()
        .filter(
            pattern -> nodeLabels.stream().noneMatch(label -> NodePattern.matches(pattern, label)))
        .toList();
  }

  /// The same where operations that no rule names make such activations.
  Rules withActivations(ActivationScheme other) {
    return withRules(named(), Rule.forEverything(weights(), other));
  }

  /// The same where ranges are chosen by what this makes of each observer.
  Rules observing(UnaryOperator<Observer> change) {
    List<Rule> changed =
        all.stream()
            .map(rule ->
                new Rule(
                    rule.nodes(),
                    rule.operation(),
                    rule.weights(),
                    rule.activations()
                        .map(scheme ->
                            scheme instanceof ActivationScheme.Static(int bits, Observer observer)
                                ? new ActivationScheme.Static(bits, change.apply(observer))
                                : scheme)))
            .toList();
    return new Rules(changed);
  }

  /// The same with these rules before the one for everything, and no others.
  public Rules withNamed(List<Rule> other) {
    return withRules(other, all.getLast());
  }

  /// The same where these rules come before all others but those that keep nodes float.
  public Rules overriding(List<Rule> first) {
    List<Rule> rules = new ArrayList<>(kept());
    rules.addAll(first);
    named().stream().filter(rule -> !rule.keepsFloat()).forEach(rules::add);
    return withNamed(rules);
  }

  /// The same where nodes that match these patterns stay float as well.
  public Rules keepingFloat(List<String> more) {
    return overriding(more.stream().map(Rule::keepFloat).toList());
  }

  /// The same where these, beside those that keep nodes float, are all the rules that name nodes or kinds for their weights.
  Rules overridingWeights(List<Rule> others) {
    List<Rule> rules = new ArrayList<>(kept());
    named().stream()
        .filter(rule -> !rule.keepsFloat())
        .flatMap(rule -> rule.withoutWeights().stream())
        .forEach(rules::add);
    return withNamed(rules).overriding(others);
  }

  /// The same where no rule that names nodes or kinds has products read integers and make floats.
  Rules withoutNamedProducts() {
    return withNamed(
        named().stream()
            .flatMap(
                rule -> rule.makesProducts() ? rule.withoutActivations().stream() : Stream.of(rule))
            .toList());
  }

  /// The rules that keep nodes float.
  public List<Rule> kept() {
    return named().stream().filter(Rule::keepsFloat).toList();
  }

  private static Rules withRules(List<Rule> named, Rule last) {
    return new Rules(Stream.concat(named.stream(), Stream.of(last)).toList());
  }
}
