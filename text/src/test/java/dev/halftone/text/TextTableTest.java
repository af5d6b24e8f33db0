package dev.halftone.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.halftone.UnusableInputException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Files of texts, and what their columns are taken for.
class TextTableTest {

  @TempDir private Path folder;

  private Path write(String name, String... lines) throws IOException {
    return Files.writeString(folder.resolve(name), String.join("\n", lines) + "\n");
  }

  private static TextTable table(Path file) {
    return TextFile.of(file).orElseThrow().read(file);
  }

  private static List<TextRow> rows(Path file) {
    TextTable table = table(file);
    return TextRow.of(table, TextColumns.of(table));
  }

  private static List<String> first(Path file) {
    return rows(file).stream().map(TextRow::first).toList();
  }

  private static List<String> labels(Path file) {
    return rows(file).stream().map(TextRow::label).toList();
  }

  private static List<OptionalDouble> scores(Path file) {
    return rows(file).stream().map(TextRow::score).toList();
  }

  private static void refused(Path file, String sentence) {
    assertThatThrownBy(() -> rows(file))
        .isInstanceOf(UnusableInputException.class)
        .hasMessage(sentence.replace("{}", file.toString()));
  }

  @Test
  void aTextStandsOnALine() throws IOException {
    Path file = write("a.txt", "\uFEFFOne, two; three", "", "  ", "\"Four\"\tfive");
    assertThat(first(file)).containsExactly("One, two; three", "\"Four\"\tfive");
    assertThat(rows(file).getLast().line()).isEqualTo(4);
  }

  @Test
  void pairsWithScoresNeedNoHeader() throws IOException {
    Path file =
        write(
            "a.csv",
            "\uFEFF\"A man, dancing.\",\"He \"\"dances\"\".\",5.0",
            "\"Over two",
            "lines\",Short.,2.25");
    assertThat(rows(file))
        .containsExactly(
            new TextRow(
                1, "A man, dancing.", Optional.of("He \"dances\"."), OptionalDouble.of(5), ""),
            new TextRow(2, "Over two\nlines", Optional.of("Short."), OptionalDouble.of(2.25), ""));
    assertThat(TextColumns.of(table(file)).sentence(table(file)))
        .isEqualTo(
            "Texts: columns 1 and 2 as pairs, column 3 as their scores of %s (guessed by what they hold)."
                .formatted(file));
  }

  @Test
  void namesOfColumnsSayWhatTheyAre() throws IOException {
    Path file =
        write(
            "a.csv",
            "idx,Sentence2,genre,Similarity Score,sentence1",
            "7,b one,x,3,a one",
            "9,b two,x,4,a two");
    assertThat(first(file)).containsExactly("a one", "a two");
    assertThat(rows(file).getFirst().second()).contains("b one");
    assertThat(scores(file)).containsExactly(OptionalDouble.of(3), OptionalDouble.of(4));
    assertThat(TextColumns.of(table(file)).sentence(table(file)))
        .isEqualTo(
            "Texts: columns 'sentence1' and 'sentence2' as pairs, column 'similarity score' as their scores of %s."
                .formatted(file));
  }

  @Test
  void semicolonsSeparateToo() throws IOException {
    Path file = write("a.csv", "Ein Mann, der tanzt;Er tanzt;4,5", "Ja;Nein, nie;0,25");
    assertThat(first(file)).containsExactly("Ein Mann, der tanzt", "Ja");
    assertThat(scores(file)).containsExactly(OptionalDouble.of(4.5), OptionalDouble.of(0.25));
  }

  @Test
  void quotesOfATabbedTableMayBeCharacters() throws IOException {
    Path file =
        write(
            "a.tsv", "text\tlabel", "\"Never\" he said\t1", "\"a \"\"b\"\" c\"\t0", "5\" long\t1");
    assertThat(first(file)).containsExactly("\"Never\" he said", "a \"b\" c", "5\" long");
    assertThat(labels(file)).containsExactly("1", "0", "1");
  }

  @Test
  void aColumnOfFewWordsIsOneOfLabels() throws IOException {
    Path file = write("a.csv", "good film,pos", "bad film,neg", "not good,neg", "not bad,pos");
    assertThat(labels(file)).containsExactly("pos", "neg", "neg", "pos");
    Path numbers = write("b.csv", "0,good film,1", "1,bad film,0", "2,a film,1");
    assertThat(labels(numbers)).containsExactly("1", "0", "1");
    assertThat(first(numbers)).containsExactly("good film", "bad film", "a film");
  }

  @Test
  void aColumnOfNumbersWithAWordAboveHasAHeader() throws IOException {
    assertThat(first(write("a.csv", "what,rated", "a long text,3", "another text,4")))
        .containsExactly("a long text", "another text");
    assertThat(first(write("b.csv", "Satz", "a long text", "another text")))
        .containsExactly("Satz", "a long text", "another text");
  }

  @Test
  void jsonLinesHaveColumnsByTheirKeys() throws IOException {
    Path file =
        write(
            "a.jsonl",
            "{\"query\": \"who plays?\", \"passage\": \"A man.\", \"score\": 0.5, \"meta\": {\"x\": 1}}",
            "",
            "{\"passage\": \"A dog.\", \"query\": \"who eats?\"}");
    assertThat(first(file)).containsExactly("who plays?", "who eats?");
    assertThat(rows(file).getLast().second()).contains("A dog.");
    assertThat(rows(file).getLast().line()).isEqualTo(3);
    assertThat(scores(file)).containsExactly(OptionalDouble.of(0.5), OptionalDouble.empty());
  }

  @Test
  void jsonMayBeStringsOrOneArray() throws IOException {
    assertThat(first(write("a.jsonl", "\"one \\u00e9\"", "\"two\"")))
        .containsExactly("one \u00e9", "two");
    Path file =
        write(
            "a.json",
            "[",
            "{\"text\": \"good\", \"label\": true},",
            "{\"text\": \"bad\", \"label\": false}]");
    assertThat(first(file)).containsExactly("good", "bad");
    assertThat(labels(file)).containsExactly("true", "false");
  }

  @Test
  void rowsWithoutATextAreLeftOut() throws IOException {
    Path file = write("a.csv", "text1,text2", "a,b", "c, ", ",d", "e,f");
    assertThat(first(file)).containsExactly("a", "e");
  }

  @Test
  void moreRowsThanMemoryHoldsAreNotRead() throws IOException {
    String lines =
        IntStream.range(0, TextTable.MOST + 5)
            .mapToObj(String::valueOf)
            .collect(Collectors.joining("\n"));
    TextTable table = table(write("a.txt", lines));
    assertThat(table.rows()).hasSize(TextTable.MOST);
    assertThat(table.isWhole()).isFalse();
  }

  @Test
  void saysWhatIsWrongWithATable() throws IOException {
    refused(
        write("a.csv", "a,b", "c,d,e"),
        "{}, line 2 has 3 fields, and the first line has 2: put quotes around a field that holds a ',', or give a .txt file with a text a line");
    refused(
        write("b.csv", "a b c d,e f g h,i j k l", "m n o p,q r s t,u v w x"),
        "{} has 3 columns of which 3 look like texts, and no name says which to read: name the columns in a first line, as in text,label or sentence1,sentence2,score");
    refused(
        write("c.csv", "1.5,2.5", "3.5,4.5"),
        "{} has 2 columns of which none look like texts, and no name says which to read: name the columns in a first line, as in text,label or sentence1,sentence2,score");
    refused(
        write("d.csv", "sentence1,sentence2,score", "a,b,much"),
        "{}, line 2 has the score 'much', which is no number: correct or remove it");
    refused(
        write("e.txt", "", " "),
        "{} holds no text: give a file with a text a line, or a table of texts");
    refused(
        write("f.jsonl", "{\"text\": \"a\"}", "17"),
        "{}, line 2 holds neither a JSON object nor a string: give one a line, as in {\"text\": \"...\"}");
    assertThatThrownBy(() -> rows(write("g.jsonl", "{\"text\": ")))
        .isInstanceOf(UnusableInputException.class)
        .hasMessageContaining("g.jsonl, line ")
        .hasMessageEndingWith("give an object or a string a line, as in {\"text\": \"...\"}");
  }

  @Test
  void onlyUtf8IsRead() throws IOException {
    Path file = folder.resolve("a.txt");
    Files.write(file, "na\u00efve".getBytes(StandardCharsets.ISO_8859_1));
    assertThatThrownBy(() -> rows(file))
        .isInstanceOf(UnusableInputException.class)
        .hasMessageEndingWith("it must be a readable text file in UTF-8");
  }

  @Test
  void aQuoteThatIsNotClosedIsToldOf() throws IOException {
    Path file = write("a.csv", "text,label", "\"a,1", "b,2");
    assertThatThrownBy(() -> rows(file)).isInstanceOf(UnusableInputException.class);
  }
}
