package dev.halftone.session;

import dev.halftone.DeviceFormat;
import dev.halftone.Quantized;
import dev.halftone.Quantizer;
import dev.halftone.data.Dataset;
import dev.halftone.data.Split;
import dev.halftone.data.label.Labelling;
import dev.halftone.device.Devices;
import dev.halftone.engine.Backend;
import dev.halftone.engine.Progress;
import dev.halftone.engine.Runner;
import dev.halftone.format.onnx.OnnxReader;
import dev.halftone.graph.Model;
import dev.halftone.integer.IntegerGraph;
import dev.halftone.onnxruntime.OrtRuntime;
import dev.halftone.recipe.Recipe;
import dev.halftone.recipe.RecipeFile;
import dev.halftone.tensor.DType;
import dev.halftone.verify.Comparison;
import dev.halftone.verify.Verifier;
import dev.halftone.verify.VerifyOptions;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/// A request to make a network of integers only for a device, and to measure it.
///
/// Each method sets one thing and gives the request back; [#run] leaves it as it is.
///
/// @param <N> a network in the form that the device takes
public final class DeviceExport<N extends DeviceFormat.Network> {

  /// As many samples measure, at most.
  private static final int MEASURED = 200;

  private final Path model;
  private final DeviceFormat<N> format;
  private final Samples data;
  private Optional<Integer> calibrating = Optional.empty();
  private AskedRecipe recipe = AskedRecipe.DEFAULT;
  private Optional<RecipeSearch.Auto> search = Optional.empty();
  private Task task = Task.BY_THE_MODEL;
  private OptionalLong maxFlash = OptionalLong.empty();
  private OptionalLong maxRam = OptionalLong.empty();
  private OutputFiles files = OutputFiles.NONE;
  private int threads = Runtime.getRuntime().availableProcessors();

  DeviceExport(Path model, DeviceFormat<N> format, Samples data) {
    this.model = model;
    this.format = format;
    this.data = data;
  }

  /// How many samples calibrate.
  public DeviceExport<N> calibrateOn(int count) {
    calibrating = Optional.of(count);
    return this;
  }

  /// How to quantize; [Recipe#W8A8] where nothing is said.
  public DeviceExport<N> recipe(Recipe other) {
    recipe = AskedRecipe.of(other);
    return this;
  }

  /// How to quantize, by a recipe file. Throws InvalidRecipeException where it says no recipe.
  public DeviceExport<N> recipe(Path file) {
    recipe = AskedRecipe.read(file);
    return this;
  }

  /// Has tensors looked for that do damage in 8 bits, and gives as few as possible 16.
  public DeviceExport<N> search(RecipeSearch.Auto other) {
    search = Optional.of(other);
    recipe = recipe.namedForSearch();
    return this;
  }

  /// What the outputs are, where the model does not say it.
  public DeviceExport<N> task(Task other) {
    task = other;
    return this;
  }

  /// Bytes of flash that the network may take.
  public DeviceExport<N> maxFlash(long bytes) {
    maxFlash = OptionalLong.of(bytes);
    return this;
  }

  /// Bytes of memory that a run may take, where the form says how many it does.
  public DeviceExport<N> maxRam(long bytes) {
    maxRam = OptionalLong.of(bytes);
    return this;
  }

  /// The files that are going to be written: whether they can be is checked before the long work. The model is the file or the folder
  /// that the form takes.
  public DeviceExport<N> output(OutputFiles expected) {
    files = expected;
    return this;
  }

  /// How many samples are in work at once; results do not depend on it.
  public DeviceExport<N> threads(int count) {
    threads = count;
    return this;
  }

  /// Quantizes and measures.
  public ExportResult<N> run() {
    return run(Progress.Stages.NONE);
  }

  /// Quantizes and measures. Throws UnusableInputException where model, samples or files cannot be used.
  ///
  /// @param progress is told of each stage
  public ExportResult<N> run(Progress.Stages progress) {
    DeviceFiles.of(format, stem(), files).requireWritable();
    Backend runtime = new OrtRuntime();
    progress.stage("Reading", 0);
    Model read = OnnxReader.read(model);
    SampleReader.Opened samples =
        new SampleReader(data, recipe, model, read).open(Labelling.Use.NEEDED);
    Split split = Split.of(samples.data(), calibrating).withVerification(MEASURED);
    progress.stage("Preparing", 0);
    Quantizer wanted =
        new Quantizer(runtime, recipe.or(Recipe.W8A8), Devices.INTEGERS_ONLY, threads, progress);
    VerifyOptions answers = task.answers(read, model).withThreads(threads);
    Optional<SearchOutcome> found =
        search.map(auto ->
            SearchOutcome.of(auto, wanted, read, split.calibration(), answers, Optional.empty()));
    Quantizer quantizer = found.map(SearchOutcome::recipe).map(wanted::withRecipe).orElse(wanted);
    Quantized quantized = quantizer.quantize(read, split.calibration());
    IntegerGraph graph = quantizer.lower(quantized);
    N network =
        format.make(
            graph,
            stem(),
            "The network of %s in %s.".formatted(stem(), widths(graph)),
            split.verification().sample(0));
    Comparison comparison =
        compare(runtime, read, network, split.verification(), answers, progress);
    List<String> assumed = new ArrayList<>(samples.said());
    assumed.addAll(quantizer.place(quantized.prepared(), quantized.statistics()).unlikeChannels());
    return new ExportResult<>(
        network,
        comparison,
        new RecipeFile(quantizer.recipe(), samples.preprocessing()),
        missed(network),
        new ExportResult.Words(
            assumed,
            found.map(SearchOutcome::attempts).orElse(List.of()),
            found.map(SearchOutcome::notes).orElse(List.of())),
        file -> DeviceFiles.of(format, stem(), file));
  }

  private static Comparison compare(
      Backend runtime,
      Model read,
      DeviceFormat.Network network,
      Dataset data,
      VerifyOptions answers,
      Progress.Stages progress) {
    Progress measuring = progress.stage("Measuring", data.size());
    try (Runner real = runtime.open(read, Backend.Options.SERVING);
        Runner made = network.open()) {
      return Verifier.compare(real, made, data, answers, measuring);
    }
  }

  private List<String> missed(N network) {
    List<String> missed = new ArrayList<>();
    maxFlash.ifPresent(most -> require(network.flashBytes(), "flash", most, missed));
    maxRam.ifPresent(most ->
        require(
            network
                .ramBytes()
                .orElseThrow(() ->
                    new IllegalStateException("this form does not say what memory a run takes")),
            "RAM",
            most,
            missed));
    return missed;
  }

  private static void require(long bytes, String what, long most, List<String> missed) {
    if (bytes > most) {
      missed.add(
          "the network takes %d bytes of %s, more than the %d allowed"
              .formatted(bytes, what, most));
    }
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

  private String stem() {
    return String.valueOf(model.getFileName()).replaceFirst("\\.[^.]*$", "");
  }
}
