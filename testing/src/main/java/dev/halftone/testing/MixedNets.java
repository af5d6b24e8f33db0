package dev.halftone.testing;

import dev.halftone.graph.Node;
import dev.halftone.recipe.Recipe;
import dev.halftone.recipe.Rule;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/// The networks of [IntegerNets] with activations of 8 bits and of 16.
public final class MixedNets {

  /// What takes over the integers of its input.
  private static final Set<String> PASS_ON =
      Set.of(
          "MaxPool",
          "AveragePool",
          "GlobalMaxPool",
          "Relu",
          "Clip",
          "Flatten",
          "Reshape",
          "Transpose",
          "Slice",
          "Split",
          "Pad",
          "Resize");

  /// What computes on int8 alone.
  private static final Set<String> ON_BYTES =
      Set.of(
          "PRelu",
          "Softmax",
          "Sigmoid",
          "Tanh",
          "HardSigmoid",
          "LeakyRelu",
          "Elu",
          "Softplus",
          "Neg");

  private MixedNets() {}

  /// A network some of whose activations have 16 bits.
  public record Mixed(IntegerNets.Net net, Recipe recipe) {
    @Override
    public String toString() {
      return net + ", " + recipe.name();
    }
  }

  /// Every second operation in 16 bits, and the others: what follows on 8 bits, and what on 16, in each network.
  public static List<Mixed> all() {
    return IntegerNets.all().stream()
        .flatMap(net ->
            Stream.of(
                new Mixed(net, mixed(net, Recipe.W8A8, 0)),
                new Mixed(net, mixed(net, Recipe.W8A16, 1))))
        .toList();
  }

  /// @param base says what inputs of the network have
  private static Recipe mixed(IntegerNets.Net net, Recipe base, int parity) {
    List<Rule> overrides = new ArrayList<>();
    int turn = 0;
    for (Node node : net.model().graph().nodes()) {
      boolean bytes =
          ON_BYTES.contains(node.opType()) || node.is("MatMul") && net.name().equals("attention");
      String pieces = node.is("HardSigmoid") ? "*" : "";
      if (!PASS_ON.contains(node.opType())) {
        boolean wide = !bytes && turn++ % 2 == parity;
        overrides.add(Rule.activations(node.label() + pieces, wide ? 16 : 8));
      }
    }
    return base.overriding(overrides)
        .withName("every second on 16 bits beside inputs of " + base.rules().activations().text());
  }
}
