package dev.halftone.device;

import dev.halftone.graph.Node;
import dev.halftone.scheme.Range;
import dev.halftone.tensor.Shape;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiPredicate;
import java.util.function.ToIntFunction;

/// A device's treatment of an operation, or of one form of it.
///
/// @param operation with its domain where that is not the standard one
/// @param conditions all of which the form meets, looked at in this order
/// @param numbers what plans must know of the integers that it reads and makes
/// @param remedy the nearest form that runs in integers, for conditions that name none; empty where none is known
record Row(
    String operation,
    IntegerKernel kernel,
    Set<Trait> traits,
    List<Condition> conditions,
    Numbers numbers,
    Optional<String> remedy) {

  /// @param from the first input that holds numbers
  /// @param outputAxis of the weights
  /// @param addsPairs whether products of this node with weights of this shape are added two by two in 16 bits
  /// @param range that the output covers by definition
  record Numbers(
      int from,
      ToIntFunction<Node> outputAxis,
      BiPredicate<Node, Shape> addsPairs,
      Optional<Range> range) {

    static final Numbers ANY = new Numbers(0, _ -> 1, (_, _) -> false, Optional.empty());
  }

  Row {
    traits = Set.copyOf(traits);
    conditions = List.copyOf(conditions);
  }

  static Row of(String operation, IntegerKernel kernel, Trait... traits) {
    Set<Trait> all = EnumSet.noneOf(Trait.class);
    all.addAll(List.of(traits));
    return new Row(operation, kernel, all, List.of(), Numbers.ANY, Optional.empty());
  }

  Row needs(Condition... all) {
    return new Row(operation, kernel, traits, List.of(all), numbers, remedy);
  }

  Row along(ToIntFunction<Node> outputAxis) {
    return with(new Numbers(numbers.from(), outputAxis, numbers.addsPairs(), numbers.range()));
  }

  Row addingPairs(BiPredicate<Node, Shape> addsPairs) {
    return with(new Numbers(numbers.from(), numbers.outputAxis(), addsPairs, numbers.range()));
  }

  Row readingFrom(int input) {
    return with(new Numbers(input, numbers.outputAxis(), numbers.addsPairs(), numbers.range()));
  }

  Row covering(float low, float high) {
    return with(
        new Numbers(
            numbers.from(),
            numbers.outputAxis(),
            numbers.addsPairs(),
            Optional.of(new Range(low, high))));
  }

  private Row with(Numbers others) {
    return new Row(operation, kernel, traits, conditions, others, remedy);
  }

  Row remedy(String words) {
    return new Row(operation, kernel, traits, conditions, numbers, Optional.of(words));
  }

  /// The first condition that the form breaks, as a refusal; empty where it meets all.
  Optional<Support.Refused> refusal(Node node, Surroundings around) {
    for (Condition condition : conditions) {
      Optional<String> because = condition.check().objection(node, around);
      if (because.isPresent()) {
        return Optional.of(
            new Support.Refused(
                because.get(), condition.ground(), condition.remedy().or(this::remedy)));
      }
    }
    return Optional.empty();
  }
}
