package dev.halftone.measure;

import dev.halftone.format.onnx.OnnxReader;
import dev.halftone.graph.Graph;
import dev.halftone.graph.GraphIndex;
import dev.halftone.graph.Model;
import dev.halftone.graph.Node;
import dev.halftone.onnxruntime.OrtRuntime;
import dev.halftone.report.RunSummary.KeptFloat;
import dev.halftone.wording.Figures;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// The graph that ONNX Runtime makes of a quantized model, and which of its nodes compute with integers.
///
/// It is taken at the extended level, where Q/DQ pairs become integer kernels. What the full level adds is layout only: channels
/// last for QLinearConv, with a Transpose before the first and after the last, and blocked channels for float Conv.
///
/// @param nodes in the order in which they run
public record OptimizedGraph(List<Placed> nodes) {

  public OptimizedGraph {
    nodes = List.copyOf(nodes);
  }

  /// @param op with its domain where that is not the standard one, as in `com.microsoft.QLinearAdd`
  /// @param reason why the node stayed float, in words that follow the node's name; empty for other nodes
  public record Placed(String name, String op, KernelKind kernel, String reason) {}

  /// How many nodes of each operation run on this kind of kernel.
  public Map<String, Integer> counts(KernelKind kernel) {
    Map<String, Integer> counts = new TreeMap<>();
    for (Placed node : nodes) {
      if (node.kernel() == kernel) {
        counts.merge(node.op(), 1, Integer::sum);
      }
    }
    return counts;
  }

  /// The nodes that stayed float.
  public List<Placed> floatNodes() {
    return nodes.stream().filter(node -> node.kernel() == KernelKind.FLOAT).toList();
  }

  /// The nodes that stayed float, for a report.
  public List<KeptFloat> keptFloat() {
    return floatNodes().stream()
        .map(node -> new KeptFloat(node.name(), node.op(), node.reason()))
        .toList();
  }

  /// As in `ONNX Runtime runs 51 operations in integers and 2 in float, with 2 conversions between.`
  public String sentence() {
    return "ONNX Runtime runs %s in integers and %d in float, with %s between."
        .formatted(
            Figures.count(count(KernelKind.INTEGER), "operation"),
            count(KernelKind.FLOAT),
            Figures.count(count(KernelKind.CONVERSION), "conversion"));
  }

  private long count(KernelKind kernel) {
    return nodes.stream().filter(node -> node.kernel() == kernel).count();
  }

  /// Has ONNX Runtime optimize the model. Throws UnusableInputException where it refuses the model.
  public static OptimizedGraph of(OrtRuntime runtime, Model model) {
    try {
      Path folder = Files.createTempDirectory("halftone-optimized");
      Path file = folder.resolve("optimized.onnx");
      try {
        runtime.optimize(model, file);
        return of(OnnxReader.read(file).graph());
      } finally {
        Files.deleteIfExists(file);
        Files.deleteIfExists(folder);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static OptimizedGraph of(Graph graph) {
    ValueKinds kinds = ValueKinds.of(graph);
    FloatReason reason = new FloatReason(new GraphIndex(graph), kinds);
    List<Placed> nodes = new ArrayList<>();
    for (Node node : graph.nodes()) {
      KernelKind kernel = kinds.kernel(node);
      nodes.add(
          new Placed(
              node.label(),
              node.operation(),
              kernel,
              kernel == KernelKind.FLOAT ? reason.of(node) : ""));
    }
    return new OptimizedGraph(nodes);
  }
}
