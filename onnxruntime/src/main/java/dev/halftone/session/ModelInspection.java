package dev.halftone.session;

import dev.halftone.Quantizer;
import dev.halftone.UnusableInputException;
import dev.halftone.engine.Backend.Options;
import dev.halftone.engine.Blame;
import dev.halftone.engine.Progress;
import dev.halftone.format.onnx.OnnxReader;
import dev.halftone.graph.GraphIndex;
import dev.halftone.graph.Model;
import dev.halftone.graph.Node;
import dev.halftone.graph.shape.Inspection;
import dev.halftone.graph.shape.Work;
import dev.halftone.measure.KernelKind;
import dev.halftone.measure.OptimizedGraph;
import dev.halftone.onnxruntime.OrtRuntime;
import dev.halftone.plan.LayerSums;
import dev.halftone.plan.Obstacles;
import dev.halftone.plan.Placement;
import dev.halftone.plan.UnplannedIntegers;
import dev.halftone.prepare.Prepare;
import dev.halftone.recipe.Recipe;
import dev.halftone.session.InspectionResult.Integers;
import dev.halftone.session.InspectionResult.KeptFloat;
import dev.halftone.tensor.Shape;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/// A request to look at a model: what it consists of, and what of it would run in integers.
///
/// Each method sets one thing and gives the request back; [#run] leaves it as it is.
public final class ModelInspection {

  private final Path file;
  private final Map<String, Shape> shapes = new LinkedHashMap<>();

  ModelInspection(Path file) {
    this.file = file;
  }

  /// The shape of an input that the model leaves open.
  public ModelInspection shape(String input, Shape shape) {
    shapes.put(input, shape);
    return this;
  }

  /// Looks.
  public InspectionResult run() {
    return run(Progress.Stages.NONE);
  }

  /// Looks. Throws UnusableInputException where the file is no model; of a model that cannot be quantized the result says why.
  ///
  /// @param progress is told of each stage
  public InspectionResult run(Progress.Stages progress) {
    progress.stage("Reading", 0);
    Model model = OnnxReader.read(file);
    Inspection inspection = Inspection.of(model, shapes);
    Optional<Integers> integers = Optional.empty();
    Optional<String> refusal = Optional.empty();
    OrtRuntime runtime = new OrtRuntime();
    progress.stage("Preparing", 0);
    try {
      integers = Optional.of(Blame.on(model, runtime, () -> integers(runtime, model)));
      runtime.open(file, Options.VERBATIM).close(); // a model that does not load is none
    } catch (UnusableInputException e) {
      refusal = Optional.of(String.valueOf(e.getMessage()));
    }
    return new InspectionResult(
        file.toString(),
        OnnxReader.bytesOnDisk(file),
        inspection,
        Prepare.notes(model),
        integers,
        refusal);
  }

  private Integers integers(OrtRuntime runtime, Model model) {
    Quantizer quantizer = new Quantizer(runtime, Recipe.W8A8);
    Model prepared = quantizer.prepare(model);
    Placement placement = quantizer.place(prepared);
    List<LayerSums> sums = LayerSums.of(prepared.graph(), placement);
    if (Quantizer.isQuantized(model)) {
      OptimizedGraph optimized = OptimizedGraph.of(runtime, model);
      Map<String, Integer> counts = optimized.counts(KernelKind.INTEGER);
      boolean isOfWeights =
          counts.isEmpty()
              && model.graph().nodes().stream().noneMatch(node -> node.is("QuantizeLinear"));
      return new Integers(
          counts,
          0,
          0,
          optimized.floatNodes().stream()
              .filter(_ -> !isOfWeights)
              .map(node -> new KeptFloat(node.name(), node.op(), node.reason()))
              .toList(),
          isOfWeights
              ? Optional.of(
                  "its weights alone are integers, and what reads them computes with floats")
              : Optional.empty(),
          sums);
    }
    List<Inspection.Row> rows = Inspection.of(prepared, shapes).nodes();
    List<Node> graph = prepared.graph().nodes();
    Map<String, Integer> operations = new TreeMap<>();
    Set<Node> unplanned = UnplannedIntegers.of(placement, new GraphIndex(prepared.graph()));
    Set<Node> integer = new HashSet<>(placement.integer());
    integer.addAll(unplanned);
    long macs = 0;
    long ofMacs = 0;
    for (int i = 0; i < graph.size(); i++) {
      ofMacs = Work.plus(ofMacs, rows.get(i).macs());
      if (integer.contains(graph.get(i))) {
        operations.merge(rows.get(i).operation(), 1, Integer::sum);
        macs = Work.plus(macs, rows.get(i).macs());
      }
    }
    List<KeptFloat> keptFloat = new ArrayList<>();
    placement
        .keptFloat()
        .forEach((node, reason) -> {
          if (!unplanned.contains(node)) {
            keptFloat.add(new KeptFloat(node.label(), node.opType(), reason));
          }
        });
    Optional<String> obstacle =
        operations.isEmpty() ? Optional.of(Obstacles.words(prepared, placement)) : Optional.empty();
    return new Integers(operations, macs, ofMacs, keptFloat, obstacle, sums);
  }
}
