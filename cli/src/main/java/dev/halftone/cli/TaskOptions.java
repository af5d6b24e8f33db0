package dev.halftone.cli;

import dev.halftone.session.Task;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
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
      names = "--pooling",
      paramLabel = "WAY",
      description =
          "How applications make one vector of a text out of those of its tokens [1,T,D]: mean (over the tokens that the mask keeps), cls (the first token), last (the last one) or tokens (each keeps its own). Default: what files beside the model say (1_Pooling/config.json, modules.json); else mean and cls are both judged, and the worse decides.")
  private Optional<String> pooling = Optional.empty();

  @Option(
      names = "--alphabet",
      paramLabel = "FILE",
      description =
          "The characters of a text in the order of the classes, one a line, without the blank; a class more is the space. Default: the model's metadata 'character'.")
  private Optional<Path> alphabet = Optional.empty();

  /// What the options say; throws ParameterException where `--task` or `--pooling` is not understood.
  Task task() {
    try {
      Task said = task.map(Task::parse).orElse(Task.BY_THE_MODEL).outputs(outputs);
      Task pooled = pooling.map(said::pooling).orElse(said);
      return alphabet.map(pooled::alphabet).orElse(pooled);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
    }
  }
}
