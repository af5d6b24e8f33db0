package dev.halftone.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.halftone.data.Dataset;
import dev.halftone.format.onnx.OnnxWriter;
import dev.halftone.judge.Gate;
import dev.halftone.tensor.Tensor;
import dev.halftone.testing.Models;
import dev.halftone.testing.TextNets;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Models that make vectors of texts, judged through the door.
class SentenceVectorsTest {

  private static final Tensor TABLE = Models.random(50, 16);

  @TempDir private Path folder;
  private Path model = Path.of("");
  private Path other = Path.of("");

  @BeforeEach
  void write() throws IOException {
    Path onnx = Files.createDirectories(folder.resolve("onnx"));
    model = onnx.resolve("model.onnx");
    other = onnx.resolve("model_other.onnx");
    OnnxWriter.write(TextNets.encoder(TABLE), model);
    OnnxWriter.write(TextNets.unsteady(TABLE, 3), other);
  }

  private static Dataset texts() {
    Random random = new Random(1);
    long[][] texts = new long[120][];
    for (int i = 0; i < texts.length; i++) {
      texts[i] = random.longs(random.nextInt(2, 9), 0, 50).toArray();
    }
    return TextNets.texts(texts);
  }

  private ModelComparison comparison() {
    return Halftone.compare(model, other, Samples.of(texts()));
  }

  @Test
  void filesBesideTheModelNameThePoolingAndGatesAskForBatches() throws IOException {
    Path pooling = Files.createDirectories(folder.resolve("1_Pooling"));
    Files.writeString(pooling.resolve("config.json"), "{\"pooling_mode_mean_tokens\": true}");
    ComparisonResult result =
        comparison().gate(Gate.parse("batch=0.99999")).gate(Gate.parse("top10=0.1")).run();
    assertThat(result.verdict().premises().assumed())
        .anyMatch(line ->
            line.contains(
                "output 'last_hidden_state' as embedding (the mean over its tokens; 1_Pooling/config.json says so)"));
    assertThat(result.missed()).singleElement().asString().startsWith("batch is 0.");
    assertThat(result.verdict().judgement().sentence())
        .contains("a text gets another vector in another batch");
    assertThat(result.fidelity().cosine().orElseThrow()).isBetween(0.5, 0.9999);
    assertThat(result.verdict().speed().orElseThrow().lengths()).hasSize(3);
    assertThat(result.verdict().speed().orElseThrow().conditions())
        .contains("on a text of 5 tokens");
  }

  @Test
  void whatTheProgramSaysCountsMore() throws IOException {
    Path pooling = Files.createDirectories(folder.resolve("1_Pooling"));
    Files.writeString(pooling.resolve("config.json"), "{\"pooling_mode_mean_tokens\": true}");
    ComparisonResult result = comparison().task(Task.BY_THE_MODEL.pooling("cls")).run();
    assertThat(result.verdict().premises().assumed())
        .anyMatch(line -> line.contains("(its first token; --pooling says so)"));
  }

  @Test
  void aModelBesideItselfIsTheSameInEveryBatch() {
    ComparisonResult result =
        Halftone.compare(model, model, Samples.of(texts()))
            .gate(Gate.parse("batch=0.99999"))
            .gate(Gate.parse("top10=1"))
            .run();
    assertThat(result.missed()).isEmpty();
    assertThat(result.verdict().premises().assumed())
        .anyMatch(line -> line.contains("'last_hidden_state[mean]' as embedding"))
        .anyMatch(line -> line.contains("'last_hidden_state[cls]' as embedding"));
  }
}
