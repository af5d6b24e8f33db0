package dev.halftone.cli;

import dev.halftone.engine.integer.IntegerRunner;
import dev.halftone.format.AtomicFile;
import dev.halftone.integer.IntegerGraph;
import dev.halftone.integer.IntegerTensor;
import dev.halftone.integer.Port;
import dev.halftone.litert.Kernels;
import dev.halftone.litert.LiteRtRunner;
import dev.halftone.litert.LiteRtWriter;
import dev.halftone.litert.LiteRtWriter.PortType;
import dev.halftone.tensor.DType;
import dev.halftone.tensor.Shape;
import dev.halftone.wording.Figures;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/// `--to litert`: a .tflite file, measured as LiteRT loads and runs it.
final class LiteRtExport implements Export {

  /// The result for programs.
  ///
  /// @param runtime that loaded the file and gave the figures
  /// @param tried by the search for a recipe, where there was one
  record Result(
      int schemaVersion,
      String file,
      long bytes,
      String runtime,
      List<PortFacts> inputs,
      List<PortFacts> outputs,
      Fidelity fidelity,
      List<RecipeSearch.Attempt> tried) {}

  /// An input or output: real = scale * (integer - zeroPoint).
  ///
  /// @param shape as in the file, pictures NHWC
  record PortFacts(String name, String type, List<Integer> shape, float scale, int zeroPoint) {

    String sentence() {
      String integer =
          zeroPoint == 0
              ? "integer"
              : "(integer %s %d)".formatted(zeroPoint < 0 ? "+" : "-", Math.abs(zeroPoint));
      Shape extents = new Shape(shape.stream().mapToLong(i -> i).toArray());
      return "%s: %s %s, real = %s * %s".formatted(name, type, extents, scale, integer);
    }
  }

  private final ExportOptions options;
  private final IntegerGraph graph;
  private final Path destination;
  private final byte[] bytes;
  private final AtomicFile file;
  private final LiteRtRunner runner;

  /// Writes the file under its other name, and loads it from there.
  LiteRtExport(IntegerGraph graph, ExportOptions options, Path destination, String origin) {
    this.graph = graph;
    this.options = options;
    this.destination = destination;
    this.bytes = LiteRtWriter.bytes(graph, options.ports, options.packed, origin);
    this.file = AtomicFile.open(destination, options.overwrite);
    try {
      file.fill(AtomicFile.Content.of(bytes));
      this.runner = new LiteRtRunner(file.temporary(), graph, Kernels.DEFAULT);
    } catch (RuntimeException e) {
      file.close();
      throw e;
    }
  }

  @Override
  public IntegerRunner runner() {
    return runner;
  }

  @Override
  public List<Need> needs() {
    return List.of(new Need("flash", bytes.length, options.maxFlash()));
  }

  @Override
  public void write() {
    file.commit();
  }

  @Override
  public Result result(Fidelity fidelity, List<RecipeSearch.Attempt> tried) {
    return new Result(
        Json.SCHEMA_VERSION,
        destination.toString(),
        bytes.length,
        LiteRtRunner.version(),
        facts(graph.inputs()),
        facts(graph.outputs()),
        fidelity,
        tried);
  }

  private List<PortFacts> facts(List<Port> ports) {
    return ports.stream().map(this::facts).toList();
  }

  private PortFacts facts(Port port) {
    IntegerTensor tensor = graph.tensor(port.tensor());
    boolean unsigned = options.ports == PortType.UINT8 && tensor.type() == DType.INT8;
    String type = unsigned ? "uint8" : tensor.type().name().toLowerCase(Locale.ROOT);
    return new PortFacts(
        port.name(),
        type,
        java.util.Arrays.stream(tensor.shape().dims()).mapToObj(Math::toIntExact).toList(),
        tensor.grid().scale(),
        tensor.zeroPoint() + (unsigned ? 128 : 0));
  }

  @Override
  public String text(Fidelity fidelity) {
    StringBuilder text =
        new StringBuilder(
            "Size: %s; %s runs it, in integers from input to output.\n"
                .formatted(Figures.bytes(bytes.length), LiteRtRunner.version()));
    facts(graph.inputs())
        .forEach(port -> text.append("Input ").append(port.sentence()).append(".\n"));
    facts(graph.outputs())
        .forEach(port -> text.append("Output ").append(port.sentence()).append(".\n"));
    return text + fidelity.sentence();
  }

  @Override
  public String files() {
    return destination.toString();
  }

  @Override
  public void close() {
    runner.close();
    file.close();
  }
}
