package dev.halftone.testing;

import dev.halftone.data.Dataset;
import dev.halftone.data.Sample;
import dev.halftone.graph.Model;
import dev.halftone.tensor.Shape;
import dev.halftone.tensor.Tensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Random;

/// Random token ids for the networks of [Encoders], of lengths as sentences have: the first token is 0, the last the special one.
///
/// @param inputs names of the model's inputs
public record EncoderTexts(int size, List<String> inputs) implements Dataset {

  static final int VOCABULARY = 200;

  /// The token of padding, as RoBERTa has it.
  static final int PADDING = 1;

  /// The token that ends a text, on which one channel of inner layers fires.
  static final int SPECIAL = 2;

  private static final int SHORTEST = 4;
  private static final int LONGEST = 24;

  public EncoderTexts {
    inputs = List.copyOf(inputs);
  }

  public static EncoderTexts of(Model model, int size) {
    return new EncoderTexts(
        size, model.graph().requiredInputs().stream().map(in -> in.name()).toList());
  }

  @Override
  public Sample sample(int index) {
    return new Sample("text " + index, batch(List.of(index)), OptionalInt.empty());
  }

  /// Some of these texts, padded to the longest.
  public Map<String, Tensor> batch(List<Integer> indices) {
    List<long[]> texts = new ArrayList<>();
    indices.forEach(index -> texts.add(tokens(index)));
    int longest = texts.stream().mapToInt(text -> text.length).max().orElseThrow();
    Shape shape = new Shape(texts.size(), longest);
    long[] ids = new long[texts.size() * longest];
    long[] mask = new long[ids.length];
    for (int i = 0; i < ids.length; i++) {
      long[] text = texts.get(i / longest);
      boolean padding = i % longest >= text.length;
      ids[i] = padding ? PADDING : text[i % longest];
      mask[i] = padding ? 0 : 1;
    }
    Map<String, Tensor> fed = new HashMap<>();
    for (String input : inputs) {
      long[] values =
          switch (input) {
            case "input_ids" -> ids;
            case "attention_mask" -> mask;
            case "token_type_ids" -> new long[ids.length];
            default -> throw new IllegalArgumentException("no values are known for input " + input);
          };
      fed.put(input, Tensor.of(shape, values));
    }
    return fed;
  }

  private static long[] tokens(int index) {
    Random random = new Random(index);
    long[] tokens = new long[random.nextInt(SHORTEST, LONGEST + 1)];
    for (int i = 1; i < tokens.length - 1; i++) {
      tokens[i] = random.nextInt(SPECIAL + 1, VOCABULARY);
    }
    tokens[tokens.length - 1] = SPECIAL;
    return tokens;
  }

  @Override
  public String description() {
    return size + " texts of random tokens";
  }
}
