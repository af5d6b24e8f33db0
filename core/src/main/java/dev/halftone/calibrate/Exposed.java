package dev.halftone.calibrate;

import dev.halftone.graph.Graph;
import dev.halftone.graph.Model;
import dev.halftone.graph.Order;
import dev.halftone.graph.Value;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// A model that also gives out values from inside.
public final class Exposed {

  private Exposed() {}

  /// The model with these tensors as further outputs; those that are outputs or inputs already are left as they are.
  public static Model tensors(Model model, Collection<String> tensors) {
    Graph graph = model.graph();
    Set<String> known = new HashSet<>();
    graph.outputs().forEach(value -> known.add(value.name()));
    graph.inputs().forEach(value -> known.add(value.name()));
    List<Value> outputs = new ArrayList<>(graph.outputs());
    for (String tensor : tensors) {
      if (known.add(tensor)) {
        outputs.add(new Value(tensor, Optional.empty(), List.of()));
      }
    }
    return model.withGraph(graph.withOutputs(outputs));
  }

  /// The model cut down to what makes these tensors, which become its only outputs.
  public static Model only(Model model, Collection<String> tensors) {
    List<Value> outputs =
        tensors.stream().map(name -> new Value(name, Optional.empty(), List.of())).toList();
    return model.withGraph(Order.prune(model.graph().withOutputs(outputs)));
  }
}
