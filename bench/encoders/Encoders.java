import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// Measures quantized files of a sentence encoder beside the float one and the published one, in one process: size, cosine of the pooled
/// vector to float, the same text alone and in a batch, rank correlation with scores of pairs, processor time of one thread.
///
/// Usage: `java -cp LIBRARIES Encoders.java STSB.csv FLOAT TOKENIZER PUBLISHED [FILE...]`
final class Encoders {

  private static final int[] LENGTHS = {16, 128, 512};

  /// The place of the published file, behind the float one.
  private static final int PUBLISHED = 1;

  private static final double SECONDS =
      Double.parseDouble(System.getenv().getOrDefault("LATENCY_SECONDS", "2"));
  private static final int TEXTS =
      Integer.parseInt(System.getenv().getOrDefault("SENTENCES", "2000"));
  private static final int BATCHES = 100;
  private static final int LONG_TEXTS = 40;

  private final HuggingFaceTokenizer tokenizer;
  private final Texts texts;
  private final List<Tokens> sentences = new ArrayList<>();
  private final List<Tokens> longTexts;
  private final Tokens inBatch;
  private final Map<String, Integer> places = new HashMap<>();

  private Encoders(Path stsb, Path tokenizerFile) throws IOException {
    tokenizer =
        HuggingFaceTokenizer.builder()
            .optTokenizerPath(tokenizerFile)
            .optPadding(false)
            .optTruncation(true)
            .optMaxLength(512)
            .build();
    texts = Texts.read(stsb);
    for (String sentence : texts.test().stream().limit(TEXTS).toList()) {
      places.put(sentence, sentences.size());
      sentences.add(Tokens.of(tokenizer, sentence));
    }
    longTexts = Tokens.joined(tokenizer, texts.test(), 200, LONG_TEXTS);
    inBatch = Tokens.joined(tokenizer, texts.test().reversed(), 100, 1).getFirst();
  }

  /// The vectors of a file: of each sentence, of each long text, and how alike a sentence alone and in a batch are.
  private record Vectors(double[][] sentences, double[][] longTexts, double[] aloneAndInBatch) {}

  private Vectors vectors(Encoder encoder) throws OrtException {
    double[][] alone = new double[sentences.size()][];
    for (int i = 0; i < alone.length; i++) {
      alone[i] = encoder.vector(List.of(sentences.get(i)), 0);
    }
    double[][] ofLong = new double[longTexts.size()][];
    for (int i = 0; i < ofLong.length; i++) {
      ofLong[i] = encoder.vector(List.of(longTexts.get(i)), 0);
    }
    double[] alike = new double[Math.min(BATCHES, alone.length)];
    for (int i = 0; i < alike.length; i++) {
      int at = i * alone.length / alike.length;
      List<Tokens> batch = new ArrayList<>(List.of(inBatch));
      batch.add(sentences.get((at + 1) % alone.length));
      batch.add(sentences.get((at + 2) % alone.length));
      batch.add(i % batch.size(), sentences.get(at));
      alike[i] = Figures.cosine(alone[at], encoder.vector(batch, i % 3));
    }
    return new Vectors(alone, ofLong, alike);
  }

  private double spearman(Vectors vectors) {
    List<Texts.Pair> pairs =
        texts.pairs().stream()
            .filter(pair -> places.containsKey(pair.first()) && places.containsKey(pair.second()))
            .toList();
    double[] wanted = pairs.stream().mapToDouble(Texts.Pair::score).toArray();
    double[] given =
        pairs.stream()
            .mapToDouble(pair ->
                Figures.cosine(
                    vectors.sentences()[places.get(pair.first())],
                    vectors.sentences()[places.get(pair.second())]))
            .toArray();
    return Figures.spearman(wanted, given);
  }

  /// The processor time of each network for one text of this many tokens.
  private double[] latencies(List<Encoder> encoders, int tokens) throws OrtException {
    Tokens text = Tokens.joined(tokenizer, texts.test(), tokens, 1).getFirst().cut(tokens);
    List<Map<String, OnnxTensor>> inputs = new ArrayList<>();
    for (Encoder encoder : encoders) {
      inputs.add(encoder.inputs(List.of(text)));
    }
    return Sessions.latencies(
        encoders.stream().map(Encoder::session).toList(), inputs, SECONDS, tokens);
  }

  private void table(List<Path> files) throws IOException, OrtException {
    List<String> names = new ArrayList<>();
    List<Encoder> encoders = new ArrayList<>();
    List<Long> sizes = new ArrayList<>();
    for (Path file : files) {
      try {
        encoders.add(Encoder.load(file));
        names.add(file.getFileName().toString());
        sizes.add(Files.size(file));
      } catch (OrtException e) {
        if (encoders.isEmpty()) {
          throw e;
        }
        System.out.println(file.getFileName() + " does not load: " + e.getMessage() + "\n");
      }
    }
    List<Vectors> vectors = new ArrayList<>();
    for (Encoder encoder : encoders) {
      vectors.add(vectors(encoder));
    }
    List<double[]> times = new ArrayList<>();
    for (int tokens : LENGTHS) {
      times.add(latencies(encoders, tokens));
    }
    print(names, sizes, vectors, times);
    for (Encoder encoder : encoders) {
      encoder.close();
    }
  }

  private void print(
      List<String> names, List<Long> sizes, List<Vectors> vectors, List<double[]> times) {
    System.out.printf(
        "ONNX Runtime %s, %d sentences of %.1f tokens, %d long texts of %.0f tokens; %d batches of 4, padded to %d tokens; processor time of 1 thread.%n%n",
        OrtEnvironment.getEnvironment().getVersion(),
        sentences.size(),
        tokens(sentences),
        longTexts.size(),
        tokens(longTexts),
        BATCHES,
        inBatch.length());
    System.out.println(
        "| file | MB | cosine to float: mean, 1 %, worst | long texts: mean, worst | alone = in a batch: mean, worst | Spearman | latency at 16, 128, 512 tokens, of the published file's |");
    System.out.println("|---|---|---|---|---|---|---|");
    Vectors truth = vectors.getFirst();
    for (int i = 0; i < names.size(); i++) {
      Vectors mine = vectors.get(i);
      double[] alike = cosines(mine.sentences(), truth.sentences());
      double[] alikeLong = cosines(mine.longTexts(), truth.longTexts());
      StringBuilder latency = new StringBuilder();
      for (double[] time : times) {
        latency.append(
            String.format(
                Locale.ROOT, "%s%.3f", latency.isEmpty() ? "" : ", ", time[i] / time[PUBLISHED]));
      }
      System.out.printf(
          Locale.ROOT,
          "| %s | %.2f | %.5f, %.4f, %.4f | %.5f, %.4f | %.7f, %.7f | %.2f | %s |%n",
          names.get(i),
          sizes.get(i) / 1e6,
          Figures.mean(alike),
          Figures.quantile(alike, 0.01),
          Figures.quantile(alike, 0),
          Figures.mean(alikeLong),
          Figures.quantile(alikeLong, 0),
          Figures.mean(mine.aloneAndInBatch()),
          Figures.quantile(mine.aloneAndInBatch(), 0),
          100 * spearman(mine),
          latency);
    }
    System.out.printf(
        Locale.ROOT,
        "%n%s at 16, 128, 512 tokens: %.2f, %.2f, %.1f ms.%n",
        names.get(PUBLISHED),
        1e3 * times.get(0)[PUBLISHED],
        1e3 * times.get(1)[PUBLISHED],
        1e3 * times.get(2)[PUBLISHED]);
  }

  private static double tokens(List<Tokens> texts) {
    return texts.stream().mapToInt(Tokens::length).average().orElseThrow();
  }

  private static double[] cosines(double[][] mine, double[][] truth) {
    double[] cosines = new double[mine.length];
    for (int i = 0; i < cosines.length; i++) {
      cosines[i] = Figures.cosine(mine[i], truth[i]);
    }
    return cosines;
  }

  public static void main(String[] args) throws IOException, OrtException {
    List<Path> files = new ArrayList<>();
    files.add(Path.of(args[1]));
    for (int i = 3; i < args.length; i++) {
      files.add(Path.of(args[i]));
    }
    new Encoders(Path.of(args[0]), Path.of(args[2])).table(files);
  }
}
