package dev.halftone.cli;

import dev.halftone.graph.Model;
import dev.halftone.verify.Alphabet;
import dev.halftone.verify.OutputKind;
import dev.halftone.verify.Verifier;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// What the model's answers are, and so what they are judged by.
final class TaskOptions {

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @Option(
      names = "--task",
      paramLabel = "TASK",
      description =
          "What the first output is: classes (scores of one answer), sequence (an answer at each position of [1,T,C] or [T,1,C]), text (such a sequence read by CTC: repeats once, class 0 is the blank), embedding (vectors [1,D] or [1,T,D], judged by their cosines) or values (numbers). Default: what its shape says; a sequence is a text where the model's metadata hold its characters, or the samples a table with columns file,text.")
  private Optional<String> task = Optional.empty();

  @Option(
      names = "--alphabet",
      paramLabel = "FILE",
      description =
          "The characters of a text in the order of the classes, one a line, without the blank; a class more is the space. Default: the model's metadata 'character'.")
  private Optional<Path> alphabet = Optional.empty();

  /// Of answers of this model, or of its quantized twin.
  Verifier.Options answers(Model model) {
    Verifier.Options options = Verifier.Options.of(model).withKind(kind());
    return alphabet
        .map(file -> options.withAlphabet(Optional.of(Alphabet.read(file))))
        .orElse(options);
  }

  /// Throws ParameterException where `--task` is not understood.
  Optional<OutputKind> kind() {
    try {
      return task.map(OutputKind::parse);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
    }
  }
}
