package dev.halftone.verify;

import dev.halftone.data.Dataset;
import dev.halftone.data.Sample;
import dev.halftone.engine.InOrder;
import dev.halftone.engine.Runner;
import dev.halftone.meaning.OutputKind;
import dev.halftone.metric.Alphabet;
import dev.halftone.metric.Ctc;
import dev.halftone.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;

/// Reads one model's answer out of one output, and holds it against what is known: the class of a labelled input, or, where there is an
/// alphabet, the text that stands in it.
///
/// @param output the name of the output
/// @param alphabet of a model that reads text; empty for one that tells classes apart
public record AnswerReader(String output, Optional<Alphabet> alphabet) {

  /// What a model answered, beside what is right.
  ///
  /// @param answers a class, or a text, for each sample
  /// @param right likewise
  /// @param classes how many the model tells apart
  record Picks(List<Object> answers, List<Object> right, int classes) {

    int size() {
      return answers.size();
    }

    /// @param shift added to the label
    boolean isRight(int sample, int shift) {
      Object truth = right.get(sample);
      return answers.get(sample).equals(truth instanceof Integer label ? label + shift : truth);
    }
  }

  /// The samples of which the right answer is known.
  int[] usable(Dataset data) {
    return IntStream.range(0, data.size())
        .filter(i -> alphabet.isPresent() ? data.text(i).isPresent() : data.label(i).isPresent())
        .toArray();
  }

  /// @param data samples that are usable, all of them
  Picks read(Runner model, Dataset data, int threads) {
    List<Object> answers = new ArrayList<>();
    List<Object> right = new ArrayList<>();
    int[] classes = new int[1];
    InOrder.run(
        data.size(),
        threads,
        index -> answer(model, data.sample(index)),
        answer -> {
          int index = answers.size();
          answers.add(answer.said());
          right.add(
              alphabet.isPresent()
                  ? data.text(index).orElseThrow()
                  : (Object) data.label(index).orElseThrow());
          classes[0] = Math.max(classes[0], answer.classes());
        });
    return new Picks(answers, right, classes[0]);
  }

  private record Answer(Object said, int classes) {}

  private Answer answer(Runner model, Sample sample) {
    AtomicReference<Answer> answer = new AtomicReference<>();
    model.run(
        sample.inputs(),
        outputs -> {
          Tensor scores = Objects.requireNonNull(outputs.get(output), output);
          answer.set(alphabet.map(letters -> text(scores, letters)).orElseGet(() -> one(scores)));
        });
    return Objects.requireNonNull(answer.get());
  }

  private static Answer one(Tensor output) {
    Answers read = Answers.of(output, OutputKind.CLASSES);
    return new Answer(read.picks().length == 1 ? read.picks()[0] : -1, read.classes());
  }

  private static Answer text(Tensor output, Alphabet letters) {
    Answers read = Answers.of(output, OutputKind.TEXT);
    boolean fits = letters.fits(read.classes());
    return new Answer(fits ? letters.spell(Ctc.read(read.picks())) : "", read.classes());
  }
}
