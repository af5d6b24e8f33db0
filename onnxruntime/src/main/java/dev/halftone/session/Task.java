package dev.halftone.session;

import dev.halftone.TaskMetric;
import dev.halftone.UnusableInputException;
import dev.halftone.graph.Model;
import dev.halftone.graph.Value;
import dev.halftone.meaning.ModelFolder;
import dev.halftone.meaning.OutputKind;
import dev.halftone.meaning.Pooling;
import dev.halftone.meaning.PoolingChoice;
import dev.halftone.metric.Alphabet;
import dev.halftone.verify.VerifyOptions;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// The meaning of a model's outputs, and so what they are judged by. What is not said here, the graph, labels and texts tell.
public final class Task {

  /// Nothing is said: the end of the graph, names, labels and texts tell.
  public static final Task BY_THE_MODEL =
      new Task(
          Optional.empty(), Map.of(), List.of(), Optional.empty(), Optional.empty(), List.of());

  private final Optional<OutputKind> kind;
  private final Map<String, OutputKind> kinds;
  private final List<String> outputs;
  private final Optional<Pooling> pooling;
  private final Optional<Path> alphabet;
  private final List<TaskMetric> metrics;

  private Task(
      Optional<OutputKind> kind,
      Map<String, OutputKind> kinds,
      List<String> outputs,
      Optional<Pooling> pooling,
      Optional<Path> alphabet,
      List<TaskMetric> metrics) {
    this.kind = kind;
    this.kinds = Collections.unmodifiableMap(kinds);
    this.outputs = List.copyOf(outputs);
    this.pooling = pooling;
    this.alphabet = alphabet;
    this.metrics = List.copyOf(metrics);
  }

  /// Reads what all outputs are that can be it (`classes`, `sequence`, `text`, `embedding`, `indices` or `values`), or what single ones
  /// are, as in `boxes=values,scores=classes`.
  ///
  /// Throws IllegalArgumentException, with a sentence for the reader, where it is neither.
  public static Task parse(String text) {
    Map<String, OutputKind> kinds = new LinkedHashMap<>();
    for (String part : text.contains("=") ? text.split(",") : new String[0]) {
      int at = part.lastIndexOf('='); // a name may hold one, a task does not
      if (at > 0) {
        kinds.put(part.substring(0, at).strip(), OutputKind.parse(part.substring(at + 1)));
      } else if (!part.isBlank()) {
        throw new IllegalArgumentException(
            "--task names one task, or one for each output as in boxes=values,scores=classes, not '%s'"
                .formatted(part));
      }
    }
    Optional<OutputKind> kind =
        kinds.isEmpty() ? Optional.of(OutputKind.parse(text)) : Optional.empty();
    return new Task(kind, kinds, List.of(), Optional.empty(), Optional.empty(), List.of());
  }

  /// The same where only these outputs count: verdict, gates and searches look at the worst of them.
  public Task outputs(List<String> names) {
    return new Task(kind, kinds, names, pooling, alphabet, metrics);
  }

  /// The same where applications make one vector of those of tokens so: by their `mean`, of the first token (`cls`) or the `last`, or not at
  /// all (`tokens`).
  ///
  /// Throws IllegalArgumentException, with a sentence for the reader, where it is none of these.
  public Task pooling(String way) {
    return new Task(kind, kinds, outputs, Optional.of(Pooling.parse(way)), alphabet, metrics);
  }

  /// The same with the characters of a text from this file: in the order of the classes, one a line, without the blank.
  public Task alphabet(Path file) {
    return new Task(kind, kinds, outputs, pooling, Optional.of(file), metrics);
  }

  /// The same with a measure of the program's own beside the others.
  public Task metric(TaskMetric metric) {
    List<TaskMetric> all = new ArrayList<>(metrics);
    all.add(metric);
    return new Task(kind, kinds, outputs, pooling, alphabet, all);
  }

  /// For this model, or its quantized twin.
  ///
  /// Throws UnusableInputException where an output that is named is none of the model's.
  ///
  /// @param file of the model: files beside it may say more
  VerifyOptions answers(Model model, Path file) {
    List<String> known = model.graph().outputs().stream().map(Value::name).toList();
    Stream.concat(outputs.stream(), kinds.keySet().stream())
        .filter(name -> !known.contains(name))
        .findFirst()
        .ifPresent(name -> {
          throw new UnusableInputException(
              "the model has no output '%s' (--outputs, --task): choose among %s"
                  .formatted(name, String.join(", ", known)));
        });
    VerifyOptions told =
        VerifyOptions.of(model)
            .beside(ModelFolder.beside(file))
            .withKind(kind)
            .withKinds(kinds)
            .withOutputs(outputs)
            .withMetrics(metrics);
    VerifyOptions options =
        pooling
            .map(way -> told.withPooling(PoolingChoice.of(way, "--pooling says so")))
            .orElse(told);
    return alphabet
        .map(letters -> options.withAlphabet(Optional.of(Alphabet.read(letters))))
        .orElse(options);
  }
}
