package dev.halftone.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.halftone.UnusableInputException;
import dev.halftone.data.label.ClassList;
import dev.halftone.data.label.ClassListFile;
import dev.halftone.data.label.FolderListing;
import dev.halftone.data.label.FolderListing.Entry;
import dev.halftone.data.label.FolderReader;
import dev.halftone.data.label.Labelling;
import dev.halftone.data.label.Labelling.Use;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Labels of the files of a folder, by table and by subfolder.
class LabelsTest {

  private static final ClassList PETS =
      new ClassList(List.of("cat", "guinea pig", "dog"), 3, "a list");

  @TempDir private Path folder;

  private void files(String... names) throws IOException {
    for (String name : names) {
      Path file = folder.resolve(name);
      Files.createDirectories(file.getParent());
      Files.writeString(file, "");
    }
  }

  private FolderListing list(ClassList classes, Use use) {
    return FolderReader.of(
        folder, new Labelling(Optional.empty(), use, classes), Set.of("png"), "pictures");
  }

  private FolderListing table(String text) throws IOException {
    files("a.png", "b.png");
    Files.writeString(folder.resolve("labels.csv"), text);
    return list(PETS, Use.NEEDED);
  }

  private static List<Integer> labels(FolderListing listing) {
    return listing.entries().stream().map(entry -> entry.label().orElse(-1)).toList();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "file,label\na.png,2\nb.png,0\n",
        "\uFEFFFilename;Class\r\na.png;dog\r\n\r\nb.png;Cat\r\n",
        "image\tcategory\na.png\tdog\nb.png\tcat\n",
        "id,path,class_id\n7,a.png,2\n8,b.png,0",
        "path,class,class_id\na.png,Hund,2\nb.png,Katze,0",
        "\"file\",\"label\"\n\"a.png\",\"2\"\nb.png,0\n",
      })
  void tablesOfManyForms(String text) throws IOException {
    FolderListing listing = table(text);
    assertThat(listing.entries()).extracting(Entry::id).containsExactly("a.png", "b.png");
    assertThat(labels(listing)).containsExactly(2, 0);
    assertThat(listing.notes()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a.png,2\nb.png,0\n",
        "\uFEFFa.png\tdog\r\nb.png\tCat\r\n",
        "a.png;dog;seen at noon\nb.png;cat;\n",
        "\"a.png\",2\n\"./b.png\",0",
      })
  void aTableWithoutAHeaderIsOfFilesAndClasses(String text) throws IOException {
    FolderListing listing = table(text);
    assertThat(labels(listing)).containsExactly(2, 0);
    assertThat(listing.notes())
        .containsExactly(
            folder.resolve("labels.csv")
                + " names no columns: the first was taken for files, the second for labels.");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "gone.png,2\na.png,2\n",
        "a.png,horse\nb.png,cat\n",
        "a.png,2,0\nb.png,0,1\n",
        "a.png,2,dog\nb.png,0,cat\n",
        "a.png,2,b.png\n",
        "2,a.png\n0,b.png\n",
        "a.png,0.7\nb.png,0.2\n",
        "a.png\nb.png\n",
      })
  void whatMayBeAHeaderOrNotIsRefused(String text) {
    assertThatThrownBy(() -> table(text))
        .isInstanceOf(UnusableInputException.class)
        .hasMessageContaining("has no column 'file'");
  }

  @Test
  void aFileMayHaveCapitals() throws IOException {
    files("A.PNG");
    assertThat(labels(table("A.PNG,1\na.png,2\n"))).containsExactly(1, 2);
  }

  @Test
  void aLineWithoutALabelIsRefusedWithoutAHeader() {
    assertThatThrownBy(() -> table("a.png,2\nb.png\n"))
        .hasMessageContaining("line 2 has 1 field, and no label: complete or remove it");
  }

  @Test
  void namesAreFoundWhateverTheirCaseAndBlanks() throws IOException {
    assertThat(labels(table("file,label\na.png,Guinea_Pig\nb.png,\n"))).containsExactly(1, -1);
  }

  @Test
  void aColumnOfNamesBesideNumbersNamesTheClasses() throws IOException {
    assertThat(table("file,label,name\na.png,2,dog\nb.png,0,cat\n").classNames())
        .containsExactly("cat", "", "dog");
    assertThat(table("file,label,name\na.png,2,dog\nb.png,2,cat\n").classNames()).isEmpty();
  }

  @Test
  void aLabelThatIsNoClassIsRefused() {
    assertThatThrownBy(() -> table("file,label\na.png,3.8\nb.png,2.5\n"))
        .isInstanceOf(UnusableInputException.class)
        .hasMessageEndingWith(
            "labels.csv, line 2 has label '3.8', which is no class number (a whole number from 0 on) and no name of the model's classes (cat, guinea pig, dog): correct it, or leave labels out with --no-labels");
  }

  @Test
  void aTableOfAnotherTaskCanBeLeftOut() throws IOException {
    files("a.png", "b.png");
    Files.writeString(folder.resolve("labels.csv"), "sentence,score\nA man sings.,0.7\n");
    assertThatThrownBy(() -> list(PETS, Use.NEEDED))
        .hasMessageContaining("has no column 'file'")
        .hasMessageEndingWith("or leave the table out with --no-labels");
    assertThat(labels(list(PETS, Use.IGNORED))).containsExactly(-1, -1);
  }

  @Test
  void whatIsListedTwiceOrNotThereOrNotListedIsTold() throws IOException {
    files("c.png", "d.png");
    FolderListing listing = table("file,label\na.png,2\na.png,2\ngone.png,1\nb.png,0\n./b.png,0\n");
    assertThat(labels(listing)).containsExactly(2, 0);
    Path csv = folder.resolve("labels.csv");
    assertThat(listing.notes())
        .containsExactly(
            csv
                + ": 2 files stand twice in it with the same label, and count once (a.png, ./b.png).",
            csv + ": 1 file of it does not exist, and was left out (gone.png).",
            csv + ": 2 files beside those listed are not in it, and were left out (c.png, d.png).");
  }

  @Test
  void aTableOfOtherFilesIsRefused() {
    assertThatThrownBy(() -> table("file,label\nx.png,2\ny.png,0\n"))
        .hasMessageEndingWith(
            "line 2 names "
                + folder.resolve("x.png")
                + ", which does not exist, nor does any other file of it: correct or remove the line");
  }

  @Test
  void subfoldersAreFoundInTheListOfNames() throws IOException {
    files("dog/1.png", "Guinea-Pig/1.png");
    FolderListing listing = list(PETS, Use.NEEDED);
    assertThat(listing.entries())
        .extracting(Entry::id)
        .containsExactly("Guinea-Pig/1.png", "dog/1.png");
    assertThat(labels(listing)).containsExactly(1, 2);
    assertThat(listing.notes())
        .containsExactly("Labels: subfolders by the names of classes in a list.");
    files("horse/1.png");
    assertThatThrownBy(() -> list(PETS, Use.NEEDED))
        .hasMessage(
            "the subfolder 'horse' of "
                + folder
                + " is no class number and no name of the model's classes (cat, guinea pig, dog): correct it, or leave labels out with --no-labels");
    assertThat(labels(list(PETS, Use.WELCOME))).containsExactly(1, 2, -1);
  }

  @Test
  void tooFewSubfoldersWithoutAListAreRefused() throws IOException {
    files("airplane/1.png", "dog/1.png");
    ClassList ten = new ClassList(List.of(), 10, "");
    assertThatThrownBy(() -> list(ten, Use.NEEDED))
        .isInstanceOf(UnusableInputException.class)
        .hasMessageContaining(
            "has 2 subfolders (airplane, dog) and the model 10 classes, so there is no telling which class each of them is")
        .hasMessageEndingWith("or leave labels out with --no-labels");
    assertThat(labels(list(ten, Use.WELCOME))).containsExactly(-1, -1);
    assertThat(labels(list(ten, Use.IGNORED))).containsExactly(-1, -1);
  }

  @Test
  void asManySubfoldersAsClassesAreNumberedByTheAlphabetAndThatIsSaid() throws IOException {
    files("airplane/1.png", "dog/1.png");
    FolderListing listing = list(new ClassList(List.of(), 2, ""), Use.NEEDED);
    assertThat(labels(listing)).containsExactly(0, 1);
    assertThat(listing.classNames()).containsExactly("airplane", "dog");
    assertThat(listing.notes())
        .containsExactly(
            "Labels were guessed: subfolders are numbered by the alphabet (airplane = 0, dog = 1); --classes FILE gives another order.");
  }

  @Test
  void subfoldersOfNumbersAreClassNumbers() throws IOException {
    files("0/1.png", "7/1.png");
    assertThat(labels(list(new ClassList(List.of(), 10, ""), Use.NEEDED))).containsExactly(0, 7);
  }

  @Test
  void theConfigurationOfAModelNamesItsClasses() throws IOException {
    ClassList two = new ClassList(List.of(), 2, "");
    Path model = Files.createDirectories(folder.resolve("onnx")).resolve("model.onnx");
    Path config = folder.resolve("config.json");
    Files.writeString(config, "{\"id2label\": {\"1\": \"POSITIVE\", \"0\": \"NEGATIVE\"}}");
    ClassList named = ClassListFile.besides(folder.resolve("data"), Optional.of(model), two);
    assertThat(named.names()).containsExactly("NEGATIVE", "POSITIVE");
    assertThat(named.origin()).isEqualTo(config.toString());
    Path elsewhere = Files.createDirectories(folder.resolve("other")).resolve("model.onnx");
    assertThat(ClassListFile.besides(folder.resolve("data"), Optional.of(elsewhere), two))
        .isEqualTo(two);
    for (String other :
        List.of(
            "{\"id2label\": {\"0\": \"LABEL_0\", \"1\": \"LABEL_1\"}}",
            "{\"id2label\": {\"0\": \"a\", \"1\": \"b\", \"2\": \"c\"}}",
            "{\"id2label\": {\"a\": \"b\", \"c\": \"d\"}}",
            "{",
            "[]")) {
      Files.writeString(config, other);
      assertThat(ClassListFile.besides(folder.resolve("data"), Optional.of(model), two))
          .isEqualTo(two);
    }
  }

  @Test
  void listsOfNamesHaveSeveralForms() throws IOException {
    ClassList three = new ClassList(List.of(), 3, "");
    Path file = folder.resolve("classes.txt");
    for (String text :
        List.of(
            "cat\ndog\nbird\n", "\uFEFF0: cat\r\n1: dog\r\n2: bird\r\n", "0 cat\n1 dog\n2 bird")) {
      Files.writeString(file, text);
      assertThat(ClassListFile.read(file, three).names()).containsExactly("cat", "dog", "bird");
      assertThat(ClassListFile.besides(folder, Optional.empty(), three).names()).hasSize(3);
    }
    Files.writeString(file, "cat\ndog\n");
    assertThatThrownBy(() -> ClassListFile.read(file, three))
        .hasMessageStartingWith(
            "the list of classes " + file + " has 2 names, and the model 3 classes");
    assertThat(ClassListFile.besides(folder, Optional.empty(), three)).isEqualTo(three);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "cat\ndog",
        "cat, dog",
        "{0: 'cat', 1: 'dog'}",
        "{\"0\": \"cat\", \"1\": \"dog\"}",
        "['cat', \"dog\"]"
      })
  void metadataNameClassesInSeveralForms(String text) {
    assertThat(ClassList.names(java.util.Map.of("names", text))).containsExactly("cat", "dog");
  }

  @Test
  void aNameIsNoClassOfSeveral() {
    ClassList twice = new ClassList(List.of("crane", "Crane", ""), 3, "");
    assertThat(twice.indexOf("crane")).hasValue(0);
    assertThat(twice.indexOf("CRANE")).isEqualTo(OptionalInt.empty());
    assertThat(twice.indexOf("")).isEqualTo(OptionalInt.empty());
  }
}
