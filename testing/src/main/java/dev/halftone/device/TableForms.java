package dev.halftone.device;

import dev.halftone.graph.GraphIndex;
import dev.halftone.graph.Model;
import dev.halftone.graph.Node;
import dev.halftone.testing.Form;
import dev.halftone.testing.Forms;
import java.util.ArrayList;
import java.util.List;

/// The rows and conditions of a device's table, each with the forms that it is tested on.
record TableForms(TabledDevice device) {

  record Case(Row row, Form form) {
    @Override
    public String toString() {
      return row.kernel() + " " + form;
    }
  }

  record Refusal(Row row, Condition condition, Form form) {
    @Override
    public String toString() {
      return condition.name() + ": " + form;
    }
  }

  static TableForms of(Device device) {
    return new TableForms((TabledDevice) device);
  }

  List<Case> cases() {
    return device.rows().stream()
        .flatMap(row ->
            Forms.of(row.operation() + " " + row.kernel()).stream()
                .map(form -> new Case(row, form)))
        .toList();
  }

  List<Refusal> refusals() {
    List<Refusal> all = new ArrayList<>();
    for (Row row : device.rows()) {
      for (Condition condition : row.conditions()) {
        Forms.breaking(row.operation() + ": " + condition.name())
            .forEach(form -> all.add(new Refusal(row, condition, form)));
      }
    }
    return all;
  }

  Support support(Model model) {
    return device.support(node(model), around(model));
  }

  /// The operation of a form, in a model that has it.
  static Node node(Model model) {
    return new GraphIndex(model.graph()).producer("m").orElseThrow();
  }

  static Surroundings around(Model model) {
    return Surroundings.of(new GraphIndex(model.graph()));
  }
}
