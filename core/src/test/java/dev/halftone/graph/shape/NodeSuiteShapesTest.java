package dev.halftone.graph.shape;

import static org.assertj.core.api.Assertions.assertThat;

import dev.halftone.NodeSuite;
import dev.halftone.format.onnx.OnnxReader;
import dev.halftone.graph.Dim;
import dev.halftone.graph.Graph;
import dev.halftone.graph.Model;
import dev.halftone.graph.TensorType;
import dev.halftone.graph.Value;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class NodeSuiteShapesTest {

  /// The suite declares the result of every case; inference sees the models without these declarations.
  @Test
  void whatIsToldIsWhatTheSuiteDeclares() throws IOException {
    List<String> wrong = new ArrayList<>();
    int told = 0;
    for (Path path : NodeSuite.require()) {
      Model model = OnnxReader.read(path);
      Types types = ShapeInference.infer(model.withGraph(undeclared(model.graph())));
      for (Value output : model.graph().outputs()) {
        Optional<TensorType> type = types.type(output.name());
        if (output.type().isPresent() && type.isPresent()) {
          told++;
          if (!agree(type.get(), output.type().get())) {
            wrong.add(path + ": " + type.get() + " is declared " + output.type().get());
          }
        }
      }
    }
    assertThat(wrong).isEmpty();
    assertThat(told).isGreaterThan(1600);
  }

  private static Graph undeclared(Graph graph) {
    return new Graph(
        graph.name(),
        graph.nodes(),
        graph.initializers(),
        graph.inputs(),
        graph.outputs().stream()
            .map(output -> new Value(output.name(), Optional.empty(), List.of()))
            .toList(),
        List.of(),
        graph.opaque());
  }

  private static boolean agree(TensorType told, TensorType declared) {
    if (told.dtype() != declared.dtype()) {
      return false;
    }
    if (told.rank() < 0 || declared.rank() < 0) {
      return true;
    }
    List<Dim> left = told.dims().orElseThrow();
    List<Dim> right = declared.dims().orElseThrow();
    boolean same = left.size() == right.size();
    for (int i = 0; same && i < left.size(); i++) {
      same = !left.get(i).isKnown() || !right.get(i).isKnown() || left.get(i).equals(right.get(i));
    }
    return same;
  }
}
