package dev.halftone.data.text;

import dev.halftone.data.Sample;
import dev.halftone.tensor.Tensor;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.IntStream;

/// A text that was cut, or repeated, to a number of tokens: its first and its last token stay where they are, so that its ids are real ones.
///
/// @param inputs of the model
/// @param text whose tokens are taken
public record TextOfLength(TextInputs inputs, Sample text) {

  /// What is fed: one text of so many tokens, all of which count.
  public Map<String, Tensor> of(int tokens) {
    Map<String, Tensor> fed = new LinkedHashMap<>();
    for (TextInput input : inputs.inputs()) {
      Tensor given = text.input(input.name());
      fed.put(
          input.name(),
          input.role().part() == InputRole.Part.TEXT
              ? input.tensor(1, numbers(given, input.role(), tokens))
              : given);
    }
    return fed;
  }

  private long[] numbers(Tensor given, InputRole role, int tokens) {
    if (role == InputRole.ATTENTION_MASK) {
      long[] ones = new long[tokens];
      Arrays.fill(ones, 1);
      return ones;
    }
    long[] own = given.toLongs();
    int[] counted = inputs.kept(text);
    int[] kept = counted.length == 0 ? new int[] {0} : counted;
    return IntStream.range(0, tokens)
        .mapToLong(i ->
            role == InputRole.POSITIONS
                ? own[kept[0]] + i
                : own[kept[place(i, tokens, kept.length)]])
        .toArray();
  }

  /// Which token of the text stands at a place: the first, the last, and what is between them again and again.
  private static int place(int i, int tokens, int length) {
    if (i == 0 || length < 3) {
      return Math.min(i, length - 1);
    }
    return i == tokens - 1 ? length - 1 : 1 + (i - 1) % (length - 2);
  }
}
