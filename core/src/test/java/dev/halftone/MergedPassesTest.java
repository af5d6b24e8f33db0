package dev.halftone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.halftone.calibrate.Statistics;
import dev.halftone.calibrate.StatisticsFile;
import dev.halftone.data.Dataset;
import dev.halftone.engine.Progress;
import dev.halftone.equalize.Equalization;
import dev.halftone.format.onnx.OnnxWriter;
import dev.halftone.graph.Model;
import dev.halftone.recipe.Observer;
import dev.halftone.recipe.Recipe;
import dev.halftone.testing.Interpreter;
import dev.halftone.testing.UnevenNets;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.BinaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Any split of the samples, in any order, on any number of threads gives the bytes of one pass.
class MergedPassesTest {

  private static final int SAMPLES = 30;

  private static final Model EQUALIZED =
      UnevenNets.net(UnevenNets.Kind.HARD_SWISH_BEFORE_DEPTHWISE);

  private static final Model EVEN =
      Networks.input(4, -1, 3, 12, 12)
          .conv("stem", 3, 8, 3, 1)
          .relu("r")
          .conv("pw", 8, 12, 1, 1)
          .head("logits", 12, 5)
          .model();

  /// Some samples stand twice.
  private static final int[] NUMBERS =
      IntStream.range(0, SAMPLES).map(i -> i % 9 == 8 ? i - 3 : i).toArray();

  @TempDir Path folder;
  private int files;

  record Case(String name, Model model, Recipe recipe, boolean isEqualized) {
    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<Case> cases() {
    Recipe eight = Recipe.W8A8.withSamples(12);
    return Stream.of(
        new Case("biases corrected, channels equalized", EQUALIZED, eight, true),
        new Case(
            "ranges by the output too", EQUALIZED, eight.withObserver(new Observer.Output()), true),
        new Case("weights solved for", EQUALIZED, Recipe.W4A8.withSamples(12), true),
        new Case("nothing to equalize", EVEN, eight, false),
        new Case("not equalized", EQUALIZED, eight.withoutEqualization(), false));
  }

  private static Quantizer quantizer(Case of, int threads) {
    return new Quantizer(new Interpreter(), of.recipe(), threads, Progress.Stages.NONE);
  }

  private static Dataset data(int... numbers) {
    return new Noise(SAMPLES).select(numbers);
  }

  private byte[] bytes(Model model) throws IOException {
    Path file = folder.resolve(files++ + ".onnx");
    OnnxWriter.write(model, file);
    return Files.readAllBytes(file);
  }

  private Path saved(Statistics statistics) {
    Path file = folder.resolve(files++ + ".json");
    StatisticsFile.write(new StatisticsFile.Saved(statistics, Optional.empty()), file, false);
    return file;
  }

  /// Statistics of every part, saved and read, as other machines would hand them over.
  private Statistics merged(
      List<Dataset> parts, Equalization equalization, Case of, Random random) {
    List<Statistics> seen = new ArrayList<>();
    for (Dataset part : parts) {
      Quantizer quantizer = quantizer(of, 1 + random.nextInt(3));
      Statistics statistics = quantizer.observe(quantizer.prepare(of.model()), equalization, part);
      seen.add(StatisticsFile.read(saved(statistics)).statistics());
    }
    Collections.shuffle(seen, random);
    BinaryOperator<Statistics> merge = Statistics::merge;
    return random.nextBoolean()
        ? seen.stream().reduce(merge).orElseThrow()
        : seen.reversed().stream().reduce((a, b) -> b.merge(a)).orElseThrow();
  }

  private static List<Dataset> split(int[] numbers, Random random) {
    List<Dataset> parts = new ArrayList<>();
    int from = 0;
    while (from < numbers.length) {
      int size = Math.min(numbers.length - from, 1 + random.nextInt(numbers.length));
      parts.add(data(IntStream.range(from, from + size).map(i -> numbers[i]).toArray()));
      from += size;
    }
    return parts;
  }

  private static int[] shuffled(Random random) {
    List<Integer> order = new ArrayList<>(IntStream.of(NUMBERS).boxed().toList());
    Collections.shuffle(order, random);
    return order.stream().mapToInt(Integer::intValue).toArray();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void anySplitGivesTheBytesOfOnePass(Case of) throws IOException {
    Quantizer alone = quantizer(of, 1);
    Model prepared = alone.prepare(of.model());
    Calibrated once = alone.calibrate(prepared, data(NUMBERS));
    assertThat(!once.statistics().equalization().isEmpty()).isEqualTo(of.isEqualized());
    byte[] json = Files.readAllBytes(saved(once.statistics()));
    byte[] file = bytes(alone.quantize(once.prepared(), once.statistics(), data(NUMBERS)).model());
    Random random = new Random(11);
    for (int trial = 0; trial < 4; trial++) {
      int[] order = shuffled(random);
      List<Dataset> parts = split(order, random);
      Statistics first = merged(parts, Equalization.NONE, of, random);
      Quantizer quantizer = quantizer(of, 1 + trial % 3);
      Equalization chosen = quantizer.equalization(prepared, first);
      Statistics all = chosen.isEmpty() ? first : merged(parts, chosen, of, random);
      Calibrated calibrated = quantizer.calibrated(prepared, all);
      assertThat(saved(calibrated.statistics()))
          .as("in %s parts", parts.size())
          .hasBinaryContent(json);
      Quantized quantized =
          quantizer.quantize(calibrated.prepared(), calibrated.statistics(), data(order));
      assertThat(bytes(quantized.model())).as("in %s parts", parts.size()).isEqualTo(file);
    }
  }

  @Test
  void samplesThatAreNoLongerThereAreAskedFor() {
    Case of = cases().findFirst().orElseThrow();
    Quantizer quantizer = quantizer(of, 2);
    Calibrated once = quantizer.calibrate(quantizer.prepare(of.model()), data(NUMBERS));
    for (Dataset other : List.of(data(1, 2, 3), Dataset.NONE)) {
      assertThatThrownBy(() -> quantizer.quantize(once.prepared(), once.statistics(), other))
          .isInstanceOf(UnusableInputException.class)
          .hasMessageContaining("not all among");
    }
  }

  @Test
  void statisticsThatNameNoSamplesServeWhatNeedsNone() {
    Case of = cases().findFirst().orElseThrow();
    Quantizer quantizer = quantizer(of, 2);
    Calibrated once = quantizer.calibrate(quantizer.prepare(of.model()), data(NUMBERS));
    Statistics none = once.statistics().withCorrectionSamples(0);
    for (Recipe recipe :
        List.of(of.recipe(), of.recipe().withObserver(new Observer.Output()), Recipe.W4A8)) {
      assertThatThrownBy(
              () -> quantizer.withRecipe(recipe).quantize(once.prepared(), none, data(NUMBERS)))
          .isInstanceOf(UnusableInputException.class)
          .hasMessageContaining("name no samples");
    }
    Quantizer modest = quantizer.withRecipe(of.recipe().withoutSamples());
    assertThat(modest.quantize(once.prepared(), none, Dataset.NONE).layers()).isNotEmpty();
  }

  @Test
  void passesThatDoNotFitAreNotMerged() {
    Case of = cases().findFirst().orElseThrow();
    Quantizer quantizer = quantizer(of, 1);
    Model prepared = quantizer.prepare(of.model());
    Statistics first = quantizer.observe(prepared, Equalization.NONE, data(0, 1));
    Statistics second =
        quantizer.observe(prepared, quantizer.equalization(prepared, first), data(2, 3));
    assertThatThrownBy(() -> first.merge(second)).hasMessageContaining("differently equalized");
    Statistics without = first.with(Optional.empty());
    assertThatThrownBy(() -> first.merge(without)).hasMessageContaining("no channel ranges");
    Model other =
        quantizer.prepare(
            Networks.input(3, -1, 3, 12, 12)
                .conv("c", 3, 4, 3, 1)
                .relu("r")
                .head("h", 4, 2)
                .model());
    assertThatThrownBy(() -> quantizer.equalization(other, first))
        .isInstanceOf(UnusableInputException.class)
        .hasMessageContaining("another model");
  }
}
