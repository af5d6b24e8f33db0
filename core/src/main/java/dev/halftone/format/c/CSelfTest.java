package dev.halftone.format.c;

import dev.halftone.integer.IntegerGraph;
import dev.halftone.integer.IntegerTensor;
import java.util.ArrayList;
import java.util.List;

/// The compiled-in test: a linker that drops unused sections drops it and its data where nothing calls it.
final class CSelfTest {

  private CSelfTest() {}

  static String parameters(IntegerGraph graph) {
    List<String> parameters = new ArrayList<>(CSource.outputs(graph));
    parameters.add(CSource.arena(graph));
    return String.join(", ", parameters);
  }

  static List<String> of(
      IntegerGraph graph, String name, CSource.TestVector test, CConstants constants) {
    List<String> arguments = new ArrayList<>();
    for (int i = 0; i < test.inputs().length; i++) {
      IntegerTensor tensor = graph.tensor(graph.inputs().get(i).tensor());
      arguments.add(constants.tensor("test_input", tensor, test.inputs()[i]));
    }
    List<String> checks = new ArrayList<>();
    for (int i = 0; i < test.outputs().length; i++) {
      String output = CSource.port("output", graph.outputs(), i);
      arguments.add(output);
      IntegerTensor tensor = graph.tensor(graph.outputs().get(i).tensor());
      String expected = constants.tensor("test_output", tensor, test.outputs()[i]);
      checks.add(
          "    for (i = 0; i < %d; i++) {%n        wrong += %s[i] != %s[i];%n    }"
              .formatted(tensor.count(), output, expected));
    }
    arguments.add("arena");
    List<String> lines = new ArrayList<>();
    lines.add("int32_t " + name + "_self_test(" + parameters(graph) + ")");
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
