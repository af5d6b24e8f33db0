package dev.halftone.format.c;

import dev.halftone.integer.IntegerGraph;
import dev.halftone.integer.IntegerTensor;
import java.util.ArrayList;
import java.util.List;

/// The compiled-in test: a linker that drops unused sections drops it and its data where nothing calls it.
final class CSelfTest {

  private CSelfTest() {}

  /// The lines of the function.
  ///
  /// @param inputs [inputs][bytes] of one run
  /// @param outputs [outputs][bytes] that it makes
  static List<String> of(
      IntegerGraph graph, String name, byte[][] inputs, byte[][] outputs, CConstants constants) {
    CPorts ports = new CPorts(graph);
    List<String> arguments = new ArrayList<>();
    for (int i = 0; i < inputs.length; i++) {
      IntegerTensor tensor = graph.tensor(graph.inputs().get(i).tensor());
      arguments.add(constants.tensor("test_input", tensor, inputs[i]));
    }
    List<String> checks = new ArrayList<>();
    for (int i = 0; i < outputs.length; i++) {
      String output = ports.output(i);
      arguments.add(output);
      IntegerTensor tensor = graph.tensor(graph.outputs().get(i).tensor());
      String expected = constants.tensor("test_output", tensor, outputs[i]);
      checks.add(
          "    for (i = 0; i < %d; i++) {%n        wrong += %s[i] != %s[i];%n    }"
              .formatted(tensor.count(), output, expected));
    }
    arguments.add("arena");
    List<String> lines = new ArrayList<>();
    lines.add("int32_t " + name + "_self_test(" + ports.ofSelfTest() + ")");
    lines.add("{");
    lines.add("    int32_t wrong = 0;");
    lines.add("    int32_t i;");
    lines.add("    " + name + "_run(" + String.join(", ", arguments) + ");");
    lines.addAll(checks);
    lines.add("    return wrong;");
    lines.add("}");
    return lines;
  }
}
