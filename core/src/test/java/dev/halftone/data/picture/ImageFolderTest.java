package dev.halftone.data.picture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.halftone.SharedFiles;
import dev.halftone.UnusableInputException;
import dev.halftone.data.Dataset;
import dev.halftone.data.Sample;
import dev.halftone.data.TestPictures;
import dev.halftone.data.UnknownClasses;
import dev.halftone.data.label.FolderReader;
import dev.halftone.graph.Value;
import dev.halftone.tensor.DType;
import dev.halftone.tensor.Shape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

public class ImageFolderTest {

  private static final List<Value> COLOUR =
      List.of(PreprocessingTest.input(DType.FLOAT, -1, 3, 8, 8));

  @TempDir Path folder;

  @Test
  void picturesWithoutLabelsAreSortedByName() throws IOException {
    for (String name : List.of("c.PNG", "a.bmp", "b.gif", "a.jpeg", "a.jpg")) {
      TestPictures.write(folder.resolve(name), 9, 8, 3);
    }
    Files.writeString(folder.resolve("notes.txt"), "not a picture");
    Files.writeString(folder.resolve(".hidden.png"), "not a picture");
    Dataset data = open();
    assertThat(ids(data)).containsExactly("a.bmp", "a.jpeg", "a.jpg", "b.gif", "c.PNG");
    assertThat(data.sample(3).label()).isEmpty();
    assertThat(data.maxLabel()).isEmpty();
    assertThat(data.description()).isEqualTo("5 pictures of " + folder);
  }

  @Test
  void aFileIsAPictureBeforeItIsDecoded() throws IOException {
    TestPictures.write(folder.resolve("a.png"), 9, 8, 3);
    Files.writeString(folder.resolve("b.png"), "damaged");
    Dataset data = open().select(1);
    assertThat(data.isPicture(0)).isTrue();
    assertThatThrownBy(() -> data.picture(0)).isInstanceOf(UnusableInputException.class);
  }

  @Test
  void whatComputersLeaveInFoldersIsNoPicture() throws IOException {
    for (String name : List.of("IMG_1.JPG", "ünï 文字.PNG", "z.TIFF")) {
      TestPictures.write(folder.resolve(name), 9, 8, 3);
    }
    for (String name : List.of(".DS_Store", "Thumbs.db", "desktop.ini", "._IMG_1.JPG")) {
      Files.writeString(folder.resolve(name), "not a picture");
    }
    Files.createDirectory(folder.resolve("folder.png"));
    Files.createSymbolicLink(folder.resolve("link.jpg"), folder.resolve("IMG_1.JPG"));
    Files.createSymbolicLink(folder.resolve("dangling.jpg"), folder.resolve("gone.jpg"));
    Dataset data = open();
    assertThat(ids(data)).containsExactly("IMG_1.JPG", "link.jpg", "z.TIFF", "ünï 文字.PNG");
    for (int i = 0; i < data.size(); i++) {
      assertThat(data.sample(i).inputs()).containsOnlyKeys("x");
    }
  }

  @Test
  void namesTheOnePictureThatCannotBeRead() throws IOException {
    for (int i = 0; i < 5; i++) {
      TestPictures.write(folder.resolve(i + ".png"), 8, 8, 3);
    }
    Path bad = folder.resolve("3.png");
    Files.write(bad, new byte[0]);
    Dataset data = open();
    assertThatThrownBy(() -> data.sample(3))
        .isInstanceOf(UnusableInputException.class)
        .hasMessage(
            "picture "
                + bad
                + " cannot be decoded (the file is empty): replace it by an intact JPEG, PNG, BMP, GIF, WebP or TIFF, or remove it");
    assertThat(data.sample(4).id()).isEqualTo("4.png");
  }

  @Test
  void aSampleIsThePicturePreprocessed() throws IOException {
    TestPictures.write(folder.resolve("a.png"), 8, 8, 3);
    Sample sample = open().sample(0);
    assertThat(sample.id()).isEqualTo("a.png");
    assertThat(sample.inputs()).containsOnlyKeys("x");
    assertThat(sample.input("x").sameAs(defaults().apply(TestPictures.formula(8, 8, 3)))).isTrue();
  }

  @Test
  void labelsCsvSaysOrderAndLabels() throws IOException {
    for (String name : List.of("a.png", "b.png", "c,d.png", "unused.png")) {
      TestPictures.write(folder.resolve(name), 8, 8, 3);
    }
    Files.writeString(
        folder.resolve("labels.csv"),
        "\uFEFFname,file, label\r\nx,b.png,7\r\n\r\n\"y, z\",a.png,\r\nz,\"c,d.png\", 3\r\n");
    Dataset data = open();
    assertThat(ids(data)).containsExactly("b.png", "a.png", "c,d.png");
    assertThat(IntStream.range(0, 3).mapToObj(data::label))
        .containsExactly(OptionalInt.of(7), OptionalInt.empty(), OptionalInt.of(3));
    assertThat(data.maxLabel()).hasValue(7);
  }

  @Test
  void textsAreKeptToTheLetter() throws IOException {
    TestPictures.write(folder.resolve("a.png"), 8, 8, 3);
    TestPictures.write(folder.resolve("b.png"), 8, 8, 3);
    Files.writeString(
        folder.resolve("labels.csv"), "file,text\nb.png,\"say \"\"no\"\", \"\na.png,\n");
    Dataset data = open();
    assertThat(IntStream.range(0, 2).mapToObj(data::text))
        .containsExactly(Optional.of("say \"no\", "), Optional.of(""));
    assertThat(data.select(1).text(0)).contains("");
    assertThat(data.label(0)).isEmpty();
  }

  @Test
  void labelsMayLieElsewhereOrBeAbsent() throws IOException {
    TestPictures.write(folder.resolve("a.png"), 8, 8, 3);
    Path labels = Files.writeString(folder.resolve("other.csv"), "file,text\na.png,hello\n");
    Dataset data = open(folder, Optional.of(labels), COLOUR, defaults());
    assertThat(data.sample(0).label()).isEmpty();
  }

  @Test
  void subfoldersAreClassesInSortedOrder() throws IOException {
    picture("dog/1.png");
    picture("cat/2.png");
    picture("cat/1.png");
    Files.createDirectories(folder.resolve("bird")); // a class of which there is no picture
    Dataset data = open();
    assertThat(ids(data)).containsExactly("cat/1.png", "cat/2.png", "dog/1.png");
    assertThat(IntStream.range(0, 3).map(i -> data.label(i).getAsInt())).containsExactly(1, 1, 2);
  }

  @Test
  void subfoldersNamedByNumbersAreLabels() throws IOException {
    picture("10/a.png");
    picture("007/a.png");
    assertThat(IntStream.range(0, 2).map(i -> open().label(i).getAsInt())).containsExactly(7, 10);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'' | labels.csv has no column 'file': its first line must name the columns, as in file,label",
        "'b.png,1' | labels.csv has no column 'file'",
        "'file,label' | labels.csv lists no files",
        "'file,label;/dev/zero,1' | labels.csv, line 2 names /dev/zero, which is not an ordinary file: correct or remove the line",
        "'file,label;b.png,1' | labels.csv, line 2 names {folder}/b.png, which does not exist: correct or remove the line",
        "'file,label;a.png,1;,2' | labels.csv, line 3 names no file",
        "'file,label;a.png,-1' | labels.csv, line 2 has label '-1', which is no class number (a whole number from 0 on) and can be no name, for there is no list of the model's classes: give one with --classes FILE (a name a line, in the order of the classes), or leave labels out with --no-labels",
        "'file,label;a.png,cat' | labels.csv, line 2 has label 'cat'",
        "'file,label;a.png,1;a.png,2' | labels.csv, line 3 says '2' of a.png, and line 2 said '1': correct one of them",
        "'file,label;a.png,1.0' | labels.csv, line 2 has label '1.0'",
        "'file,label;a.png,99999999999' | labels.csv, line 2 has label '99999999999'",
        "'file,label;a.png' | labels.csv, line 2 has 1 field, fewer than the header",
      })
  void saysWhatIsWrongWithLabels(String csv, String message) throws IOException {
    TestPictures.write(folder.resolve("a.png"), 8, 8, 3);
    Files.writeString(folder.resolve("labels.csv"), csv.replace(';', '\n'));
    assertThatThrownBy(this::open)
        .isInstanceOf(UnusableInputException.class)
        .hasMessageContaining(message.replace("{folder}", folder.toString()));
  }

  @Test
  void saysThatThereIsNothing() throws IOException {
    assertThatThrownBy(this::open)
        .isInstanceOf(UnusableInputException.class)
        .hasMessage(
            "no pictures (.jpg, .jpeg, .png, .bmp, .gif, .webp, .tif, .tiff) in folder "
                + folder
                + ": give a folder that has some, or subfolders of them named by class");
    Path absent = folder.resolve("absent");
    assertThatThrownBy(() -> open(absent, Optional.empty(), COLOUR, defaults()))
        .hasMessageStartingWith("there is no folder " + absent + ": give the path of a folder");
  }

  @Test
  void asksForOneOfSeveralSets() throws IOException {
    picture("test/a.png");
    Files.writeString(folder.resolve("test/labels.csv"), "file,label\na.png,1\n");
    assertThatThrownBy(this::open)
        .hasMessage(
            "folder "
                + folder
                + " holds several sets of samples: give one of them, as in "
                + folder.resolve("test"));
  }

  @Test
  void namesThePictureThatIsNone() throws IOException {
    TestPictures.write(folder.resolve("a.png"), 8, 8, 3);
    Files.writeString(folder.resolve("b.png"), "text");
    Dataset data = open();
    assertThatThrownBy(() -> data.sample(1))
        .isInstanceOf(UnusableInputException.class)
        .hasMessageStartingWith("picture " + folder.resolve("b.png") + " cannot be decoded");
  }

  @Test
  void namesBothShapesWhereTheyDiffer() throws IOException {
    TestPictures.write(folder.resolve("a.png"), 9, 7, 3);
    Preprocessing none = Preprocessing.parse("resize=none,crop=none", defaults());
    assertThatThrownBy(() -> open(folder, Optional.empty(), COLOUR, none))
        .isInstanceOf(UnusableInputException.class)
        .hasMessageStartingWith(
            "picture "
                + folder.resolve("a.png")
                + " gives 1x3x7x9, but the model's input 'x' takes FLOAT ?x3x8x8: change the preprocessing, which is resize=none,crop=none,");
    Preprocessing crop = Preprocessing.parse("resize=none,crop=8", defaults());
    assertThatThrownBy(() -> open(folder, Optional.empty(), COLOUR, crop))
        .hasMessage(
            folder.resolve("a.png")
                + ": a picture of 9x7 is smaller than crop=8: scale it with resize=8");
  }

  @Test
  void dynamicModelsTakePicturesOfAnySize() throws IOException {
    TestPictures.write(folder.resolve("a.png"), 9, 7, 3);
    TestPictures.write(folder.resolve("b.png"), 4, 5, 1);
    List<Value> dynamic = List.of(PreprocessingTest.input(DType.FLOAT, -1, 3, -1, -1));
    Dataset data =
        open(folder, Optional.empty(), dynamic, Preprocessing.defaultsFor(dynamic, Map.of()));
    assertThat(data.sample(0).input("x").shape()).isEqualTo(new Shape(1, 3, 7, 9));
    assertThat(data.sample(1).input("x").shape()).isEqualTo(new Shape(1, 3, 5, 4));
  }

  @Test
  void flattensForModelsThatTakeVectors() throws IOException {
    TestPictures.write(folder.resolve("a.png"), 8, 8, 1);
    List<Value> vector = List.of(PreprocessingTest.input(DType.FLOAT, -1, 64));
    Dataset data =
        open(folder, Optional.empty(), vector, Preprocessing.defaultsFor(vector, Map.of()));
    assertThat(data.sample(0).input("x").shape()).isEqualTo(new Shape(1, 64));
  }

  @Test
  void refusesModelsThatTakeNoPictures() throws IOException {
    TestPictures.write(folder.resolve("a.png"), 8, 8, 1);
    List<Value> tokens = List.of(PreprocessingTest.input(DType.INT64, -1, -1));
    assertThatThrownBy(() -> open(folder, Optional.empty(), tokens, Preprocessing.RAW))
        .isInstanceOf(UnusableInputException.class)
        .hasMessage(
            "a folder of pictures feeds a model with one picture input, but this one takes 'x' (INT64 ?x?): give the samples as an .npz file with arrays of these names");
    List<Value> batch = List.of(PreprocessingTest.input(DType.FLOAT, 8, 3, 8, 8));
    assertThatThrownBy(() -> open(folder, Optional.empty(), batch, Preprocessing.RAW))
        .hasMessageContaining(
            "has a fixed batch of 8 (FLOAT 8x3x8x8), but samples are fed one by one");
  }

  @Test
  void partsAreTakenEvenly() throws IOException {
    for (int i = 0; i < 10; i++) {
      TestPictures.write(folder.resolve(i + ".png"), 8, 8, 3);
    }
    Dataset data = open();
    assertThat(ids(data.spread(4))).containsExactly("0.png", "2.png", "5.png", "7.png");
    assertThat(data.spread(10)).isSameAs(data);
    assertThat(ids(data.everyNth(5))).containsExactly("0.png", "5.png");
    assertThat(ids(data.exceptEveryNth(2)))
        .containsExactly("1.png", "3.png", "5.png", "7.png", "9.png");
    assertThat(data.spread(4).description()).isEqualTo("4 of the 10 pictures of " + folder);
    assertThat(data.everyNth(2).spread(2).description())
        .isEqualTo("2 of the 10 pictures of " + folder);
    assertThat(data.everyNth(1).description()).isEqualTo("10 pictures of " + folder);
  }

  @Test
  void readsTheSharedPictures() {
    Path pictures = SharedFiles.require("data/imagenet-500");
    List<Value> inputs = List.of(PreprocessingTest.input(DType.FLOAT, 1, 3, 224, 224));
    Dataset data =
        open(pictures, Optional.empty(), inputs, Preprocessing.defaultsFor(inputs, Map.of()));
    assertThat(data.size()).isEqualTo(500);
    assertThat(data.maxLabel()).hasValue(998);
    assertThat(data.sample(0).input("x").shape()).isEqualTo(new Shape(1, 3, 224, 224));
  }

  private void picture(String path) throws IOException {
    Path file = folder.resolve(path);
    Files.createDirectories(file.getParent());
    TestPictures.write(file, 8, 8, 3);
  }

  private static Preprocessing defaults() {
    return Preprocessing.defaultsFor(COLOUR, Map.of());
  }

  private static ImageFolder open(
      Path folder, Optional<Path> labels, List<Value> inputs, Preprocessing preprocessing) {
    return ImageFolder.open(
        FolderReader.of(
            folder, UnknownClasses.of(labels), ImageFolder.EXTENSIONS, ImageFolder.WHAT),
        inputs,
        preprocessing);
  }

  private ImageFolder open() {
    return open(folder, Optional.empty(), COLOUR, defaults());
  }

  public static List<String> ids(Dataset data) {
    return IntStream.range(0, data.size()).mapToObj(i -> data.sample(i).id()).toList();
  }
}
