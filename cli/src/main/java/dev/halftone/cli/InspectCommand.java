package dev.halftone.cli;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.halftone.UnusableInputException;
import dev.halftone.graph.shape.Inspection;
import dev.halftone.report.TextTable;
import dev.halftone.session.Halftone;
import dev.halftone.session.InspectionResult;
import dev.halftone.session.InspectionResult.KeptFloat;
import dev.halftone.session.ModelInspection;
import dev.halftone.wording.Figures;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
  /// @param integers absent where the model cannot be quantized
  record Result(
      int schemaVersion,
      @JsonUnwrapped FileSize read,
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
    ModelInspection request = Halftone.inspect(file);
    shapes.byInput().forEach(request::shape);
    InspectionResult result;
    try (ProgressLine progress = new ProgressLine(halftone.terminal(), common.quiet)) {
      result = request.run(progress);
    }
    String told = common.json ? Json.text(forPrograms(result)) + "\n" : text(result);
    halftone.terminal().out().print(told);
    result
        .refusal()
        .ifPresent(sentence -> {
          throw new UnusableInputException(sentence);
        });
    return ExitCode.DONE;
  }

  private static Result forPrograms(InspectionResult found) {
    return new Result(
        Json.SCHEMA_VERSION,
        new FileSize(found.file(), found.bytes()),
        found.model(),
        found.notes(),
        found.integers().map(InspectCommand::forPrograms),
        found.refusal());
  }

  private static Integers forPrograms(InspectionResult.Integers found) {
    return new Integers(
        found.operations(),
        found.macs(),
        found.ofMacs(),
        found.keptFloat(),
        found.obstacle(),
        Sums.of(found.sums()));
  }

  private String text(InspectionResult result) {
    Inspection model = result.model();
    StringBuilder text = new StringBuilder();
    text.append(
        "%s: opset %d, %s, %s of weights (%s), %s MACs%n%n"
            .formatted(
                result.file(),
                model.opset(),
                Figures.bytes(result.bytes()),
                Figures.bytes(model.totals().parameterBytes()),
                Figures.count(model.totals().parameters(), "number"),
                large(model.totals().macs())));
    if (model.totals().openExtents()) {
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
          text.append(Sums.text(Sums.of(integers.sums()), nodes, WIDTH));
        });
    return text.toString();
  }

  private static void append(StringBuilder text, InspectionResult.Integers integers) {
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
