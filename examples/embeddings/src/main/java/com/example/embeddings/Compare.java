package com.example.embeddings;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// Compares what a float model, the published quantized one and another make of pairs of sentences, in LangChain4j and in Spring AI.
///
/// Usage: `java -cp LIBRARIES Compare.java FLOAT PUBLISHED OURS TOKENIZER PAIRS`, two sentences on a line, with a tab between
final class Compare {

  private static final int SHOWN = 8;

  private final List<String> first = new ArrayList<>();
  private final List<String> second = new ArrayList<>();

  private Compare(Path pairs) throws Exception {
    for (String line : Files.readAllLines(pairs)) {
      String[] both = line.split("\t");
      first.add(both[0]);
      second.add(both[1]);
    }
  }

  /// The vectors of the sentences of all pairs.
  private record Vectors(List<float[]> first, List<float[]> second) {

    double alike(int i) {
      return cosine(first.get(i), second.get(i));
    }

    /// The second sentence that is most like the `i`-th first one: what a search finds.
    int found(int i) {
      int best = 0;
      for (int k = 1; k < second.size(); k++) {
        best =
            cosine(first.get(i), second.get(k)) > cosine(first.get(i), second.get(best)) ? k : best;
      }
      return best;
    }
  }

  private Vectors vectors(Embedder embedder) {
    return new Vectors(embedder.embed(first), embedder.embed(second));
  }

  private void print(String library, Map<String, Embedder> embedders) {
    Map<String, Vectors> all = new LinkedHashMap<>();
    embedders.forEach((name, embedder) -> all.put(name, vectors(embedder)));
    System.out.println("\n" + library);
    System.out.println("  float  published  ours");
    for (int i = 0; i < SHOWN; i++) {
      StringBuilder line = new StringBuilder("  ");
      for (Vectors vectors : all.values()) {
        line.append(String.format(Locale.ROOT, "%.4f   ", vectors.alike(i)));
      }
      System.out.println(line + first.get(i) + " | " + second.get(i));
    }
    Vectors truth = all.get("float");
    embedders.forEach((name, embedder) -> {
      if (!name.equals("float")) {
        Vectors mine = all.get(name);
        System.out.println(summary(name, mine, truth) + batch(embedder, mine.first()));
      }
    });
  }

  private String summary(String name, Vectors mine, Vectors truth) {
    double sum = 0;
    double worst = 1;
    double off = 0;
    int same = 0;
    for (int i = 0; i < first.size(); i++) {
      double cosine =
          Math.min(
              cosine(mine.first().get(i), truth.first().get(i)),
              cosine(mine.second().get(i), truth.second().get(i)));
      sum +=
          (cosine(mine.first().get(i), truth.first().get(i))
                  + cosine(mine.second().get(i), truth.second().get(i)))
              / 2;
      worst = Math.min(worst, cosine);
      off = Math.max(off, Math.abs(mine.alike(i) - truth.alike(i)));
      same += mine.found(i) == truth.found(i) ? 1 : 0;
    }
    return String.format(
        Locale.ROOT,
        "%s: cosine to float %.4f, at worst %.4f; similarities off by %.4f at most; %d of %d searches find the same",
        name,
        sum / first.size(),
        worst,
        off,
        same,
        first.size());
  }

  /// How alike the vector of a sentence alone and in a list with others are.
  private String batch(Embedder embedder, List<float[]> together) {
    double worst = 1;
    for (int i = 0; i < first.size(); i++) {
      worst =
          Math.min(
              worst, cosine(together.get(i), embedder.embed(List.of(first.get(i))).getFirst()));
    }
    return String.format(Locale.ROOT, "; alone and in a list %.6f at worst", worst);
  }

  private static double cosine(float[] a, float[] b) {
    double ab = 0;
    double aa = 0;
    double bb = 0;
    for (int i = 0; i < a.length; i++) {
      ab += (double) a[i] * b[i];
      aa += (double) a[i] * a[i];
      bb += (double) b[i] * b[i];
    }
    return ab / Math.sqrt(aa * bb);
  }

  public static void main(String[] args) throws Exception {
    Path tokenizer = Path.of(args[3]);
    Compare compare = new Compare(Path.of(args[4]));
    String[] names = {"float", "published", "ours"};
    Map<String, Embedder> langChain4j = new LinkedHashMap<>();
    Map<String, Embedder> springAi = new LinkedHashMap<>();
    for (int i = 0; i < names.length; i++) {
      Path file = Path.of(args[i]);
      System.out.printf(Locale.ROOT, "%s: %.1f MB%n", names[i], Files.size(file) / 1e6);
      langChain4j.put(names[i], new InLangChain4j(file, tokenizer));
      springAi.put(names[i], new InSpringAi(file, tokenizer));
    }
    compare.print("LangChain4j", langChain4j);
    compare.print("Spring AI", springAi);
  }
}
