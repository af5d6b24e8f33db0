package dev.halftone.text;

import dev.halftone.UnusableInputException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/// The columns of a table that are read, and what each is read as.
///
/// @param second the other text of a pair
/// @param score how alike the texts of a pair are
/// @param label the class of a text or of a pair
/// @param isGuessed whether their contents say it, not their names
record TextColumns(
    int first, OptionalInt second, OptionalInt score, OptionalInt label, boolean isGuessed) {

  /// Throws UnusableInputException where it is not clear which columns are texts.
  static TextColumns of(TextTable table) {
    return byName(table).orElseGet(() -> byContent(table));
  }

  private static Optional<TextColumns> byName(TextTable table) {
    OptionalInt first = named(table, ColumnRole.FIRST);
    OptionalInt second = named(table, ColumnRole.SECOND);
    OptionalInt text = named(table, ColumnRole.TEXT);
    OptionalInt label = named(table, ColumnRole.LABEL);
    if (first.isPresent() && (second.isPresent() || text.isPresent())) {
      OptionalInt other = second.isPresent() ? second : text;
      return Optional.of(
          new TextColumns(first.getAsInt(), other, score(table, label), label, false));
    }
    OptionalInt only = text.isPresent() ? text : first.isPresent() ? first : second;
    return only.isPresent()
        ? Optional.of(
            new TextColumns(
                only.getAsInt(), OptionalInt.empty(), OptionalInt.empty(), label, false))
        : Optional.empty();
  }

  /// Of pairs, numbers of classes say how alike they are too.
  private static OptionalInt score(TextTable table, OptionalInt label) {
    OptionalInt score = named(table, ColumnRole.SCORE);
    boolean areNumbers =
        label.isPresent() && table.values(label.getAsInt()).allMatch(Numbers::isNumber);
    return score.isPresent() ? score : areNumbers ? label : OptionalInt.empty();
  }

  private static OptionalInt named(TextTable table, ColumnRole role) {
    return IntStream.range(0, table.columns().size())
        .filter(
            column -> ColumnRole.of(table.columns().get(column)).filter(role::equals).isPresent())
        .findFirst();
  }

  private static TextColumns byContent(TextTable table) {
    List<Integer> texts = new ArrayList<>();
    List<Integer> names = new ArrayList<>();
    List<Integer> numbers = new ArrayList<>();
    for (int column = 0; column < table.width(); column++) {
      Optional<ColumnRole> role =
          table.columns().isEmpty() ? Optional.empty() : ColumnRole.of(table.columns().get(column));
      if (role.isPresent() && role.get() == ColumnRole.OTHER) {
        continue;
      }
      if (role.isPresent() && role.get() == ColumnRole.LABEL) {
        names.add(column);
        continue;
      }
      switch (ColumnContent.of(table, column)) {
        case TEXTS -> texts.add(column);
        case NAMES -> names.add(column);
        case NUMBERS -> numbers.add(column);
        case NOTHING -> {}
      }
    }
    if (texts.isEmpty() && names.size() == 1) {
      texts.add(names.removeFirst()); // few short texts
    }
    if (texts.isEmpty() || texts.size() > 2 || names.size() > 1) {
      throw unclear(table, texts.size());
    }
    OptionalInt number =
        numbers.size() == 1 ? OptionalInt.of(numbers.getFirst()) : OptionalInt.empty();
    OptionalInt name = names.isEmpty() ? OptionalInt.empty() : OptionalInt.of(names.getFirst());
    boolean arePairs = texts.size() == 2;
    boolean areClasses = number.isPresent() && areClasses(table, number.getAsInt());
    OptionalInt label = name.isPresent() ? name : areClasses ? number : OptionalInt.empty();
    return new TextColumns(
        texts.getFirst(),
        arePairs ? OptionalInt.of(texts.getLast()) : OptionalInt.empty(),
        arePairs ? number : OptionalInt.empty(),
        label,
        true);
  }

  private static boolean areClasses(TextTable table, int column) {
    return table.values(column).allMatch(value -> value.matches("[0-9]{1,4}"));
  }

  private static UnusableInputException unclear(TextTable table, int texts) {
    return new UnusableInputException(
        "%s has %d columns of which %s look like texts, and no name says which to read: name the columns in a first line, as in text,label or sentence1,sentence2,score"
            .formatted(table.file(), table.width(), texts == 0 ? "none" : String.valueOf(texts)));
  }

  /// A sentence that says what is read.
  String sentence(TextTable table) {
    String texts =
        second.isEmpty()
            ? "column %s".formatted(table.column(first))
            : "columns %s and %s as pairs"
                .formatted(table.column(first), table.column(second.getAsInt()));
    String scores =
        score.isPresent()
            ? ", column %s as their scores".formatted(table.column(score.getAsInt()))
            : "";
    String labels =
        label.isPresent() && !label.equals(score)
            ? ", column %s as labels".formatted(table.column(label.getAsInt()))
            : "";
    return "Texts: %s%s%s of %s%s."
        .formatted(
            texts, scores, labels, table.file(), isGuessed ? " (guessed by what they hold)" : "");
  }
}
