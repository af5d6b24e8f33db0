package dev.halftone.cli;

import dev.halftone.UnusableInputException;
import dev.halftone.graph.Model;
import dev.halftone.graph.Value;
import dev.halftone.meaning.OutputKind;
import dev.halftone.metric.Alphabet;
import dev.halftone.verify.VerifyOptions;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// The options that say what the model's answers are, and so what they are judged by.
final class TaskOptions {

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @Option(
      names = "--task",
      paramLabel = "TASK",
      description =
          "What the outputs are: classes (scores of one answer), sequence (an answer at each position of [1,T,C] or [T,1,C]), text (such a sequence read by CTC: repeats once, class 0 is the blank), embedding (vectors [1,D] or [1,T,D], judged by their cosines), indices (whole numbers, the same or not) or values (numbers, judged by their worst channel); of single outputs as in boxes=values,scores=classes. Default: what the end of the graph, names, labels and texts say, which the first lines of the result tell.")
  private Optional<String> task = Optional.empty();

  @Option(
      names = "--outputs",
      paramLabel = "NAMES",
      split = ",",
      description =
          "The outputs that count, as in boxes,scores: verdict, gates and searches look at the worst of them. Default: all.")
  private List<String> outputs = List.of();

  @Option(
      names = "--alphabet",
      paramLabel = "FILE",
      description =
          "The characters of a text in the order of the classes, one a line, without the blank; a class more is the space. Default: the model's metadata 'character'.")
  private Optional<Path> alphabet = Optional.empty();

  /// Of answers of this model, or of its quantized twin.
  ///
  /// Throws UnusableInputException where an output that is named is none of the model's.
  VerifyOptions answers(Model model) {
    List<String> known = model.graph().outputs().stream().map(Value::name).toList();
    Stream.concat(outputs.stream(), kinds().keySet().stream())
        .filter(name -> !known.contains(name))
        .findFirst()
        .ifPresent(name -> {
          throw new UnusableInputException(
              "the model has no output '%s' (--outputs, --task): choose among %s"
                  .formatted(name, String.join(", ", known)));
        });
    VerifyOptions options =
        VerifyOptions.of(model).withKind(kind()).withKinds(kinds()).withOutputs(outputs);
    return alphabet
        .map(file -> options.withAlphabet(Optional.of(Alphabet.read(file))))
        .orElse(options);
  }

  /// What all outputs are that can be it; throws ParameterException where `--task` is not understood.
  Optional<OutputKind> kind() {
    Map<String, OutputKind> single = kinds();
    return single.isEmpty() ? task.map(this::parsed) : Optional.empty();
  }

  /// What single outputs are, by name. A name may hold `=`, a task does not.
  private Map<String, OutputKind> kinds() {
    Map<String, OutputKind> kinds = new LinkedHashMap<>();
    for (String part : task.filter(text -> text.contains("=")).orElse("").split(",")) {
      int at = part.lastIndexOf('=');
      if (at > 0) {
        kinds.put(part.substring(0, at).strip(), parsed(part.substring(at + 1)));
      } else if (!part.isBlank()) {
        throw new ParameterException(
            spec.commandLine(),
            "--task names one task, or one for each output as in boxes=values,scores=classes, not '%s'"
                .formatted(part));
      }
    }
    return kinds;
  }

  private OutputKind parsed(String text) {
    try {
      return OutputKind.parse(text);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
    }
  }
}
