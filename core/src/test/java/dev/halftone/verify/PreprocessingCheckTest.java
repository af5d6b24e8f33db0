package dev.halftone.verify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.halftone.data.ChannelOrder;
import dev.halftone.data.Dataset;
import dev.halftone.data.Picture;
import dev.halftone.data.Preprocessing;
import dev.halftone.data.Sample;
import dev.halftone.engine.Runner;
import dev.halftone.tensor.Shape;
import dev.halftone.tensor.Tensor;
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
        .hasValueSatisfying(advice ->
            assertThat(advice)
                .startsWith("the float model is right on ")
                .contains(" of 64 labelled inputs as given, but on 100")
                .endsWith(" with imagenet: did you mean --preprocess imagenet?"));
  }

  @Test
  void findsSwappedChannelsAndKeepsTheSizeInItsAdvice() {
    Preprocessing swapped =
        Preprocessing.parse("resize=none,crop=1", IMAGENET.withOrder(ChannelOrder.BGR));
    assertThat(tryOthers(trainedWith(IMAGENET), swapped, 0))
        .hasValueSatisfying(advice ->
            assertThat(advice).endsWith("did you mean --preprocess order=rgb,resize=none,crop=1?"));
  }

  @Test
  void findsLabelsThatCountFromAnotherFirstClass() {
    assertThat(tryOthers(trainedWith(IMAGENET), IMAGENET, -1))
        .hasValueSatisfying(advice ->
            assertThat(advice)
                .endsWith(
                    "but on 100.0 % with every label one higher: the labels do not count from the first of the model's 10 classes, so add 1 to each"));
    assertThat(tryOthers(trainedWith(IMAGENET), IMAGENET, 1))
        .hasValueSatisfying(advice -> assertThat(advice).contains("with every label one lower"));
  }

  @Test
  void isSilentWhereNothingElseIsClearlyBetter() {
    assertThat(tryOthers(trainedWith(IMAGENET), IMAGENET, 0)).isEmpty();
    assertThat(tryOthers(trainedWith(IMAGENET), RAW, 5)).isEmpty();
    Runner constant = Fakes.runner(List.of("y"), _ -> Map.of("y", scores(3)));
    assertThat(tryOthers(constant, RAW, 0)).isEmpty();
  }

  @Test
  void isSilentWithoutLabels() {
    Function<Preprocessing, Dataset> unlabelled = how -> data(how, 40, Optional.empty());
    assertThat(PreprocessingCheck.tryOthers(trainedWith(IMAGENET), RAW, unlabelled, 64)).isEmpty();
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
    assertThat(PreprocessingCheck.tryOthers(model, gray, open, 64))
        .hasValueSatisfying(advice -> assertThat(advice).endsWith("--preprocess -1..1?"));
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
        model, given, how -> data(how, 200, Optional.of(labelShift)), 64);
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
