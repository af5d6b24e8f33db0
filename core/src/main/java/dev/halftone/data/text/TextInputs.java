package dev.halftone.data.text;

import dev.halftone.data.Sample;
import dev.halftone.graph.Graph;
import dev.halftone.graph.Model;
import dev.halftone.graph.Value;
import dev.halftone.tensor.Tensor;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/// The inputs of a model that reads text and nothing else, each with its role.
///
/// @param inputs all that the model must be fed, in its order; no role stands twice
public record TextInputs(List<TextInput> inputs) {

  public TextInputs {
    inputs = List.copyOf(inputs);
    EnumSet<InputRole> roles = EnumSet.noneOf(InputRole.class);
    for (TextInput input : inputs) {
      if (!roles.add(input.role())) {
        throw new IllegalArgumentException("two inputs are " + input.role() + ": " + inputs);
      }
    }
    if (!roles.contains(InputRole.TOKEN_IDS)) {
      throw new IllegalArgumentException("no input takes token ids: " + inputs);
    }
  }

  /// As [#of(Graph)].
  public static Optional<TextInputs> of(Model model) {
    return of(model.graph());
  }

  /// The roles of what this network must be fed; empty where it takes no token ids, or needs something that is no text.
  public static Optional<TextInputs> of(Graph graph) {
    return of(graph.requiredInputs());
  }

  /// As [#of(Graph)].
  ///
  /// @param required what a model must be fed
  public static Optional<TextInputs> of(List<Value> required) {
    List<TextInput> found = required.stream().map(TextInput::of).flatMap(Optional::stream).toList();
    boolean isComplete = found.size() == required.size();
    long roles = found.stream().map(TextInput::role).distinct().count();
    boolean hasIds = found.stream().anyMatch(input -> input.role() == InputRole.TOKEN_IDS);
    return isComplete && hasIds && roles == found.size()
        ? Optional.of(new TextInputs(found))
        : Optional.empty();
  }

  public Optional<TextInput> input(InputRole role) {
    return inputs.stream().filter(input -> input.role() == role).findFirst();
  }

  public boolean has(InputRole role) {
    return input(role).isPresent();
  }

  /// The number of tokens that the model declares for a text; empty where it takes any.
  public OptionalInt fixedLength() {
    return inputs.stream()
        .filter(input -> input.role().part() == InputRole.Part.TEXT)
        .flatMapToInt(input -> input.fixedLength().stream())
        .min();
  }

  /// True where several texts can be fed at once.
  public boolean takesBatches() {
    return inputs.stream().allMatch(TextInput::takesBatches);
  }

  /// True where a text may be filled up without a change of its meaning: a mask says which tokens count, and the length is open.
  public boolean canBePadded() {
    boolean isMasked =
        has(InputRole.ATTENTION_MASK)
            && (!has(InputRole.DECODER_TOKEN_IDS) || has(InputRole.DECODER_ATTENTION_MASK));
    return isMasked && inputs.stream().allMatch(input -> input.fixedLength().isEmpty());
  }

  /// The places of the tokens of a sample that count: those that its mask keeps, all where there is no mask.
  public int[] kept(Sample sample) {
    return input(InputRole.ATTENTION_MASK)
        .map(mask -> sample.input(mask.name()).toFloats())
        .map(mask -> IntStream.range(0, mask.length).filter(i -> mask[i] != 0).toArray())
        .orElseGet(() -> IntStream.range(0, extent(sample, InputRole.Part.TEXT)).toArray());
  }

  /// The number of tokens of a sample that count.
  public int length(Sample sample) {
    return kept(sample).length;
  }

  /// The samples as one: the shorter texts filled up behind their last token to the length of the longest.
  ///
  /// A filled place has the id `padId`, type 0, the next position, and 0 in the mask. Throws UnusableInputException where the model
  /// takes one text at a time ([#takesBatches]).
  ///
  /// @param samples of one text each
  /// @param padId the vocabulary's number of the token that only fills up; any will do where a mask says what counts
  public Map<String, Tensor> batch(List<Sample> samples, long padId) {
    Map<String, Tensor> batch = new LinkedHashMap<>();
    for (TextInput input : inputs) {
      int length =
          samples.stream().mapToInt(sample -> extent(sample, input.role().part())).max().orElse(0);
      long[] numbers = new long[samples.size() * length];
      for (int row = 0; row < samples.size(); row++) {
        long[] own = numbers(samples.get(row).input(input.name()));
        System.arraycopy(own, 0, numbers, row * length, own.length);
        fill(numbers, row * length + own.length, (row + 1) * length, input.role(), padId);
      }
      batch.put(input.name(), input.tensor(samples.size(), numbers));
    }
    return batch;
  }

  private static void fill(long[] numbers, int from, int to, InputRole role, long padId) {
    switch (role) {
      case TOKEN_IDS, DECODER_TOKEN_IDS -> Arrays.fill(numbers, from, to, padId);
      case POSITIONS -> {
        for (int i = from; i < to; i++) {
          numbers[i] = numbers[i - 1] + 1;
        }
      }
      case ATTENTION_MASK, DECODER_ATTENTION_MASK, TOKEN_TYPES -> Arrays.fill(numbers, from, to, 0);
    }
  }

  /// Masks of floats are whole numbers too.
  private static long[] numbers(Tensor tensor) {
    if (tensor.dtype().isWhole()) {
      return tensor.toLongs();
    }
    float[] floats = tensor.toFloats();
    long[] whole = new long[floats.length];
    for (int i = 0; i < whole.length; i++) {
      whole[i] = (long) floats[i];
    }
    return whole;
  }

  /// How many places the sequence of a sample has.
  private int extent(Sample sample, InputRole.Part part) {
    return inputs.stream()
        .filter(input -> input.role().part() == part)
        .mapToInt(input -> (int) sample.input(input.name()).count())
        .max()
        .orElse(0);
  }
}
