package dev.halftone.text;

import dev.halftone.UnusableInputException;
import dev.halftone.data.text.InputRole;
import dev.halftone.data.text.TextInput;
import dev.halftone.data.text.TextInputs;
import dev.halftone.graph.Model;
import dev.halftone.graph.Value;
import dev.halftone.tensor.Tensor;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/// Makes the inputs of a model of a text: its tokens, as many as there are, or as many as the model's shapes say.
///
/// @param file of the tokenizer
record TextEncoder(TextInputs inputs, TokenizerFile file, Tokenizer tokenizer) {

  /// Throws UnusableInputException where the model reads no text, or not with this tokenizer.
  static TextEncoder open(TextSource source, Model model) {
    TextInputs inputs = inputs(source.data(), model);
    TokenizerFile file = TokenizerFile.find(source.tokenizer(), source.model(), source.data());
    Tokenizer tokenizer = Tokenizer.open(file.path(), longest(model, inputs));
    OptionalLong rows = VocabularyTable.rows(model.graph(), inputs);
    if (rows.isPresent() && tokenizer.settings().vocabulary() > rows.getAsLong()) {
      throw new UnusableInputException(
          "the tokenizer %s (%s) has %,d tokens, and the model only %,d: give the tokenizer.json that was saved with the model, with --tokenizer FILE"
              .formatted(
                  file.path(), file.how(), tokenizer.settings().vocabulary(), rows.getAsLong()));
    }
    return new TextEncoder(inputs, file, tokenizer);
  }

  /// What the model's shapes say, else the rows of its table of positions.
  private static Optional<Truncation> longest(Model model, TextInputs inputs) {
    OptionalInt fixed = inputs.fixedLength();
    OptionalInt positions = PositionTable.tokens(model.graph());
    return fixed.isPresent()
        ? Optional.of(new Truncation(fixed.getAsInt(), "the length that the model takes"))
        : positions.isPresent()
            ? Optional.of(new Truncation(positions.getAsInt(), "the model knows no more positions"))
            : Optional.empty();
  }

  private static TextInputs inputs(Path data, Model model) {
    Optional<TextInputs> inputs =
        TextInputs.of(model)
            .filter(all ->
                all.inputs().stream()
                    .allMatch(input -> input.role().part() == InputRole.Part.TEXT));
    List<String> required =
        model.graph().requiredInputs().stream().map(TextEncoder::words).toList();
    return inputs.orElseThrow(() ->
        new UnusableInputException(
            "%s holds texts, and the model's inputs (%s) are not those of a model that reads only text (input_ids, attention_mask, token_type_ids or position_ids, integers of [batch, sequence]): give a folder of pictures, or arrays (.npz)"
                .formatted(data, String.join(", ", required))));
  }

  private static String words(Value input) {
    return input.name() + input.type().map(type -> " " + type).orElse("");
  }

  Map<String, Tensor> inputs(Tokens tokens) {
    int length = inputs.fixedLength().orElse(tokens.count());
    Filling filling = tokenizer.settings().filling();
    int before = filling.side() == Filling.Side.FRONT ? length - tokens.count() : 0;
    Map<String, Tensor> fed = new LinkedHashMap<>();
    for (TextInput input : inputs.inputs()) {
      long[] numbers =
          switch (input.role()) {
            case TOKEN_IDS -> filled(tokens.ids(), filling.id(), before, length);
            case TOKEN_TYPES -> filled(tokens.types(), filling.type(), before, length);
            case ATTENTION_MASK -> filled(ones(tokens.count()), 0, before, length);
            case POSITIONS -> positions(before, length);
            case DECODER_TOKEN_IDS, DECODER_ATTENTION_MASK ->
                throw new IllegalStateException(input.role() + " is no part of a text");
          };
      fed.put(input.name(), input.tensor(1, numbers));
    }
    return fed;
  }

  private static long[] filled(long[] numbers, long filler, int before, int length) {
    long[] all = new long[length];
    Arrays.fill(all, filler);
    System.arraycopy(numbers, 0, all, before, numbers.length);
    return all;
  }

  private static long[] ones(int count) {
    long[] ones = new long[count];
    Arrays.fill(ones, 1);
    return ones;
  }

  /// From 0 on at the first token of the text.
  private static long[] positions(int before, int length) {
    long[] positions = new long[length];
    for (int i = before; i < length; i++) {
      positions[i] = i - before;
    }
    return positions;
  }

  /// Sentences that say how texts become inputs.
  List<String> notes() {
    List<String> notes = new ArrayList<>();
    Truncation cut = tokenizer.truncation();
    notes.add(
        "Tokens: by %s (%s); texts are cut after %d tokens (%s)."
            .formatted(file.path(), file.how(), cut.tokens(), cut.origin()));
    OptionalInt fixed = inputs.fixedLength();
    if (fixed.isPresent()) {
      notes.add(
          "Every text is filled up to %d tokens, as the model's shapes say."
              .formatted(fixed.getAsInt()));
    }
    if (inputs.has(InputRole.POSITIONS)) {
      notes.add("Positions of tokens count from 0.");
    }
    return notes;
  }
}
