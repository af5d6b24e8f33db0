package dev.halftone.text;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import de.siegmar.fastcsv.reader.FieldMismatchStrategy;
import dev.halftone.UnusableInputException;
import dev.halftone.text.TextTable.Row;
import dev.halftone.wording.Counted;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/// Reads tables of texts whose fields are separated by a character.
///
/// A first line is taken for names of columns where one of them is known, or where a column of numbers begins with a word.
final class DelimitedTexts {

  /// No character of a text, for files without quotes.
  private static final char NO_QUOTE = '\u0000';

  /// As many rows tell which character separates.
  private static final int TRIED = 50;

  private final Path file;
  private final char separator;
  private final char quote;

  private DelimitedTexts(Path file, char separator, char quote) {
    this.file = file;
    this.separator = separator;
    this.quote = quote;
  }

  /// Quoted fields may hold commas, quotes and ends of lines. What separates gives every row as many fields; commas of a text have a blank
  /// behind them.
  static TextTable ofCommas(Path file) throws IOException {
    DelimitedTexts best = new DelimitedTexts(file, ',', '"');
    long least = Long.MAX_VALUE;
    for (char separator : new char[] {',', ';', '\t'}) {
      DelimitedTexts texts = new DelimitedTexts(file, separator, '"');
      List<Row> first = texts.tried();
      int width = first.isEmpty() ? 0 : first.getFirst().fields().size();
      long blanks = first.stream().mapToLong(DelimitedTexts::beginWithBlank).sum();
      boolean isTable = width > 1 && first.stream().allMatch(row -> row.fields().size() == width);
      if (isTable && blanks < least) {
        best = texts;
        least = blanks;
      }
    }
    return best.table();
  }

  /// The first rows; none where this character does not separate.
  private List<Row> tried() throws IOException {
    try {
      return rows(TRIED).rows();
    } catch (CsvParseException _) {
      return List.of();
    }
  }

  private static long beginWithBlank(Row row) {
    return row.fields().stream().skip(1).filter(field -> field.startsWith(" ")).count();
  }

  /// Quotes are characters of a text, unless they stand around all of a field.
  static TextTable ofTabs(Path file) throws IOException {
    return new DelimitedTexts(file, '\t', NO_QUOTE).table();
  }

  private TextTable table() throws IOException {
    Rows read = all();
    List<Row> rows = read.rows();
    for (Row row : rows) {
      int width = rows.getFirst().fields().size();
      if (row.fields().size() != width) {
        throw new UnusableInputException(
            "%s, line %d has %s, and the first line has %d: put quotes around a field that holds a '%s', or give a .txt file with a text a line"
                .formatted(
                    file,
                    row.line(),
                    Counted.of(row.fields().size(), "field"),
                    width,
                    separator == '\t' ? "tab" : separator));
      }
    }
    boolean hasHeader = !rows.isEmpty() && isHeader(rows.getFirst(), rows);
    return new TextTable(
        file,
        hasHeader ? names(rows.getFirst()) : List.of(),
        hasHeader ? rows.subList(1, rows.size()) : rows,
        read.isWhole());
  }

  private Rows all() throws IOException {
    try {
      return rows(Integer.MAX_VALUE);
    } catch (CsvParseException e) {
      throw new UnusableInputException(
          "%s is no table of texts (%s): close every quote, or give a .txt file with a text a line"
              .formatted(file, e.getMessage()),
          e);
    }
  }

  private static List<String> names(Row row) {
    return row.fields().stream().map(name -> name.strip().toLowerCase(Locale.ROOT)).toList();
  }

  private static boolean isHeader(Row first, List<Row> rows) {
    List<Row> others = rows.subList(1, rows.size());
    return names(first).stream().anyMatch(name -> ColumnRole.of(name).isPresent())
        || IntStream.range(0, first.fields().size())
            .anyMatch(column ->
                !others.isEmpty()
                    && !Numbers.isNumber(first.fields().get(column))
                    && !first.fields().get(column).isBlank()
                    && others.stream().allMatch(row -> Numbers.isNumber(row.fields().get(column))));
  }

  private record Rows(List<Row> rows, boolean isWhole) {}

  private Rows rows(int most) throws IOException {
    RowCollector collector = new RowCollector();
    boolean isWhole = true;
    try (BufferedReader reader = Utf8.reader(file);
        CsvReader<CsvRecord> records =
            CsvReader.builder()
                .fieldSeparator(separator)
                .quoteCharacter(quote)
                .extraFieldStrategy(FieldMismatchStrategy.IGNORE)
                .missingFieldStrategy(FieldMismatchStrategy.IGNORE)
                .ofCsvRecord(reader)) {
      for (CsvRecord next : records) {
        Row row = row(next);
        boolean isBlank = row.fields().stream().allMatch(String::isBlank);
        isWhole = isBlank || collector.rows().size() < most && collector.add(row);
        if (!isWhole) {
          break;
        }
      }
    }
    return new Rows(collector.rows(), isWhole);
  }

  private Row row(CsvRecord record) {
    List<String> fields = record.getFields();
    return new Row(
        record.getStartingLineNumber(),
        quote == NO_QUOTE ? fields.stream().map(DelimitedTexts::unquoted).toList() : fields);
  }

  private static String unquoted(String field) {
    boolean isQuoted = field.length() > 1 && field.startsWith("\"") && field.endsWith("\"");
    return isQuoted ? field.substring(1, field.length() - 1).replace("\"\"", "\"") : field;
  }
}
