package dev.halftone.cli;

import dev.halftone.Quantizer;
import dev.halftone.UnusableInputException;
import dev.halftone.engine.Backend.Options;
import dev.halftone.engine.Blame;
import dev.halftone.format.onnx.OnnxReader;
import dev.halftone.graph.GraphIndex;
import dev.halftone.graph.Model;
import dev.halftone.graph.Node;
import dev.halftone.graph.shape.Inspection;
import dev.halftone.graph.shape.Work;
import dev.halftone.onnxruntime.KernelKind;
import dev.halftone.onnxruntime.OptimizedGraph;
import dev.halftone.onnxruntime.OrtRuntime;
import dev.halftone.plan.LayerSums;
import dev.halftone.plan.Obstacles;
import dev.halftone.plan.Placement;
import dev.halftone.plan.UnplannedIntegers;
import dev.halftone.prepare.Prepare;
import dev.halftone.recipe.Recipe;
import dev.halftone.report.TextTable;
import dev.halftone.tensor.Shape;
import dev.halftone.wording.Figures;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

@Command(
    name = "inspect",
    description = {
      "Shows what a model consists of, and what of it would run in integers.",
      "",
      "Opset, inputs and outputs, operations, weights, multiply-accumulates (MACs); then, as 'quantize' would place them (or, for a quantized model, as ONNX Runtime runs them), the operations that run in integers, and those that stay float and why; and how large the sums of integer layers can get, of a quantized model too.",
      ""
    },
    optionListHeading = "%nOptions:%n",
    footer = {
      "",
      "Examples:",
      "  halftone inspect classifier.onnx",
      "  halftone inspect detector.onnx --shape images=1x3x640x640 --nodes",
      "  halftone inspect classifier.onnx --json"
    })
final class InspectCommand implements Callable<Integer> {

  private static final int WIDTH = 100;

  /// The result for programs.
  ///
  /// @param bytes of the file and of its external data
  /// @param integers absent where the model cannot be quantized
  record Result(
      int schemaVersion,
      String file,
      long bytes,
      Inspection model,
      List<String> notes,
      Optional<Integers> integers,
      Optional<String> refusal) {}

  /// What would run in integers, of the model as it is prepared for that.
  ///
  /// @param operations how often each operation would, by name
  /// @param macs multiply-accumulates that would
  /// @param ofMacs multiply-accumulates of all operations
  /// @param obstacle why nothing does, where nothing does
  /// @param sums of each layer
  record Integers(
      Map<String, Integer> operations,
      long macs,
      long ofMacs,
      List<KeptFloat> keptFloat,
      Optional<String> obstacle,
      List<Sums> sums) {}

  record KeptFloat(String node, String operation, String reason) {}

  @ParentCommand private RootCommand halftone;
  @Mixin private CommonOptions common;
  @Mixin private ShapeOptions shapes;

  @Parameters(paramLabel = "MODEL", description = "An .onnx file.")
  private Path file;

  @Option(
      names = "--nodes",
      description =
          "List every node with its output, MACs and weights, and the sums of every layer.")
  private boolean nodes;

  @Override
  public Integer call() {
    Terminal terminal = halftone.terminal();
    Result result;
    try (ProgressLine progress = new ProgressLine(terminal, common.quiet)) {
      progress.stage("Reading", 0);
      Model model = OnnxReader.read(file);
      Map<String, Shape> known = shapes.byInput();
      Inspection inspection = Inspection.of(model, known);
      Optional<Integers> integers = Optional.empty();
      Optional<String> refusal = Optional.empty();
      OrtRuntime runtime = new OrtRuntime();
      progress.stage("Preparing", 0);
      try {
        integers = Optional.of(Blame.on(model, runtime, () -> integers(runtime, model, known)));
        runtime.open(file, Options.VERBATIM).close(); // a model that does not load is none
      } catch (UnusableInputException e) {
        refusal = Optional.of(String.valueOf(e.getMessage()));
      }
      result =
          new Result(
              Json.SCHEMA_VERSION,
              file.toString(),
              OnnxReader.bytesOnDisk(file),
              inspection,
              Prepare.notes(model),
              integers,
              refusal);
    }
    terminal.out().print(common.json ? Json.text(result) + "\n" : text(result));
    if (result.refusal().isPresent()) {
      throw new UnusableInputException(result.refusal().get());
    }
    return ExitCode.DONE;
  }

  private static Integers integers(OrtRuntime runtime, Model model, Map<String, Shape> shapes) {
    Quantizer quantizer = new Quantizer(runtime, Recipe.W8A8);
    Model prepared = quantizer.prepare(model);
    Placement placement = quantizer.place(prepared);
    List<Sums> sums = LayerSums.of(prepared.graph(), placement).stream().map(Sums::of).toList();
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
    GraphIndex index = new GraphIndex(prepared.graph());
    Set<Node> integer = new HashSet<>(placement.integer());
    integer.addAll(UnplannedIntegers.of(placement, index));
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
    UnplannedIntegers.without(placement, index)
        .forEach(
            (node, reason) -> keptFloat.add(new KeptFloat(node.label(), node.opType(), reason)));
    Optional<String> obstacle =
        operations.isEmpty() ? Optional.of(Obstacles.words(prepared, placement)) : Optional.empty();
    return new Integers(operations, macs, ofMacs, keptFloat, obstacle, sums);
  }

  private String text(Result result) {
    Inspection model = result.model();
    StringBuilder text = new StringBuilder();
    text.append(
        "%s: opset %d, %s, %s of weights (%s), %s MACs%n%n"
            .formatted(
                result.file(),
                model.opset(),
                Figures.bytes(result.bytes()),
                Figures.bytes(model.parameterBytes()),
                Figures.count(model.parameters(), "number"),
                large(model.macs())));
    if (model.openExtents()) {
      text.append(
              TextTable.wrap(
                  "MACs are for extents of 1 where an input leaves them open: give its shape with --shape.",
                  WIDTH))
          .append("\n\n");
    }
    result.notes().forEach(note -> text.append(TextTable.wrap(note, WIDTH)).append("\n\n"));
    TextTable ports = new TextTable("", "name", "type");
    model.inputs().forEach(port -> ports.row("input", port.name(), port.type()));
    model.outputs().forEach(port -> ports.row("output", port.name(), port.type()));
    text.append(ports.render(WIDTH)).append('\n');
    if (nodes) {
      TextTable table = new TextTable("node", "operation", "output", "MACs", "weights");
      model
          .nodes()
          .forEach(row ->
              table.row(
                  row.name(),
                  row.operation(),
                  row.output(),
                  large(row.macs()),
                  Figures.bytes(row.parameterBytes())));
      text.append(table.render(WIDTH));
    } else {
      text.append(TextTable.wrap("Operations: " + counts(model.operations()) + ".", WIDTH))
          .append('\n');
    }
    result
        .integers()
        .ifPresent(integers -> {
          append(text, integers);
          text.append(Sums.text(integers.sums(), nodes, WIDTH));
        });
    return text.toString();
  }

  private static void append(StringBuilder text, Integers integers) {
    text.append('\n');
    if (integers.operations().isEmpty()) {
      String why = integers.obstacle().map(words -> ": " + words).orElse("");
      text.append(TextTable.wrap("Nothing would run in integers" + why + ".", WIDTH)).append('\n');
    } else {
      String share =
          integers.ofMacs() == 0
              ? ""
              : " ("
                  + Figures.percent((double) integers.macs() / integers.ofMacs())
                  + " of the MACs)";
      text.append(
              TextTable.wrap(
                  "In integers%s: %s.".formatted(share, counts(integers.operations())), WIDTH))
          .append('\n');
    }
    if (integers.keptFloat().isEmpty()) {
      return;
    }
    Map<String, Integer> byReason = new TreeMap<>();
    integers
        .keptFloat()
        .forEach(kept -> byReason.merge(kept.operation() + "\n" + kept.reason(), 1, Integer::sum));
    TextTable table = new TextTable("stays float", "nodes", "why");
    byReason.forEach((key, count) -> {
      String[] parts = key.split("\n", 2);
      table.row(parts[0], String.valueOf(count), parts[1]);
    });
    text.append('\n').append(table.render(WIDTH));
  }

  private static String counts(Map<String, Integer> operations) {
    return String.join(
        ", ",
        operations.entrySet().stream()
            .map(entry -> entry.getValue() + " " + entry.getKey())
            .toList());
  }

  /// As in `386 M`.
  private static String large(long count) {
    if (count >= 1_000_000_000) {
      return Figures.text("%.2f G", count / 1e9);
    }
    if (count >= 1_000_000) {
      return Figures.text("%.1f M", count / 1e6);
    }
    return count >= 1000 ? Figures.text("%.1f k", count / 1e3) : Long.toString(count);
  }
}
