package dev.halftone.format.c;

import dev.halftone.integer.IntegerGraph;
import dev.halftone.integer.IntegerTensor;
import dev.halftone.integer.Port;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.IntStream;

/// The parameters of the functions in the header: names and types of inputs, outputs and arena.
record CPorts(IntegerGraph graph) {

  /// Inputs, outputs, arena, as the run function takes them.
  String ofRun() {
    List<String> parameters = new ArrayList<>();
    for (int i = 0; i < graph.inputs().size(); i++) {
      parameters.add("const " + pointer(graph.inputs().get(i), input(i)));
    }
    parameters.addAll(outputsAndArena());
    return String.join(", ", parameters);
  }

  /// Outputs and arena, as the self test takes them.
  String ofSelfTest() {
    return String.join(", ", outputsAndArena());
  }

  private List<String> outputsAndArena() {
    List<String> parameters = new ArrayList<>();
    for (int i = 0; i < graph.outputs().size(); i++) {
      parameters.add(pointer(graph.outputs().get(i), output(i)));
    }
    parameters.add(arena());
    return parameters;
  }

  /// Of the widest integers that lie there.
  String arena() {
    return (graph.isWide() ? "int16_t" : "int8_t") + " *arena";
  }

  private String pointer(Port port, String name) {
    return type(graph.tensor(port.tensor())) + " *" + name;
  }

  /// As in `int8_t`.
  static String type(IntegerTensor tensor) {
    return tensor.type().name().toLowerCase(Locale.ROOT) + "_t";
  }

  /// `input` where there is one, `input1`, `input2`, ... where there are several.
  String input(int i) {
    return name("input", graph.inputs(), i);
  }

  /// `output`, or `output1`, `output2`, ...
  String output(int i) {
    return name("output", graph.outputs(), i);
  }

  private static String name(String word, List<Port> ports, int i) {
    return ports.size() == 1 ? word : word + (i + 1);
  }

  /// The parameter that is this tensor's memory; an output before an input.
  Optional<String> of(int tensor) {
    return find("output", graph.outputs(), tensor).or(() -> find("input", graph.inputs(), tensor));
  }

  private static Optional<String> find(String word, List<Port> ports, int tensor) {
    return IntStream.range(0, ports.size())
        .filter(i -> ports.get(i).tensor() == tensor)
        .mapToObj(i -> name(word, ports, i))
        .findFirst();
  }
}
