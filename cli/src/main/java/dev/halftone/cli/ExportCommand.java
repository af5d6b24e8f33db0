package dev.halftone.cli;

import dev.halftone.Quantized;
import dev.halftone.Quantizer;
import dev.halftone.UnusableInputException;
import dev.halftone.data.Dataset;
import dev.halftone.data.Sample;
import dev.halftone.data.Split;
import dev.halftone.data.label.Labelling;
import dev.halftone.data.picture.Preprocessing;
import dev.halftone.device.Devices;
import dev.halftone.engine.Backend;
import dev.halftone.engine.Progress;
import dev.halftone.engine.Runner;
import dev.halftone.format.AtomicFile;
import dev.halftone.format.c.CSource;
import dev.halftone.format.c.CWriter;
import dev.halftone.format.onnx.OnnxReader;
import dev.halftone.graph.Model;
import dev.halftone.integer.IntegerGraph;
import dev.halftone.onnxruntime.OrtRuntime;
import dev.halftone.recipe.RecipeFile;
import dev.halftone.tensor.DType;
import dev.halftone.verify.Verifier;
import dev.halftone.verify.VerifyOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

@Command(
    name = "export",
    description = {
      "Makes a network of integers only for a phone or for a device without floats.",
      "",
      "Activations have 8 bits. With --recipe auto those that do damage in 8 bits have 16, as few as give the float model's answers; a recipe file says so by 'rules'.",
      "",
      "litert: a .tflite file for LiteRT (TensorFlow Lite), as phones have it: int8, or int16 where the recipe says so, from inputs to outputs, pictures NHWC, a scale for each channel of the weights. It is loaded back and measured in LiteRT. Reference kernels give the bits of Halftone's integer engine; the faster ones round a little differently.",
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
      "A recipe file:",
      RecipeOption.HELP,
      "",
      "Examples:",
      "  halftone export classifier.onnx --to litert -o classifier.tflite \\",
      "      --data pictures/",
      "  halftone export classifier.onnx --to litert -o classifier.tflite \\",
      "      --data pictures/ --io uint8 --max-flash 4MB",
      "  halftone export classifier.onnx --to c -o firmware/ --data pictures/",
      "  halftone export classifier.onnx --to c -o firmware/ --data pictures/ \\",
      "      --max-flash 512k --max-ram 96k",
      "  halftone export detector.onnx --to c -o firmware/ --data pictures/ \\",
      "      --recipe auto --save-recipe found.json",
      "",
      "With --max-flash or --max-ram, a network that takes more is not written, and the exit code is 4."
    })
final class ExportCommand implements Callable<Integer> {

  /// At most this many samples measure.
  private static final int MEASURED = 200;

  @ParentCommand private Halftone halftone;
  @Mixin private CommonOptions common;
  @Mixin private DataOptions samples;
  @Mixin private RecipeOption recipe;
  @Mixin private ExportOptions options;
  @Mixin private TimeOption time;

  @Parameters(paramLabel = "MODEL", description = "The float model, an .onnx file.")
  private Path model;

  @Option(
      names = "--to",
      paramLabel = "FORMAT",
      required = true,
      description = "What to write: litert or c.")
  private ExportFormat format;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "PATH",
      required = true,
      description = "For litert: the file to write. For c: the folder to write into.")
  private Path output;

  @Option(
      names = "--samples",
      paramLabel = "N",
      description =
          "How many samples calibrate. Default: as 'quantize' chooses from the same --data.")
  private Optional<Integer> calibrationSamples = Optional.empty();

  @Option(
      names = "--save-recipe",
      paramLabel = "FILE",
      description =
          "Write the recipe that was used, preprocessing included: what --recipe auto found, as a file for --recipe.")
  private Optional<Path> saveRecipe = Optional.empty();

  @Override
  public Integer call() {
    Path data = samples.required("calibrate");
    samples.requirePositive("--samples", calibrationSamples.orElse(1));
    options.check(format);
    time.time();
    RecipeFile asked = recipe.read();
    samples.ofRecipe = asked.preprocessing();
    requireWritable();
    Backend runtime = new OrtRuntime();
    try (ProgressLine progress = new ProgressLine(halftone.terminal(), common.quiet)) {
      progress.stage("Reading", 0);
      Model read = OnnxReader.read(model);
      Split split =
          Split.of(
                  samples.open(
                      data, samples.labelling(model, read, data, true, Labelling.Use.NEEDED), read),
                  calibrationSamples)
              .withVerification(MEASURED);
      progress.stage("Preparing", 0);
      Quantizer wanted =
          new Quantizer(runtime, asked.recipe(), Devices.INTEGERS_ONLY, samples.threads, progress);
      VerifyOptions answers = VerifyOptions.of(read).withThreads(samples.threads);
      Optional<RecipeSearch> found = search(wanted, read, split.calibration(), answers);
      Quantizer quantizer = found.map(RecipeSearch::recipe).map(wanted::withRecipe).orElse(wanted);
      Quantized quantized = quantizer.quantize(read, split.calibration());
      IntegerGraph graph = quantizer.lower(quantized);
      try (Export export = export(graph, split.verification().sample(0))) {
        Progress measuring = progress.stage("Measuring", split.verification().size());
        Fidelity fidelity =
            measure(runtime, read, export, split.verification(), answers, measuring);
        progress.wipe();
        RecipeFile used =
            new RecipeFile(quantizer.recipe(), Optional.of(samples.preprocessing(read).toString()));
        if (!common.json) {
          samples.said(read, split.calibration()).forEach(halftone.terminal().out()::println);
          quantizer
              .place(quantized.prepared(), quantized.statistics())
              .unlikeChannels()
              .forEach(halftone.terminal().out()::println);
        }
        return finish(export, fidelity, found, used);
      }
    }
  }

  private Optional<RecipeSearch> search(
      Quantizer quantizer, Model read, Dataset calibration, VerifyOptions answers) {
    if (!recipe.isAuto()) {
      return Optional.empty();
    }
    return Optional.of(
        RecipeSearch.run(
            new RequestedSearch(SearchMethod.AUTO, time.time()),
            quantizer,
            read,
            calibration,
            answers,
            Optional.empty()));
  }

  private void requireWritable() {
    saveRecipe.ifPresent(file -> AtomicFile.requireWritable(file, options.overwrite));
    switch (format) {
      case C -> {
        makeFolder(output);
        CWriter.requireWritable(called(), output, options.overwrite);
      }
      case LITERT -> AtomicFile.requireWritable(output, options.overwrite);
    }
  }

  private String called() {
    return CSource.identifier(options.name.orElse(stem(model)));
  }

  private static void makeFolder(Path folder) {
    try {
      Files.createDirectories(folder);
    } catch (IOException e) {
      throw new UnusableInputException(
          folder + " cannot be made into a folder to write into: give another with -o", e);
    }
  }

  private Export export(IntegerGraph graph, Sample sample) {
    String origin = "The network of %s in %s.".formatted(stem(model), widths(graph));
    return switch (format) {
      case C -> new CExport(graph, options, called(), output, sample, origin);
      case LITERT -> new LiteRtExport(graph, options, output, origin);
    };
  }

  private static String widths(IntegerGraph graph) {
    boolean narrow = graph.tensors().stream().anyMatch(tensor -> tensor.type() == DType.INT8);
    if (!graph.isWide()) {
      return "8-bit integers";
    }
    return narrow
        ? "8-bit weights and activations of 8 and 16 bits"
        : "8-bit weights and 16-bit activations";
  }

  private static Fidelity measure(
      Backend runtime,
      Model read,
      Export export,
      Dataset data,
      VerifyOptions answers,
      Progress progress) {
    try (Runner real = runtime.open(read, Backend.Options.SERVING)) {
      return Fidelity.of(Verifier.compare(real, export.runner(), data, answers, progress));
    }
  }

  private int finish(
      Export export, Fidelity fidelity, Optional<RecipeSearch> found, RecipeFile used) {
    Terminal terminal = halftone.terminal();
    List<String> missed = export.needs().stream().flatMap(need -> need.missed().stream()).toList();
    missed.forEach(sentence -> terminal.err().println("halftone: " + sentence));
    if (missed.isEmpty()) {
      export.write();
      saveRecipe.ifPresent(file -> used.write(file, options.overwrite));
    }
    if (common.json) {
      List<RecipeSearch.Attempt> tried = found.map(RecipeSearch::attempts).orElse(List.of());
      terminal.out().println(Json.text(export.result(fidelity, tried)));
    } else {
      found.ifPresent(search -> terminal.out().println(search.text() + "\n"));
      terminal.out().println(export.text(fidelity));
      if (missed.isEmpty()) {
        terminal.out().println("Wrote " + export.files() + ".");
      }
    }
    return missed.isEmpty() ? ExitCode.DONE : ExitCode.GATE_MISSED;
  }

  private static String stem(Path file) {
    return String.valueOf(file.getFileName()).replaceFirst("\\.[^.]*$", "");
  }
}
