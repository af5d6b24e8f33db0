package dev.halftone.plan;

import dev.halftone.data.text.InputRole;
import dev.halftone.data.text.TextInput;
import dev.halftone.data.text.TextInputs;
import dev.halftone.graph.GraphIndex;
import dev.halftone.graph.Node;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// Tells the operations that look up words, by the token ids which the network is fed, from those that look up anything else.
///
/// @param ids names of the inputs that are token ids; none of a network that reads no text
record WordTables(GraphIndex index, Set<String> ids) {

  private static final Set<String> MOVES =
      Set.of("Cast", "Reshape", "Squeeze", "Unsqueeze", "Flatten", "Identity", "Transpose");

  static WordTables of(GraphIndex index) {
    return new WordTables(
        index,
        TextInputs.of(index.graph()).stream()
            .flatMap(inputs -> inputs.inputs().stream())
            .filter(input ->
                input.role() == InputRole.TOKEN_IDS || input.role() == InputRole.DECODER_TOKEN_IDS)
            .map(TextInput::name)
            .collect(Collectors.toSet()));
  }

  /// True of a Gather by token ids.
  boolean reads(Node gather) {
    String value = gather.input(1);
    Optional<Node> maker = index.producer(value);
    while (maker.filter(node -> MOVES.contains(node.opType())).isPresent()) {
      value = maker.get().input(0);
      maker = index.producer(value);
    }
    return ids.contains(value);
  }
}
