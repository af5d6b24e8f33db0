package dev.halftone.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.halftone.UnusableInputException;
import dev.halftone.data.Dataset;
import dev.halftone.data.Sample;
import dev.halftone.data.text.TextPairs;
import dev.halftone.engine.Backend;
import dev.halftone.engine.Runner;
import dev.halftone.graph.Model;
import dev.halftone.graph.Sketch;
import dev.halftone.graph.TensorType;
import dev.halftone.graph.Value;
import dev.halftone.judge.Verdicts;
import dev.halftone.meaning.OutputKind;
import dev.halftone.meaning.Pooling;
import dev.halftone.meaning.PoolingChoice;
import dev.halftone.metric.CosineSpread;
import dev.halftone.report.TerminalReport;
import dev.halftone.tensor.DType;
import dev.halftone.tensor.Shape;
import dev.halftone.tensor.Tensor;
import dev.halftone.testing.Interpreter;
import dev.halftone.testing.TextNets;
import dev.halftone.verify.TaskFigures.Directions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/// Models that read text, judged by what applications make of their tokens.
class TextVerdictTest {

  /// Rows (1, 0), (0, 1), (1, 1) and (0, 0).
  private static final Tensor TABLE = Tensor.of(new Shape(4, 2), 1f, 0, 0, 1, 1, 1, 0, 0);

  /// Token 1 is (1, 1) here, and token 3 is (9, 9).
  private static final Tensor OTHER = Tensor.of(new Shape(4, 2), 1f, 0, 1, 1, 1, 1, 9, 9);

  private static final double DIAGONAL = Math.sqrt(0.5); // the cosine of 45 degrees

  private static Runner open(Model model) {
    return new Interpreter().open(model, Backend.Options.SERVING);
  }

  private static Comparison compare(Dataset data, VerifyOptions options) {
    return Verifier.compare(
        open(TextNets.encoder(TABLE)), open(TextNets.encoder(OTHER)), data, options);
  }

  private static VerifyOptions options() {
    return VerifyOptions.of(TextNets.encoder(TABLE));
  }

  private static VerifyOptions pooling(Pooling way) {
    return options().withPooling(PoolingChoice.of(way, "--pooling says so"));
  }

  /// A text with two filled places behind it, of token 3.
  private static Dataset padded(long... ids) {
    Sample text = TextNets.text(0, 2, ids);
    long[] filled = Arrays.copyOf(ids, ids.length + 2);
    Arrays.fill(filled, ids.length, filled.length, 3);
    Map<String, Tensor> inputs = new HashMap<>(text.inputs());
    inputs.put("input_ids", Tensor.of(new Shape(1, filled.length), filled));
    return Fakes.data(1, _ -> new Sample(text.id(), inputs, text.label()));
  }

  @Test
  void withoutAWordBothPoolingsAreJudgedAndTheWorseDecides() {
    Comparison comparison = compare(TextNets.texts(new long[] {0, 1}), options());
    assertThat(comparison.outputs())
        .extracting(OutputFigures::name)
        .containsExactly("last_hidden_state[mean]", "last_hidden_state[cls]");
    assertThat(comparison.outputs())
        .allMatch(OutputFigures::isJudged)
        .extracting(OutputFigures::kind)
        .containsOnly(OutputKind.EMBEDDING);
    // means (1/2, 1/2) and (1, 1/2); first tokens are the same
    assertThat(directions(comparison, 0).mean()).isCloseTo(3 / Math.sqrt(10), within(1e-6));
    assertThat(directions(comparison, 1).mean()).isCloseTo(1, within(1e-12));
    assertThat(comparison.worst().name()).isEqualTo("last_hidden_state[mean]");
    assertThat(Assumptions.of(comparison).getFirst())
        .contains("(the mean over its tokens; nothing says which of its tokens count");
  }

  private static Directions directions(Comparison comparison, int output) {
    return comparison.outputs().get(output).directions().orElseThrow();
  }

  private static Directions only(Dataset data, Pooling way) {
    Comparison comparison = compare(data, pooling(way));
    assertThat(comparison.outputs())
        .singleElement()
        .extracting(OutputFigures::name)
        .isEqualTo("last_hidden_state");
    return directions(comparison, 0);
  }

  @Test
  void whatFillsUpIsNeverSeen() {
    // tokens (1, 0) and (0, 1) beside (1, 0) and (1, 1); the filled places are (0, 0) beside (9, 9)
    Dataset data = padded(0, 1);
    assertThat(only(data, Pooling.MEAN).mean()).isCloseTo(3 / Math.sqrt(10), within(1e-6));
    assertThat(only(data, Pooling.CLS).mean()).isCloseTo(1, within(1e-12));
    assertThat(only(data, Pooling.LAST).mean()).isCloseTo(DIAGONAL, within(1e-6));
    Directions tokens = only(data, Pooling.TOKENS);
    assertThat(tokens.vectors()).isEqualTo(2);
    assertThat(tokens.mean()).isCloseTo((1 + DIAGONAL) / 2, within(1e-6));
    assertThat(tokens.worst()).isCloseTo(DIAGONAL, within(1e-6));
  }

  @Test
  void tagsAreJudgedWhereTheMaskIsOne() {
    // the best of (0, 1) is 1 and of (1, 1) is 0; of the filled places it would be 0 in both
    Comparison comparison =
        compare(padded(0, 1), options().withKind(Optional.of(OutputKind.SEQUENCE)));
    assertThat(comparison.kind()).isEqualTo(OutputKind.SEQUENCE);
    Agreement agreement = comparison.agreement().orElseThrow();
    assertThat(agreement.positions().trials()).isEqualTo(2);
    assertThat(agreement.positions().successes()).isEqualTo(1);
  }

  @Test
  void aLastProductOfFewNumbersATokenScoresTags() {
    Model tagger =
        Sketch.opset(17)
            .input("input_ids", DType.INT64, "batch", "sequence")
            .input("attention_mask", DType.INT64, "batch", "sequence")
            .constant("table", TABLE)
            .constant("tags", Tensor.of(new Shape(2, 3), 1f, 2, 3, 4, 5, 6))
            .node("Gather", "table input_ids", "rows")
            .node("MatMul", "rows tags", "output_0")
            .output("output_0")
            .model();
    Comparison comparison =
        Verifier.compare(
            open(tagger),
            open(tagger),
            TextNets.texts(new long[] {0, 1}),
            VerifyOptions.of(tagger));
    assertThat(comparison.kind()).isEqualTo(OutputKind.SEQUENCE);
    assertThat(comparison.main().because()).contains("a product of 3 numbers a token");
  }

  /// Tokens, and Tanh of their first.
  private static Model withPooler(String tokens, String pooled) {
    return Sketch.opset(17)
        .input("input_ids", DType.INT64, "batch", "sequence")
        .input("attention_mask", DType.INT64, "batch", "sequence")
        .constant("table", TABLE)
        .constant("first", Tensor.of(new Shape(), 0L))
        .node("Gather", "table input_ids", tokens)
        .node("Gather", tokens + " first", "cls", "axis", 1)
        .node("Tanh", "cls", pooled)
        .declare(tokens, DType.FLOAT, "batch", "sequence", 2)
        .output(tokens)
        .output(pooled)
        .model();
  }

  @Test
  void aPoolerBesideTokensIsShownAndCountsWhereItIsAskedFor() {
    Model model = withPooler("tokens", "882");
    Dataset data = TextNets.texts(new long[] {0, 1});
    VerifyOptions options =
        VerifyOptions.of(model).withPooling(PoolingChoice.of(Pooling.MEAN, "so it is"));
    Comparison comparison = Verifier.compare(open(model), open(model), data, options);
    assertThat(comparison.judged()).extracting(OutputFigures::name).containsExactly("tokens");
    assertThat(comparison.outputs()).hasSize(2);
    assertThat(
            Verifier.compare(open(model), open(model), data, options.withOutputs(List.of("882")))
                .judged())
        .extracting(OutputFigures::name)
        .containsExactly("882");
  }

  @Test
  void longTextsAreToldApartFromShortOnes() {
    // 12 texts of one token that are the same, 12 of two whose means are those above
    long[][] texts = new long[24][];
    for (int i = 0; i < texts.length; i++) {
      texts[i] = i % 2 == 0 ? new long[] {0} : new long[] {0, 1};
    }
    Directions directions = only(TextNets.texts(texts), Pooling.MEAN);
    Similarity.ByLength lengths = directions.similarity().lengths().orElseThrow();
    assertThat(lengths.border()).isEqualTo(1);
    assertThat(lengths.shorter()).isEqualTo(new CosineSpread(12, 1, 1, 1));
    assertThat(lengths.longer().vectors()).isEqualTo(12);
    assertThat(lengths.longer().worst()).isCloseTo(3 / Math.sqrt(10), within(1e-6));
    assertThat(directions.firstPercentile().orElseThrow())
        .isCloseTo(3 / Math.sqrt(10), within(1e-6));
  }

  @Test
  void neighboursAreCountedWhereThereAreEnoughTexts() {
    long[][] texts = new long[100][];
    for (int i = 0; i < texts.length; i++) {
      texts[i] = new long[1 + i];
      Arrays.fill(texts[i], i / 2, 1 + i, 1);
    }
    Similarity found = only(TextNets.texts(texts), Pooling.MEAN).similarity();
    assertThat(found.neighbours().orElseThrow().vectors()).isEqualTo(100);
    assertThat(found.neighbours().orElseThrow().overlap()).isBetween(0.1, 1.0);
  }

  @Test
  void pairsWithScoresGiveSpearman() {
    // pair i is (1, 0) beside a text whose mean turns away from it more and more; people said so
    // too, but for the last two
    long[][] texts = new long[24][];
    List<TextPairs.Pair> pairs = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      texts[2 * i] = new long[] {0};
      texts[2 * i + 1] = new long[12];
      Arrays.fill(texts[2 * i + 1], 0, i, 1);
      int score = i < 10 ? -i : i == 10 ? -11 : -10;
      pairs.add(new TextPairs.Pair(2 * i, 2 * i + 1, OptionalDouble.of(score)));
    }
    pairs.add(new TextPairs.Pair(0, 1, OptionalDouble.empty()));
    Dataset data = paired(texts, pairs);
    ScoredPairs scored =
        only(new SampleWatch(data).data(), Pooling.MEAN).similarity().pairs().orElseThrow();
    assertThat(scored.pairs()).isEqualTo(12);
    // two neighbouring ranks are exchanged: 1 - 6 * 2 / (12 * 143)
    assertThat(scored.floatModel()).isCloseTo(1 - 12.0 / 1716, within(1e-9));
    assertThat(scored.change()).isCloseTo(0, within(1e-9));
  }

  @Test
  void scoresOfARerankerAreRankedBesideThoseOfPeople() {
    long[][] texts = new long[12][];
    List<TextPairs.Pair> pairs = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      texts[i] = new long[] {i};
      pairs.add(new TextPairs.Pair(i, i, OptionalDouble.of(i)));
    }
    float[] rising = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11};
    float[] swapped = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 10};
    Comparison comparison =
        Verifier.compare(
            open(reranker(rising)),
            open(reranker(swapped)),
            paired(texts, pairs),
            VerifyOptions.of(reranker(rising)));
    assertThat(comparison.kind()).isEqualTo(OutputKind.VALUES);
    ScoredPairs ranking = comparison.main().ranking().orElseThrow();
    assertThat(ranking.pairs()).isEqualTo(12);
    assertThat(ranking.floatModel()).isEqualTo(1);
    assertThat(ranking.quantized()).isCloseTo(1 - 12.0 / 1716, within(1e-9));
    assertThat(Verdicts.of(400, 100, Optional.empty(), Optional.of(comparison)))
        .extracting(verdict -> TerminalReport.render(verdict, false))
        .asString()
        .contains("Spearman, 12 pairs");
  }

  /// The score of a text is that of its first token.
  private static Model reranker(float[] scores) {
    return Sketch.opset(17)
        .input("input_ids", DType.INT64, "batch", "sequence")
        .input("attention_mask", DType.INT64, "batch", "sequence")
        .constant("table", Tensor.of(new Shape(scores.length, 1), scores))
        .constant("first", Tensor.of(new Shape(), 0L))
        .node("Gather", "table input_ids", "rows")
        .node("Gather", "rows first", "score", "axis", 1)
        .output("score")
        .model();
  }

  private static Dataset paired(long[][] texts, List<TextPairs.Pair> pairs) {
    return new Dataset() {
      @Override
      public int size() {
        return texts.length;
      }

      @Override
      public Sample sample(int index) {
        return TextNets.text(index, 0, texts[index]);
      }

      @Override
      public Optional<TextPairs> pairs() {
        return Optional.of(new TextPairs(pairs));
      }

      @Override
      public String description() {
        return "pairs";
      }
    };
  }

  @Test
  void anOutputIsFoundByItsShapeWhereTheQuantizedModelHasFewer() {
    Model mine = withPooler("tokens", "882");
    Model theirs = TextNets.encoder(OTHER);
    VerifyOptions options =
        VerifyOptions.of(mine).withPooling(PoolingChoice.of(Pooling.MEAN, "so it is"));
    Dataset data = TextNets.texts(new long[] {0, 1});
    Value tokens = new Value("tokens", TensorType.of(DType.FLOAT, Sketch.dims("n", "t", 2)));
    Value pooler = new Value("882", TensorType.of(DType.FLOAT, Sketch.dims("n", 2)));
    Value hidden =
        new Value("last_hidden_state", TensorType.of(DType.FLOAT, Sketch.dims("b", "s", 2)));
    Comparison comparison =
        Verifier.compare(
            declaring(open(mine), tokens, pooler), declaring(open(theirs), hidden), data, options);
    assertThat(comparison.outputs()).extracting(OutputFigures::name).containsExactly("tokens");
    assertThat(comparison.notes())
        .containsExactly("The quantized model has no output like '882', which was left out.");
    assertThatThrownBy(() -> Verifier.compare(open(mine), open(theirs), data, options))
        .isInstanceOf(UnusableInputException.class)
        .hasMessageContaining("do not correspond");
  }

  private static Runner declaring(Runner runner, Value... outputs) {
    return new Runner() {
      @Override
      public List<Value> inputs() {
        return runner.inputs();
      }

      @Override
      public List<Value> outputs() {
        return List.of(outputs);
      }

      @Override
      public void run(Map<String, Tensor> inputs, Consumer<Map<String, Tensor>> use) {
        runner.run(inputs, use);
      }

      @Override
      public void close() {
        runner.close();
      }
    };
  }
}
