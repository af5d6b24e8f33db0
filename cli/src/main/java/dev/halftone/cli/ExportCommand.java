package dev.halftone.cli;

import dev.halftone.Quantized;
import dev.halftone.Quantizer;
import dev.halftone.UnusableInputException;
import dev.halftone.data.Dataset;
import dev.halftone.data.Preprocessing;
import dev.halftone.data.Sample;
import dev.halftone.data.Split;
import dev.halftone.engine.Parallel;
import dev.halftone.engine.Progress;
import dev.halftone.engine.Runner;
import dev.halftone.engine.Runtime;
import dev.halftone.engine.integer.IntegerEngine;
import dev.halftone.format.c.CSource;
import dev.halftone.format.c.CWriter;
import dev.halftone.format.onnx.OnnxReader;
import dev.halftone.graph.Model;
import dev.halftone.integer.AccumulatorBound;
import dev.halftone.integer.IntegerGraph;
import dev.halftone.onnxruntime.OrtRuntime;
import dev.halftone.recipe.RecipeFile;
import dev.halftone.target.Target;
import dev.halftone.tensor.Tensor;
import dev.halftone.verify.Figures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

@Command(
    name = "export",
    description = {
      "Makes a network of integers only for a device without floats.",
      "",
      "c: one C99 source and one header, without heap, stdio, libm and floats; weights are constants, activations lie in an arena that the caller gives. The header says what to feed, what comes out, and what flash and RAM it takes; a test vector is compiled in. The same bits come out as from Halftone's integer engine.",
      ""
    },
    optionListHeading = "%nOptions:%n",
    footer = {
      "",
      "The preprocessing text:",
      Preprocessing.HELP,
      "",
      "Examples:",
      "  halftone export classifier.onnx --to c -o firmware/ --data pictures/",
      "  halftone export classifier.onnx --to c -o firmware/ --data pictures/ --max-flash 512k --max-ram 96k",
      "",
      "With --max-flash or --max-ram, a network that takes more is not written, and the exit code is 4."
    })
final class ExportCommand implements Callable<Integer> {

  enum Format {
    C
  }

  /// The result for programs.
  ///
  /// @param constantBytes weights and other constants, in flash
  /// @param arenaBytes what a run needs beside its inputs and outputs
  /// @param ramBytes arena, inputs and outputs
  /// @param accumulatorBits what holds every sum of every layer, whatever the input
  /// @param samples that were measured with
  /// @param agreement share of those with the float model's answer
  record Result(
      int schemaVersion,
      String source,
      String header,
      int constantBytes,
      int arenaBytes,
      int ramBytes,
      int accumulatorBits,
      int samples,
      double agreement) {}

  /// At most this many samples measure.
  private static final int MEASURED = 200;

  @Spec private CommandSpec spec;
  @ParentCommand private Halftone halftone;
  @Mixin private CommonOptions common;
  @Mixin private DataOptions samples;
  @Mixin private RecipeOption recipe;

  @Parameters(paramLabel = "MODEL", description = "The float model, an .onnx file.")
  private Path model;

  @Option(names = "--to", paramLabel = "FORMAT", required = true, description = "What to write: c.")
  private Format format;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "DIR",
      required = true,
      description = "The folder to write into.")
  private Path output;

  @Option(
      names = "--name",
      paramLabel = "NAME",
      description = "What files and functions are called. Default: as the model's file.")
  private Optional<String> name = Optional.empty();

  @Option(
      names = "--samples",
      paramLabel = "N",
      description =
          "How many samples calibrate. Default: as 'quantize' chooses from the same --data.")
  private Optional<Integer> calibrationSamples = Optional.empty();

  @Option(
      names = "--max-flash",
      paramLabel = "BYTES",
      description = "Write only if the constants take no more, as in 512k.")
  private Optional<String> maxFlash = Optional.empty();

  @Option(
      names = "--max-ram",
      paramLabel = "BYTES",
      description = "Write only if arena, inputs and outputs take no more, as in 96k.")
  private Optional<String> maxRam = Optional.empty();

  @Option(names = "--overwrite", description = "Replace files that are there already.")
  private boolean overwrite;

  @Override
  public Integer call() {
    Path data = samples.required("calibrate");
    samples.requirePositive("--samples", calibrationSamples.orElse(1));
    OptionalInt flashBar = bytes("--max-flash", maxFlash);
    OptionalInt ramBar = bytes("--max-ram", maxRam);
    RecipeFile asked = recipe.read();
    samples.ofRecipe = asked.preprocessing();
    String called = CSource.identifier(name.orElse(stem(model)));
    makeFolder(output);
    CWriter.requireWritable(called, output, overwrite);
    Terminal terminal = halftone.terminal();
    CSource source;
    Result result;
    try (ProgressLine progress = new ProgressLine(terminal, common.quiet)) {
      progress.stage("Reading", 0);
      Model read = OnnxReader.read(model);
      Split split =
          Split.of(samples.open(data, samples.labels, read), calibrationSamples)
              .withVerification(MEASURED);
      Runtime runtime = new OrtRuntime();
      progress.stage("Preparing", 0);
      Quantizer quantizer =
          new Quantizer(runtime, asked.recipe(), Target.INTEGERS, samples.threads, progress);
      Quantized quantized = quantizer.quantize(read, split.calibration());
      IntegerGraph graph = quantizer.lower(quantized);
      IntegerEngine engine = new IntegerEngine(graph);
      source = source(graph, engine, called, split.verification().sample(0));
      Progress measuring = progress.stage("Measuring", split.verification().size());
      double agreement = agreement(runtime, read, engine, split.verification(), measuring);
      result =
          new Result(
              Json.SCHEMA_VERSION,
              output.resolve(called + ".c").toString(),
              output.resolve(called + ".h").toString(),
              source.constantBytes(),
              source.arenaBytes(),
              source.ramBytes(),
              accumulatorBits(graph),
              split.verification().size(),
              agreement);
      progress.wipe();
    }
    boolean kept =
        within("flash", source.constantBytes(), flashBar, terminal)
            & within("RAM", source.ramBytes(), ramBar, terminal);
    if (kept) {
      CWriter.write(source, output, overwrite);
    }
    terminal.out().println(common.json ? Json.text(result) : text(result, kept));
    return kept ? ExitCode.DONE : ExitCode.GATE_MISSED;
  }

  private static void makeFolder(Path folder) {
    try {
      Files.createDirectories(folder);
    } catch (IOException e) {
      throw new UnusableInputException(
          folder + " cannot be made into a folder to write into: give another with -o", e);
    }
  }

  private CSource source(IntegerGraph graph, IntegerEngine engine, String called, Sample sample) {
    byte[][] inputs = engine.quantized(sample.inputs());
    CSource.TestVector test = new CSource.TestVector(inputs, engine.run(inputs));
    String origin = "The network of %s in 8-bit integers.".formatted(stem(model));
    return switch (format) {
      case C -> CSource.of(graph, called, test, origin);
    };
  }

  /// The share of samples to which both give the same answer: the largest number of the first output.
  private double agreement(
      Runtime runtime, Model read, IntegerEngine engine, Dataset data, Progress progress) {
    boolean[] same = new boolean[data.size()];
    try (Runner real = runtime.open(read, Runtime.Options.SERVING)) {
      Parallel.forEach(
          data.size(),
          samples.threads,
          i -> {
            Map<String, Tensor> inputs = data.sample(i).inputs();
            same[i] = answer(real, inputs) == answer(engine, inputs);
            progress.step();
          });
    }
    int count = 0;
    for (boolean each : same) {
      count += each ? 1 : 0;
    }
    return (double) count / same.length;
  }

  private static int answer(Runner runner, Map<String, Tensor> inputs) {
    float[] values = runner.run(inputs).values().iterator().next().toFloats();
    int best = 0;
    for (int i = 1; i < values.length; i++) {
      best = values[i] > values[best] ? i : best;
    }
    return best;
  }

  private static int accumulatorBits(IntegerGraph graph) {
    return graph.ops().stream()
        .flatMap(op -> AccumulatorBound.of(graph, op).stream())
        .mapToInt(AccumulatorBound::bits)
        .max()
        .orElse(0);
  }

  private static boolean within(String what, int bytes, OptionalInt bar, Terminal terminal) {
    if (bar.isEmpty() || bytes <= bar.getAsInt()) {
      return true;
    }
    terminal
        .err()
        .println(
            "halftone: the network takes %d bytes of %s, more than the %d allowed; nothing was written."
                .formatted(bytes, what, bar.getAsInt()));
    return false;
  }

  private String text(Result result, boolean written) {
    return """
    Flash: %s of constants and the kernels' code. RAM: %s, %s of it arena. Sums take %d bits at most.
    The same answer as the float model on %s of %s.%s\
    """
        .formatted(
            Figures.bytes(result.constantBytes()),
            Figures.bytes(result.ramBytes()),
            Figures.bytes(result.arenaBytes()),
            result.accumulatorBits(),
            Figures.percent(result.agreement()),
            Figures.count(result.samples(), "sample"),
            written ? "\nWrote %s and %s.".formatted(result.source(), result.header()) : "");
  }

  private static String stem(Path file) {
    return String.valueOf(file.getFileName()).replaceFirst("\\.[^.]*$", "");
  }

  /// As in 98304 or 96k.
  private OptionalInt bytes(String option, Optional<String> text) {
    if (text.isEmpty()) {
      return OptionalInt.empty();
    }
    String given = text.get().trim();
    if (!given.matches("[0-9]{1,9}[kKmM]?")) {
      throw new ParameterException(
          spec.commandLine(), option + " is a number of bytes, as in 98304 or 96k; not " + given);
    }
    long unit =
        switch (Character.toLowerCase(given.charAt(given.length() - 1))) {
          case 'k' -> 1024;
          case 'm' -> 1024 * 1024;
          default -> 1;
        };
    long number = Long.parseLong(given.replaceAll("[kKmM]", "")) * unit;
    return OptionalInt.of((int) Math.min(Integer.MAX_VALUE, number));
  }
}
