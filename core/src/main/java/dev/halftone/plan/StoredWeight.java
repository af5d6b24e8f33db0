package dev.halftone.plan;

import dev.halftone.form.Form;
import dev.halftone.graph.Node;
import dev.halftone.scheme.Granularity;
import java.util.List;
import java.util.stream.Stream;

/// An initializer of floats that is stored as integers, and whose readers compute with floats: tables of rows, weights of recurrent and
/// transposed layers, and whatever else is multiplied and has no layer.
///
/// @param weight name of the initializer
/// @param readers in the order of the graph, those in branches and bodies among them
/// @param granularity a scale for each output of the readers
public record StoredWeight(String weight, List<Node> readers, Granularity granularity, Form form) {

  public StoredWeight {
    readers = List.copyOf(readers);
  }

  /// Labels of the readers.
  public Stream<String> labels() {
    return readers.stream().map(Node::label);
  }
}
