package dev.halftone.cli;

import dev.halftone.data.Sample;
import dev.halftone.engine.integer.IntegerEngine;
import dev.halftone.engine.integer.IntegerRunner;
import dev.halftone.format.c.CSource;
import dev.halftone.format.c.CWriter;
import dev.halftone.integer.AccumulatorBound;
import dev.halftone.integer.IntegerGraph;
import dev.halftone.wording.Figures;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// `--to c`: a source and a header. The engine stands for the compiled program, which gives its bits.
final class CExport implements Export {

  /// The result for programs.
  ///
  /// @param constantBytes weights and other constants, in flash
  /// @param arenaBytes what a run needs beside its inputs and outputs
  /// @param ramBytes arena, inputs and outputs
  /// @param accumulatorBits what holds every sum of every layer, whatever the input
  /// @param agreement share of the samples with the float model's answer
  /// @param tried by the search for a recipe, where there was one
  record Result(
      int schemaVersion,
      String source,
      String header,
      int constantBytes,
      int arenaBytes,
      int ramBytes,
      int accumulatorBits,
      int samples,
      Optional<Double> agreement,
      Fidelity fidelity,
      List<RecipeSearch.Attempt> tried) {}

  private final ExportOptions options;
  private final Path folder;
  private final IntegerEngine engine;
  private final CSource source;

  /// @param folder to write into
  /// @param sample whose integers become the test vector
  CExport(
      IntegerGraph graph,
      ExportOptions options,
      String called,
      Path folder,
      Sample sample,
      String origin) {
    this.options = options;
    this.folder = folder;
    this.engine = new IntegerEngine(graph);
    byte[][] inputs = engine.quantized(sample.inputs());
    this.source =
        CSource.of(graph, called, new CSource.TestVector(inputs, engine.run(inputs)), origin);
  }

  @Override
  public IntegerRunner runner() {
    return engine;
  }

  @Override
  public List<Need> needs() {
    return List.of(
        new Need("flash", source.constantBytes(), options.maxFlash()),
        new Need("RAM", source.ramBytes(), options.maxRam()));
  }

  @Override
  public void write() {
    CWriter.write(source, folder, options.overwrite);
  }

  @Override
  public Result result(Fidelity fidelity, List<RecipeSearch.Attempt> tried) {
    return new Result(
        Json.SCHEMA_VERSION,
        file(".c").toString(),
        file(".h").toString(),
        source.constantBytes(),
        source.arenaBytes(),
        source.ramBytes(),
        accumulatorBits(),
        fidelity.samples(),
        fidelity.agreement(),
        fidelity,
        tried);
  }

  @Override
  public String text(Fidelity fidelity) {
    return """
    Flash: %s of constants, beside the kernels' code. RAM: %s, %s of it arena. Sums take %d bits at most.
    %s\
    """
        .formatted(
            Figures.bytes(source.constantBytes()),
            Figures.bytes(source.ramBytes()),
            Figures.bytes(source.arenaBytes()),
            accumulatorBits(),
            fidelity.sentence());
  }

  @Override
  public String files() {
    return file(".c") + " and " + file(".h");
  }

  private Path file(String suffix) {
    return folder.resolve(source.name() + suffix);
  }

  private int accumulatorBits() {
    IntegerGraph graph = engine.graph();
    return graph.weighted().mapToInt(op -> AccumulatorBound.of(graph, op).bits()).max().orElse(0);
  }

  @Override
  public void close() {
    engine.close();
  }
}
