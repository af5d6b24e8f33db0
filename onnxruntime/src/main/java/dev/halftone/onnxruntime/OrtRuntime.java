package dev.halftone.onnxruntime;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.SessionOptions;
import dev.halftone.UnusableInputException;
import dev.halftone.engine.Backend;
import dev.halftone.engine.Backend.Optimization;
import dev.halftone.engine.Runner;
import dev.halftone.format.onnx.OnnxReader;
import dev.halftone.graph.Model;
import dev.halftone.prepare.CheckSizes;
import java.nio.file.Files;
import java.nio.file.Path;

/// ONNX Runtime on the CPU: sequential, as many threads as asked for, silent.
public final class OrtRuntime implements Backend {

  private final OrtEnvironment environment;
  private final SessionOfModel sessions;

  /// Loads the native library on first use. Throws UnusableInputException where this machine cannot.
  public OrtRuntime() {
    this(Integer.MAX_VALUE);
  }

  /// @param largestBuffer bytes of the largest model that is handed over in memory
  OrtRuntime(long largestBuffer) {
    this.environment = environment();
    this.sessions = new SessionOfModel(environment, largestBuffer);
  }

  /// One environment serves the whole process. What goes wrong is thrown, so nothing is logged but what kills the process.
  private static OrtEnvironment environment() {
    try {
      Telemetry.forbid();
      OrtEnvironment environment =
          OrtEnvironment.getEnvironment(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL, "halftone");
      environment.setTelemetry(false);
      return environment;
    } catch (LinkageError | IllegalStateException | OrtException e) {
      throw new UnusableInputException(
          "ONNX Runtime cannot be loaded on this %s (%s): use a platform it is built for (Linux or macOS on x64 or arm64, Windows on x64), with room for it in a temporary directory that allows executables (-Djava.io.tmpdir=...)"
              .formatted(
                  System.getProperty("os.name") + " " + System.getProperty("os.arch"),
                  Refusal.oneLine(e)),
          e);
    }
  }

  @Override
  public String name() {
    return "ONNX Runtime " + environment.getVersion();
  }

  @Override
  public Runner open(Model model, Options options) {
    CheckSizes.require(model); // before anything native reads it
    return open("the model", options, settings -> sessions.open(model, settings));
  }

  /// Loads a file as it stands, external data beside it included. Throws UnusableInputException as [#check] does, too.
  public Runner open(Path file, Options options) {
    check(file);
    return load(file, options);
  }

  /// Throws UnusableInputException where the file is none that ONNX Runtime may be given: unreadable, no ONNX model, or one that asks
  /// for more than this machine has.
  public static void check(Path file) {
    if (!Files.isReadable(file) || Files.isDirectory(file)) {
      throw new UnusableInputException(
          "%s cannot be read: give the path of an ONNX file".formatted(file));
    }
    CheckSizes.require(OnnxReader.read(file));
  }

  /// Loads a file that was checked: what loading costs, and nothing else.
  public Runner load(Path file, Options options) {
    return open(
        file.toString(),
        options,
        settings -> environment.createSession(file.toAbsolutePath().toString(), settings));
  }

  /// Writes what ONNX Runtime makes of the model at its extended level, which is the same on every machine.
  public void optimize(Model model, Path optimized) {
    CheckSizes.require(model);
    try (SessionOptions settings = settings(Options.SERVING)) {
      settings.setOptimizationLevel(SessionOptions.OptLevel.EXTENDED_OPT);
      settings.setOptimizedModelFilePath(optimized.toAbsolutePath().toString());
      sessions.open(model, settings).close();
    } catch (OrtException e) {
      throw Refusal.ofModel("the model", name(), e);
    }
  }

  private Runner open(String model, Options options, Opening opening) {
    try (SessionOptions settings = settings(options)) {
      OrtSession session = opening.open(settings);
      try {
        return new OrtRunner(
            environment,
            session,
            name(),
            model,
            SessionValues.of("input", session.getInputInfo()),
            SessionValues.of("output", session.getOutputInfo()));
      } catch (RuntimeException | OrtException e) {
        session.close();
        throw e;
      }
    } catch (OrtException e) {
      throw Refusal.ofModel(model, name(), e);
    }
  }

  /// The settings under which `open` loads a model.
  static SessionOptions settings(Options options) throws OrtException {
    boolean optimized = options.optimization() == Optimization.FULL;
    SessionOptions settings = new SessionOptions();
    settings.setExecutionMode(SessionOptions.ExecutionMode.SEQUENTIAL);
    settings.setIntraOpNumThreads(options.threads());
    settings.setInterOpNumThreads(1);
    settings.setOptimizationLevel(
        optimized ? SessionOptions.OptLevel.ALL_OPT : SessionOptions.OptLevel.NO_OPT);
    settings.setMemoryPatternOptimization(true);
    // The pool keeps what the largest inputs needed, several times over where their shapes vary. It
    // pays where runs are timed or many;
    // who runs a graph node by node looks at every tensor of it, on a few samples, often in four
    // models at once.
    settings.setCPUArenaAllocator(optimized);
    settings.setSessionLogLevel(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL);
    return settings;
  }

  @FunctionalInterface
  private interface Opening {
    OrtSession open(SessionOptions settings) throws OrtException;
  }
}
