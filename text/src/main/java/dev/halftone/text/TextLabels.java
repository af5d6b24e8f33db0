package dev.halftone.text;

import dev.halftone.data.label.ClassList;
import dev.halftone.data.label.LabelValue;
import dev.halftone.data.label.Labelling;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/// The classes that a column of labels gives: numbers; names of classes that are known; else names by the alphabet, where there are as many as
/// the model has classes.
///
/// @param labels a class a row, empty where a row has none; no rows at all where there are no labels
/// @param names of classes by number, as far as the labels give them
record TextLabels(List<OptionalInt> labels, List<String> notes, List<String> names) {

  static final TextLabels NONE = new TextLabels(List.of(), List.of(), List.of());

  TextLabels {
    labels = List.copyOf(labels);
    notes = List.copyOf(notes);
    names = List.copyOf(names);
  }

  static TextLabels of(Path file, List<TextRow> rows, Labelling labelling) {
    List<String> values =
        rows.stream()
            .map(TextRow::label)
            .filter(label -> !label.isEmpty())
            .distinct()
            .sorted()
            .toList();
    if (!labelling.isRead() || values.isEmpty()) {
      return NONE;
    }
    ClassList classes = labelling.classes();
    boolean areNumbers = values.stream().allMatch(value -> value.matches("[0-9]+"));
    boolean byAlphabet =
        !areNumbers && classes.names().isEmpty() && values.size() == classes.count();
    if (byAlphabet) {
      Labelling named =
          new Labelling(labelling.table(), labelling.use(), classes.named(values, "the alphabet"));
      return new TextLabels(
          read(file, rows, named),
          List.of(
              "Labels were guessed: they are numbered by the alphabet (%s); --classes FILE gives another order."
                  .formatted(shown(values))),
          values);
    }
    return new TextLabels(read(file, rows, labelling), List.of(), List.of());
  }

  private static List<OptionalInt> read(Path file, List<TextRow> rows, Labelling labelling) {
    LabelValue value = new LabelValue(labelling);
    List<OptionalInt> labels = new ArrayList<>();
    for (TextRow row : rows) {
      labels.add(value.of(row.label(), file + ", line " + row.line()));
    }
    return labels;
  }

  private static String shown(List<String> values) {
    List<String> numbered =
        IntStream.range(0, values.size()).mapToObj(i -> values.get(i) + " = " + i).toList();
    return numbered.size() > 4
        ? numbered.get(0) + ", " + numbered.get(1) + ", ..., " + numbered.getLast()
        : String.join(", ", numbered);
  }

  OptionalInt label(int row) {
    return labels.isEmpty() ? OptionalInt.empty() : labels.get(row);
  }
}
