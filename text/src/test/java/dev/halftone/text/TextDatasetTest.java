package dev.halftone.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.halftone.UnusableInputException;
import dev.halftone.data.Sample;
import dev.halftone.data.label.ClassList;
import dev.halftone.data.label.Labelling;
import dev.halftone.data.text.TextPairs;
import dev.halftone.graph.Model;
import dev.halftone.graph.Sketch;
import dev.halftone.tensor.DType;
import dev.halftone.tensor.Shape;
import dev.halftone.tensor.Tensor;
import dev.halftone.testing.TinyText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TextDatasetTest {

  @TempDir private Path folder;

  @BeforeEach
  void tokenizer() throws IOException {
    TinyText.tokenizer(folder.resolve("tokenizer.json"));
  }

  private Path write(String name, String... lines) throws IOException {
    return Files.writeString(folder.resolve(name), String.join("\n", lines) + "\n");
  }

  private TextDataset open(Path data, Model model) {
    return open(data, model, Labelling.Use.NEEDED, ClassList.of(model));
  }

  private TextDataset open(Path data, Model model, Labelling.Use use, ClassList classes) {
    TextSource source =
        new TextSource(
            data,
            Optional.empty(),
            folder.resolve("model.onnx"),
            new Labelling(Optional.empty(), use, classes));
    return TextDataset.open(source, model);
  }

  private void refused(Path data, Model model, String sentence) {
    assertThatThrownBy(() -> open(data, model))
        .isInstanceOf(UnusableInputException.class)
        .hasMessage(sentence.replace("{}", data.toString()));
  }

  private static long[] ids(Sample sample) {
    return sample.input("input_ids").toLongs();
  }

  @Test
  void textsAreAsLongAsTheyAre() throws IOException {
    Path file = write("a.txt", "a man", "the woman sees a dog.");
    TextDataset data = open(file, TinyText.encoder());
    assertThat(data.size()).isEqualTo(2);
    assertThat(data.sample(0).inputs().keySet())
        .containsExactlyInAnyOrder("input_ids", "attention_mask", "token_type_ids");
    assertThat(ids(data.sample(0))).containsExactly(2, 4, 6, 3);
    assertThat(data.sample(1).input("attention_mask").shape()).isEqualTo(new Shape(1, 8));
    assertThat(data.sample(1).input("attention_mask").toLongs()).containsOnly(1);
    assertThat(data.sample(1).id()).isEqualTo("line 2: the woman sees a dog.");
    assertThat(data.description()).isEqualTo("2 texts of " + file);
    assertThat(data.pairs()).isEmpty();
    assertThat(data.notes())
        .containsExactly(
            "Tokens: by %s (beside the model); texts are cut after 512 tokens (no file says another length)."
                .formatted(folder.resolve("tokenizer.json")));
  }

  @Test
  void aModelOfFixedLengthGetsThatLength() throws IOException {
    TextDataset data = open(write("a.txt", "a man", "a a a a a a a a"), TinyText.encoder(6));
    assertThat(ids(data.sample(0))).containsExactly(2, 4, 6, 3, 0, 0);
    assertThat(data.sample(0).input("attention_mask").toLongs()).containsExactly(1, 1, 1, 1, 0, 0);
    assertThat(ids(data.sample(1))).containsExactly(2, 4, 4, 4, 4, 3);
    assertThat(data.notes())
        .anyMatch(note -> note.contains("cut after 6 tokens (the length that the model takes)"))
        .contains("Every text is filled up to 6 tokens, as the model's shapes say.");
  }

  @Test
  void aTableOfPositionsSaysWhereToCut() throws IOException {
    Model model =
        Sketch.opset(13)
            .input("input_ids", DType.INT64, "n", "s")
            .constant("words", Tensor.allocate(DType.FLOAT, new Shape(20, 4)))
            .constant(
                "embeddings.position_embeddings.weight",
                Tensor.allocate(DType.FLOAT, new Shape(5, 4)))
            .constant("first", Tensor.vector(0L))
            .node("Gather", "words input_ids", "word", "axis", 0)
            .node("Gather", "embeddings.position_embeddings.weight first", "position", "axis", 0)
            .node("Add", "word position", "y")
            .output("y")
            .model();
    TextDataset data = open(write("a.txt", "a a a a a a a a"), model);
    assertThat(ids(data.sample(0))).hasSize(5);
    assertThat(data.notes().getFirst())
        .endsWith("texts are cut after 5 tokens (the model knows no more positions).");
  }

  @Test
  void theTokenizerSaysAtWhichEndToFill() throws IOException {
    Files.writeString(
        folder.resolve("tokenizer.json"),
        TinyText.tokenizer(
            "null",
            "{\"strategy\": \"BatchLongest\", \"direction\": \"Left\", \"pad_to_multiple_of\": null, \"pad_id\": 1, \"pad_type_id\": 1, \"pad_token\": \"[UNK]\"}"));
    TextDataset data = open(write("a.txt", "man"), TinyText.encoder(5));
    assertThat(ids(data.sample(0))).containsExactly(1, 1, 2, 6, 3);
    assertThat(data.sample(0).input("attention_mask").toLongs()).containsExactly(0, 0, 1, 1, 1);
    assertThat(data.sample(0).input("token_type_ids").toLongs()).containsExactly(1, 1, 0, 0, 0);
  }

  @Test
  void eachTextOfAPairIsASampleForAModelOfVectors() throws IOException {
    Path file = write("a.csv", "a man,the man,5.0", "a dog,the woman,0.5");
    TextDataset data = open(file, TinyText.encoder());
    assertThat(data.size()).isEqualTo(4);
    assertThat(ids(data.sample(3))).containsExactly(2, 5, 7, 3);
    assertThat(data.pairs().orElseThrow().pairs())
        .containsExactly(
            new TextPairs.Pair(0, 1, OptionalDouble.of(5)),
            new TextPairs.Pair(2, 3, OptionalDouble.of(0.5)));
    assertThat(data.together()).isEqualTo(2);
    assertThat(data.notes())
        .contains("Each text of a pair is an input of its own, for the model gives vectors.");
  }

  @Test
  void aCrossEncoderReadsBothTextsOfAPairAtOnce() throws IOException {
    Path file = write("a.csv", "query,passage,label", "a man,the man,1", "a dog,the woman,0");
    TextDataset data = open(file, TinyText.classifier(1));
    assertThat(data.size()).isEqualTo(2);
    assertThat(ids(data.sample(0))).containsExactly(2, 4, 6, 3, 5, 6, 3);
    assertThat(data.sample(0).input("token_type_ids").toLongs())
        .containsExactly(0, 0, 0, 0, 1, 1, 1);
    assertThat(data.pairs().orElseThrow().pairs().getFirst())
        .isEqualTo(new TextPairs.Pair(0, 0, OptionalDouble.of(1)));
    assertThat(data.description()).isEqualTo("2 pairs of " + file);
  }

  @Test
  void labelsAreClassesOfAModelThatGivesScores() throws IOException {
    Path numbers = write("a.csv", "text,label", "good film,1", "bad film,0");
    TextDataset data = open(numbers, TinyText.classifier(2));
    assertThat(data.label(0)).hasValue(1);
    assertThat(data.sample(1).label()).hasValue(0);
    assertThat(open(numbers, TinyText.encoder()).label(0)).isEmpty();
    assertThat(
            open(numbers, TinyText.classifier(2), Labelling.Use.IGNORED, ClassList.UNKNOWN)
                .label(0))
        .isEmpty();
  }

  @Test
  void namesOfLabelsAreThoseOfTheClasses() throws IOException {
    Path file = write("a.csv", "text,label", "good film,pos", "bad film,neg", "a film,pos");
    TextDataset guessed = open(file, TinyText.classifier(2));
    assertThat(guessed.label(0)).hasValue(1);
    assertThat(guessed.classNames()).containsExactly("neg", "pos");
    assertThat(guessed.notes())
        .contains(
            "Labels were guessed: they are numbered by the alphabet (neg = 0, pos = 1); --classes FILE gives another order.");
    ClassList known = new ClassList(List.of("pos", "neg"), 2, "a list");
    assertThat(open(file, TinyText.classifier(2), Labelling.Use.NEEDED, known).label(0))
        .hasValue(0);
    refused(
        file,
        TinyText.classifier(3),
        "{}, line 2 has label 'pos', which is no class number (a whole number from 0 on) and can be no name, for there is no list of the model's classes: give one with --classes FILE (a name a line, in the order of the classes), or leave labels out with --no-labels");
    assertThat(
            open(file, TinyText.classifier(3), Labelling.Use.WELCOME, ClassList.UNKNOWN).label(0))
        .isEmpty();
  }

  @Test
  void whatWasLeftOutIsSaid() throws IOException {
    Path file = write("a.csv", "text,label", "good film,1", " ,0");
    assertThat(open(file, TinyText.classifier(2)).notes())
        .contains("1 row of %s without a text were left out.".formatted(file));
  }

  @Test
  void onlyAModelOfTextReadsTexts() throws IOException {
    Path file = write("a.txt", "a man");
    Model pictures =
        Sketch.opset(13)
            .input("pixels", "n", 3, 8, 8)
            .node("Relu", "pixels", "y")
            .output("y")
            .model();
    refused(
        file,
        pictures,
        "{} holds texts, and the model's inputs (pixels FLOAT nx3x8x8) are not those of a model that reads only text (input_ids, attention_mask, token_type_ids or position_ids, integers of [batch, sequence]): give a folder of pictures, or arrays (.npz)");
  }

  @Test
  void aTokenizerOfAnotherModelIsToldOf() throws IOException {
    Model small =
        Sketch.opset(13)
            .input("input_ids", DType.INT64, "n", "s")
            .constant("table", Tensor.of(new Shape(2, 2), 1, 2, 3, 4f))
            .node("Gather", "table input_ids", "y", "axis", 0)
            .output("y")
            .model();
    refused(
        write("a.txt", "a man"),
        small,
        "the tokenizer %s (beside the model) has 20 tokens, and the model only 2: give the tokenizer.json that was saved with the model, with --tokenizer FILE"
            .formatted(folder.resolve("tokenizer.json")));
  }

  @Test
  void positionsCountFromNought() throws IOException {
    Model model =
        Sketch.opset(13)
            .input("input_ids", DType.INT32, "n", "s")
            .input("position_ids", DType.INT32, "n", "s")
            .node("Add", "input_ids position_ids", "y")
            .output("y")
            .model();
    Sample sample = open(write("a.txt", "a man"), model).sample(0);
    assertThat(sample.input("position_ids").toLongs()).containsExactly(0, 1, 2, 3);
    assertThat(sample.input("position_ids").dtype()).isEqualTo(DType.INT32);
  }

  @Test
  void labelsInATableOfTheirOwnAreRefused() throws IOException {
    Path file = write("a.txt", "a man");
    Path table = folder.resolve("labels.csv");
    TextSource source =
        new TextSource(
            file,
            Optional.empty(),
            folder.resolve("model.onnx"),
            new Labelling(Optional.of(table), Labelling.Use.NEEDED, ClassList.UNKNOWN));
    assertThatThrownBy(() -> TextDataset.open(source, TinyText.encoder()))
        .isInstanceOf(UnusableInputException.class)
        .hasMessage(
            "labels of texts stand in a column of %s, as in text,label: leave %s out"
                .formatted(file, table));
  }
}
