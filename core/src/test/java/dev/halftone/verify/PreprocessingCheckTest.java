package dev.halftone.verify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.halftone.data.Dataset;
import dev.halftone.data.Sample;
import dev.halftone.data.picture.ChannelOrder;
import dev.halftone.data.picture.Picture;
import dev.halftone.data.picture.Preprocessing;
import dev.halftone.engine.Runner;
import dev.halftone.metric.Alphabet;
import dev.halftone.metric.Proportion;
import dev.halftone.tensor.Shape;
import dev.halftone.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class PreprocessingCheckTest {

  private static final Preprocessing RAW = Preprocessing.RAW;
  private static final Preprocessing IMAGENET = Preprocessing.parse("imagenet", RAW);
  private static final int CLASSES = 8;

  @Test
  void findsTheNormalizationThatTheModelWasTrainedWith() {
    Runner model = trainedWith(IMAGENET);
    assertThat(tryOthers(model, RAW, 0))
        .hasValueSatisfying(clause ->
            assertThat(clause)
                .startsWith(
                    "the float model itself does better with --preprocess imagenet: it is right on 100.0 % of 100 labelled inputs, and on ")
                .endsWith(" % as given"));
  }

  @Test
  void findsBothNormalizationAndOrder() {
    Preprocessing caffe = Preprocessing.parse("caffe,order=rgb", RAW);
    assertThat(tryOthers(trainedWith(IMAGENET), caffe, 0))
        .hasValueSatisfying(clause -> assertThat(clause).contains("--preprocess imagenet:"));
  }

  @Test
  void findsSwappedChannelsAndKeepsTheSizeInItsAdvice() {
    Preprocessing swapped =
        Preprocessing.parse("resize=none,crop=1", IMAGENET.withOrder(ChannelOrder.BGR));
    assertThat(tryOthers(trainedWith(IMAGENET), swapped, 0))
        .hasValueSatisfying(
            clause -> assertThat(clause).contains("--preprocess imagenet,resize=none,crop=1:"));
  }

  @Test
  void findsAPreprocessingThatIsOftenRightButLessOftenThanAnother() {
    Runner model = trainedWith(IMAGENET);
    Function<Preprocessing, Dataset> mostly =
        how -> {
          Dataset right = data(IMAGENET, 500, Optional.of(0));
          Dataset wrong = data(RAW, 500, Optional.of(0));
          boolean isGiven = how.equals(RAW);
          return Fakes.data(500, i -> (isGiven && i % 10 == 0 ? wrong : right).sample(i));
        };
    assertThat(PreprocessingCheck.tryOthers(search(model, RAW, mostly)))
        .hasValueSatisfying(clause ->
            assertThat(clause)
                .containsPattern("right on 100.0 %.*, and on 9[0-9]\\.[0-9] % as given"));
  }

  @Test
  void findsLabelsThatCountFromAnotherFirstClass() {
    assertThat(tryOthers(trainedWith(IMAGENET), IMAGENET, -1))
        .hasValueSatisfying(clause ->
            assertThat(clause)
                .startsWith("the float model itself does better with every label one higher: ")
                .endsWith(
                    "so the labels do not count from the first of the model's 10 classes: add 1 to each"));
    assertThat(tryOthers(trainedWith(IMAGENET), IMAGENET, 1))
        .hasValueSatisfying(clause -> assertThat(clause).contains("with every label one lower"));
  }

  @Test
  void isSilentWhereNothingElseIsClearlyBetter() {
    assertThat(tryOthers(trainedWith(IMAGENET), IMAGENET, 0)).isEmpty();
    assertThat(tryOthers(trainedWith(IMAGENET), RAW, 5)).isEmpty();
    Runner constant = Fakes.runner(List.of("y"), _ -> Map.of("y", scores(3)));
    assertThat(tryOthers(constant, RAW, 0)).isEmpty();
  }

  /// Answers by chance: of thirty models and nine candidates each, none may look better.
  @Test
  void chanceIsNoEvidence() {
    for (int seed = 0; seed < 30; seed++) {
      int salt = seed;
      Runner guessing =
          Fakes.runner(
              List.of("y"),
              x -> {
                Random random = new Random(salt * 31L + java.util.Arrays.hashCode(x.toFloats()));
                return Map.of("y", scores(1 + random.nextInt(CLASSES)));
              });
      assertThat(tryOthers(guessing, RAW, 0)).isEmpty();
    }
  }

  @Test
  void isSilentWhereSamplesAreFedAsTheyAre() {
    Function<Preprocessing, Dataset> arrays = _ -> data(RAW, 200, Optional.of(0));
    assertThat(PreprocessingCheck.tryOthers(search(trainedWith(IMAGENET), RAW, arrays))).isEmpty();
  }

  @Test
  void isSilentWithoutLabels() {
    Function<Preprocessing, Dataset> unlabelled = how -> data(how, 40, Optional.empty());
    assertThat(PreprocessingCheck.tryOthers(search(trainedWith(IMAGENET), RAW, unlabelled)))
        .isEmpty();
  }

  @Test
  void readsTextsToo() {
    Alphabet letters = new Alphabet(List.of("a", "b", "c", "d", "e", "f", "g", "h", "i"));
    Function<Preprocessing, Dataset> open = how -> texts(data(how, 200, Optional.of(0)), letters);
    Optional<String> clause =
        PreprocessingCheck.tryOthers(
            new PreprocessingCheck.Search(
                trainedWith(IMAGENET),
                new AnswerReader("y", Optional.of(letters)),
                RAW,
                RAW,
                open,
                2));
    assertThat(clause)
        .hasValueSatisfying(text -> assertThat(text).contains("--preprocess imagenet: it is"));
  }

  @Test
  void opensTheSamplesOnceForEachPreprocessing() {
    List<Preprocessing> opened = new ArrayList<>();
    Function<Preprocessing, Dataset> open =
        how -> {
          opened.add(how);
          return data(how, 200, Optional.of(0));
        };
    assertThat(PreprocessingCheck.tryOthers(search(trainedWith(IMAGENET), RAW, open))).isPresent();
    assertThat(opened).contains(RAW, IMAGENET).doesNotHaveDuplicates();
  }

  private static Dataset texts(Dataset labelled, Alphabet letters) {
    return new Dataset() {
      @Override
      public int size() {
        return labelled.size();
      }

      @Override
      public Sample sample(int index) {
        Sample sample = labelled.sample(index);
        return new Sample(sample.id(), sample.inputs(), OptionalInt.empty());
      }

      @Override
      public Optional<String> text(int index) {
        return Optional.of(letters.spell(new int[] {labelled.label(index).orElseThrow()}));
      }

      @Override
      public String description() {
        return "texts";
      }
    };
  }

  @Test
  void triesWhatAGrayModelCanTake() {
    Preprocessing gray = Preprocessing.parse("order=gray,mean=0,std=255", RAW);
    Runner model =
        Fakes.runner(
            List.of("y"),
            x -> Map.of("y", scores(1 + Math.round((x.toFloats()[0] + 1) * 127.5f) % CLASSES)));
    Function<Preprocessing, Dataset> open =
        how ->
            Fakes.data(
                64,
                i ->
                    new Sample(
                        "row " + i,
                        Map.of("x", how.apply(new Picture(1, 1, 1, new byte[] {(byte) i}))),
                        OptionalInt.of(1 + i % CLASSES)));
    assertThat(PreprocessingCheck.tryOthers(search(model, gray, open)))
        .hasValueSatisfying(
            clause -> assertThat(clause).contains("--preprocess -1..1,order=gray:"));
  }

  @Test
  void advisesWhereTheModelIsWrongTooOften() {
    assertThat(PreprocessingCheck.advise(new Proportion(3, 100), 1000))
        .hasValueSatisfying(advice ->
            assertThat(advice)
                .startsWith("the float model itself is right on only 3")
                .contains("100 labelled inputs"));
    assertThat(PreprocessingCheck.advise(new Proportion(85, 100), 1000)).isEmpty();
    assertThat(PreprocessingCheck.advise(new Proportion(45, 100), 1000)).isEmpty();
    assertThat(PreprocessingCheck.advise(new Proportion(0, 5), 1000)).isEmpty();
    assertThat(PreprocessingCheck.advise(new Proportion(52, 100), 2)).isPresent();
    assertThat(PreprocessingCheck.advise(new Proportion(75, 100), 2)).isEmpty();
  }

  /// A model of 10 classes that tells pictures of one pixel apart by red + 3 green, once it has undone its normalization; an input prepared otherwise gives
  /// some other class.
  private static Runner trainedWith(Preprocessing how) {
    return Fakes.runner(
        List.of("y"),
        x -> {
          float[] v = x.toFloats();
          long red = Math.round(v[0] * how.std().get(0) + how.mean().get(0));
          long green = Math.round(v[1] * how.std().get(1) + how.mean().get(1));
          return Map.of("y", scores(1 + (int) Math.floorMod(red + 3 * green, (long) CLASSES)));
        });
  }

  private static Tensor scores(int best) {
    float[] scores = new float[CLASSES + 2];
    scores[best] = 1;
    return Tensor.of(new Shape(1, scores.length), scores);
  }

  private static Optional<String> tryOthers(Runner model, Preprocessing given, int labelShift) {
    return PreprocessingCheck.tryOthers(
        search(model, given, how -> data(how, 200, Optional.of(labelShift))));
  }

  private static PreprocessingCheck.Search search(
      Runner model, Preprocessing given, Function<Preprocessing, Dataset> open) {
    return new PreprocessingCheck.Search(
        model, new AnswerReader("y", Optional.empty()), given, RAW, open, 1);
  }

  private static Dataset data(Preprocessing how, int size, Optional<Integer> labelShift) {
    return Fakes.data(
        size,
        index -> {
          byte[] pixel = new byte[3];
          new Random(index).nextBytes(pixel);
          int label = 1 + ((pixel[0] & 0xFF) + 3 * (pixel[1] & 0xFF)) % CLASSES;
          return new Sample(
              "row " + index,
              Map.of("x", how.apply(new Picture(1, 1, 3, pixel))),
              labelShift.map(shift -> OptionalInt.of(label + shift)).orElse(OptionalInt.empty()));
        });
  }
}
