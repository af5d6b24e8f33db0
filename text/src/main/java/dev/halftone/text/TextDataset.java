package dev.halftone.text;

import dev.halftone.UnusableInputException;
import dev.halftone.data.Dataset;
import dev.halftone.data.Sample;
import dev.halftone.data.text.TextPairs;
import dev.halftone.graph.Model;
import dev.halftone.wording.Counted;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/// The texts of a file as samples, each as long as it is. Of pairs each text is a sample, unless the model reads both as one input.
public final class TextDataset implements Dataset {

  /// Characters of a text that tell a reader which it is.
  private static final int SHOWN = 48;

  private final Path file;
  private final List<TextRow> rows;
  private final int each; // samples a row
  private final TextLabels labels;
  private final TextEncoder encoder;
  private final List<String> notes;

  private TextDataset(
      Path file,
      List<TextRow> rows,
      int each,
      TextLabels labels,
      TextEncoder encoder,
      List<String> notes) {
    this.file = file;
    this.rows = List.copyOf(rows);
    this.each = each;
    this.labels = labels;
    this.encoder = encoder;
    this.notes = List.copyOf(notes);
  }

  /// Reads the file and the tokenizer, and tries the first text.
  ///
  /// Throws UnusableInputException where one cannot be read, or where the model reads no text.
  public static TextDataset open(TextSource source, Model model) {
    Path file = source.data();
    if (source.labelling().isRead() && source.labelling().table().isPresent()) {
      throw new UnusableInputException(
          "labels of texts stand in a column of %s, as in text,label: leave %s out"
              .formatted(file, source.labelling().table().get()));
    }
    TextEncoder encoder = TextEncoder.open(source, model);
    TextFile kind = TextFile.of(file).orElseThrow();
    TextTable table = kind.read(file);
    TextColumns columns = TextColumns.of(table);
    List<TextRow> rows = TextRow.of(table, columns);
    if (rows.isEmpty()) {
      throw new UnusableInputException(
          "no row of %s has a text where one is read from (column %s): name the columns in a first line, as in text,label or sentence1,sentence2,score"
              .formatted(file, table.column(columns.first())));
    }
    Answer answer = Answer.of(model);
    TextLabels labels =
        answer == Answer.SCORES ? TextLabels.of(file, rows, source.labelling()) : TextLabels.NONE;
    boolean arePairs = columns.second().isPresent();
    List<String> notes = new ArrayList<>();
    if (kind != TextFile.LINES) {
      notes.add(columns.sentence(table));
    }
    if (arePairs) {
      notes.add(
          answer == Answer.SCORES
              ? "The texts of a pair are one input, for the model gives scores."
              : "Each text of a pair is an input of its own, for the model gives vectors.");
    }
    notes.addAll(encoder.notes());
    notes.addAll(labels.notes());
    if (rows.size() < table.rows().size()) {
      notes.add(
          "%s of %s without a text were left out."
              .formatted(Counted.of(table.rows().size() - rows.size(), "row"), file));
    }
    if (!table.isWhole()) {
      notes.add("Of %s the first %s were read.".formatted(file, Counted.of(rows.size(), "row")));
    }
    int each = arePairs && answer == Answer.VECTORS ? 2 : 1;
    TextDataset opened = new TextDataset(file, rows, each, labels, encoder, notes);
    opened.sample(0);
    return opened;
  }

  @Override
  public int size() {
    return rows.size() * each;
  }

  @Override
  public Sample sample(int index) {
    Objects.checkIndex(index, size());
    TextRow row = rows.get(index / each);
    Tokenizer tokenizer = encoder.tokenizer();
    Tokens tokens =
        each == 1 && row.second().isPresent()
            ? tokenizer.encode(row.first(), row.second().get())
            : tokenizer.encode(words(index));
    return new Sample(id(index), encoder.inputs(tokens), label(index));
  }

  private String words(int index) {
    TextRow row = rows.get(index / each);
    return index % each == 0 ? row.first() : row.second().orElseThrow();
  }

  private String id(int index) {
    String text = words(index).strip().replaceAll("\\s+", " ");
    String shown = text.length() > SHOWN ? text.substring(0, SHOWN).strip() + "..." : text;
    return "line %d: %s".formatted(rows.get(index / each).line(), shown);
  }

  @Override
  public OptionalInt label(int index) {
    return labels.label(index / each);
  }

  @Override
  public Optional<TextPairs> pairs() {
    return rows.getFirst().second().isEmpty()
        ? Optional.empty()
        : Optional.of(
            new TextPairs(
                IntStream.range(0, rows.size())
                    .mapToObj(row ->
                        new TextPairs.Pair(
                            row * each, row * each + each - 1, rows.get(row).score()))
                    .toList()));
  }

  @Override
  public int together() {
    return each;
  }

  @Override
  public List<String> notes() {
    return notes;
  }

  @Override
  public List<String> classNames() {
    return labels.names();
  }

  @Override
  public String description() {
    String texts = Counted.of(size(), each == 1 && pairs().isPresent() ? "pair" : "text");
    return texts + " of " + file;
  }
}
