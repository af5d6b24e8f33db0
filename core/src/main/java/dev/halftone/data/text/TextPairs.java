package dev.halftone.data.text;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/// The pairs of texts among the examples of a data set, with how alike people found them where that is known.
public record TextPairs(List<Pair> pairs) {

  /// Two texts.
  ///
  /// @param first index of the example that holds the first text
  /// @param second index of the example that holds the second; the same where a model reads both as one input
  /// @param score higher where the texts are more alike, or the second answers the first better
  public record Pair(int first, int second, OptionalDouble score) {}

  public TextPairs {
    pairs = List.copyOf(pairs);
  }

  /// Those whose examples are both among these, by their new places.
  ///
  /// @param indices of the examples that are left, in their order
  public TextPairs select(int... indices) {
    Map<Integer, Integer> places = new HashMap<>();
    for (int place = 0; place < indices.length; place++) {
      places.putIfAbsent(indices[place], place);
    }
    List<Pair> left = new ArrayList<>();
    for (Pair pair : pairs) {
      Integer first = places.get(pair.first);
      Integer second = places.get(pair.second);
      if (first != null && second != null) {
        left.add(new Pair(first, second, pair.score));
      }
    }
    return new TextPairs(left);
  }
}
