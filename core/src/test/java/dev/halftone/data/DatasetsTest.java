package dev.halftone.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.halftone.UnusableInputException;
import dev.halftone.data.label.Labelling;
import dev.halftone.data.picture.ImageFolder;
import dev.halftone.data.picture.ImageFolderTest;
import dev.halftone.data.picture.Picture;
import dev.halftone.data.picture.Preprocessing;
import dev.halftone.graph.Dim;
import dev.halftone.graph.TensorType;
import dev.halftone.graph.Value;
import dev.halftone.tensor.DType;
import dev.halftone.tensor.Shape;
import dev.halftone.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DatasetsTest {

  private static final List<Value> COLOUR = List.of(input("x", DType.FLOAT, -1, 3, 4, 5));
  private static final List<Value> GRAY = List.of(input("x", DType.FLOAT, -1, 1, 4, 4));
  private static final List<Value> TOKENS =
      List.of(input("ids", DType.INT64, -1, -1), input("mask", DType.INT64, -1, -1));

  @TempDir Path folder;

  @Test
  void floatsAreFedAsTheyAre() throws IOException {
    float[] values = sequence(2 * 60);
    Path file = NumpyFiles.npy(folder.resolve("a.npy"), Tensor.of(new Shape(2, 3, 4, 5), values));
    Dataset data = open(file, COLOUR);
    assertThat(data.size()).isEqualTo(2);
    assertThat(data.description()).isEqualTo("2 samples of " + file);
    Tensor second = data.sample(1).input("x");
    assertThat(second.shape()).isEqualTo(new Shape(1, 3, 4, 5));
    assertThat(second.toFloats()).containsExactly(Arrays.copyOfRange(values, 60, 120));
    assertThat(data.sample(1).label()).isEmpty();
  }

  @Test
  void doublesBecomeFloats() throws IOException {
    Tensor doubles = Tensor.allocate(DType.DOUBLE, new Shape(1, 3, 4, 5));
    Dataset data = open(NumpyFiles.npy(folder.resolve("a.npy"), doubles), COLOUR);
    assertThat(data.sample(0).input("x").dtype()).isEqualTo(DType.FLOAT);
  }

  @Test
  void pixelsOfUint8ArePreprocessedAsPicturesAre() throws IOException {
    Picture gray = TestPictures.formula(4, 8, 1); // two of 4x4
    Map<String, Tensor> arrays =
        Map.of(
            "images",
            Tensor.of(DType.UINT8, new Shape(2, 4, 4, 1), gray.pixels()),
            "labels",
            Tensor.vector(3L, 0L));
    Dataset data = open(NumpyFiles.npz(folder.resolve("a.npz"), arrays), GRAY);
    assertThat(data.size()).isEqualTo(2);
    assertThat(IntStream.range(0, 2).map(i -> data.label(i).getAsInt())).containsExactly(3, 0);
    assertThat(data.maxLabel()).hasValue(3);
    Tensor first = data.sample(0).input("x");
    assertThat(first.shape()).isEqualTo(new Shape(1, 1, 4, 4));
    assertThat(first.toFloats()[5]).isEqualTo((gray.pixels()[5] & 0xFF) / 255f);
  }

  @Test
  void pixelsMayBePlanesOrScaled() throws IOException {
    Picture picture = TestPictures.formula(5, 4, 3);
    byte[] planes = new byte[60];
    for (int i = 0; i < 60; i++) {
      planes[i % 3 * 20 + i / 3] = picture.pixels()[i];
    }
    Path chw =
        NumpyFiles.npy(
            folder.resolve("chw.npy"), Tensor.of(DType.UINT8, new Shape(1, 3, 4, 5), planes));
    Path hwc =
        NumpyFiles.npy(
            folder.resolve("hwc.npy"),
            Tensor.of(DType.UINT8, new Shape(1, 4, 5, 3), picture.pixels()));
    Tensor expected = defaults(COLOUR).apply(picture);
    assertThat(open(chw, COLOUR).sample(0).input("x").sameAs(expected)).isTrue();
    assertThat(open(hwc, COLOUR).sample(0).input("x").sameAs(expected)).isTrue();
    Tensor scaled = open(hwc, GRAY).sample(0).input("x");
    assertThat(scaled.sameAs(defaults(GRAY).apply(picture))).isTrue();
  }

  @Test
  void flatAndTwoDimensionalGrayPixelsArePictures() throws IOException {
    byte[] pixels = TestPictures.formula(4, 4, 1).pixels();
    List<Value> vector = List.of(input("x", DType.FLOAT, -1, 16));
    Tensor flat = Tensor.of(DType.UINT8, new Shape(1, 16), pixels);
    Path file = NumpyFiles.npy(folder.resolve("a.npy"), flat);
    assertThat(open(file, vector).sample(0).input("x").toFloats()[5])
        .isEqualTo((pixels[5] & 0xFF) / 255f);
    NumpyFiles.npy(file, flat.reshape(new Shape(1, 4, 4)));
    assertThat(open(file, GRAY).sample(0).input("x").shape()).isEqualTo(new Shape(1, 1, 4, 4));
  }

  @Test
  void severalInputsAreFoundByName() throws IOException {
    Map<String, Tensor> arrays =
        Map.of(
            "ids",
            Tensor.of(new Shape(2, 3), 1, 2, 3, 4, 5, 6), // int32, where the model takes int64
            "mask",
            Tensor.of(new Shape(2, 3), 1L, 1, 1, 1, 1, 0),
            "unused",
            Tensor.scalar(1));
    Dataset data = open(NumpyFiles.npz(folder.resolve("a.npz"), arrays), TOKENS);
    Sample sample = data.sample(1);
    assertThat(sample.id()).isEqualTo("row 1");
    assertThat(sample.input("ids").sameAs(Tensor.of(new Shape(1, 3), 4L, 5, 6))).isTrue();
    assertThat(sample.input("mask").sameAs(Tensor.of(new Shape(1, 3), 1L, 1, 0))).isTrue();
  }

  @Test
  void anInputNamedLabelsIsAnInput() throws IOException {
    List<Value> inputs = List.of(input("y", DType.FLOAT, -1, 2));
    Path file =
        NumpyFiles.npz(folder.resolve("a.npz"), Map.of("y", Tensor.of(new Shape(1, 2), 1f, 2)));
    assertThat(open(file, inputs).sample(0).input("y").toFloats()).containsExactly(1, 2);
  }

  @Test
  void aTensorWithoutBatchIsOneSample() throws IOException {
    Path file =
        NumpyFiles.npy(folder.resolve("a.npy"), Tensor.of(new Shape(3, 4, 5), sequence(60)));
    assertThat(open(file, COLOUR).size()).isEqualTo(1);
  }

  @Test
  void aFolderOfArraysHasOneSampleAFile() throws IOException {
    NumpyFiles.npy(folder.resolve("b.npy"), Tensor.of(new Shape(3, 4, 5), sequence(60)));
    NumpyFiles.npy(folder.resolve("a.npy"), Tensor.of(new Shape(1, 3, 4, 5), sequence(60)));
    NumpyFiles.npz(
        folder.resolve("c.npz"),
        Map.of(
            "x",
            Tensor.of(new Shape(3, 4, 5), sequence(60)),
            "label",
            Tensor.of(Shape.SCALAR, 4L)));
    NumpyFiles.npy(
        folder.resolve("d.npy"),
        Tensor.of(DType.UINT8, new Shape(4, 5, 3), TestPictures.formula(5, 4, 3).pixels()));
    Dataset data = open(folder, COLOUR);
    assertThat(ImageFolderTest.ids(data)).containsExactly("a.npy", "b.npy", "c.npz", "d.npy");
    for (int i = 0; i < 3; i++) {
      assertThat(data.sample(i).input("x").toFloats()).containsExactly(sequence(60));
    }
    assertThat(data.label(1)).isEmpty();
    assertThat(data.label(2)).hasValue(4);
    assertThat(data.sample(3).input("x").shape()).isEqualTo(new Shape(1, 3, 4, 5));
  }

  @Test
  void aLabelIsReadWithoutItsInput() throws IOException {
    NumpyFiles.npy(folder.resolve("a.npy"), Tensor.of(new Shape(3, 4, 5), sequence(60)));
    NumpyFiles.npz(
        folder.resolve("b.npz"),
        Map.of("x", Tensor.vector(1f, 2f), "label", Tensor.of(Shape.SCALAR, 4L)));
    Dataset data = open(folder, COLOUR);
    assertThat(data.label(0)).isEmpty();
    assertThat(data.label(1)).hasValue(4);
    assertThatThrownBy(() -> data.sample(1)).isInstanceOf(UnusableInputException.class);
  }

  @Test
  void aLabelIsReadOnce() throws IOException {
    NumpyFiles.npy(folder.resolve("a.npy"), Tensor.of(new Shape(3, 4, 5), sequence(60)));
    Path file = folder.resolve("b.npz");
    NumpyFiles.npz(file, Map.of("label", Tensor.of(Shape.SCALAR, -1L)));
    Dataset data = open(folder, COLOUR);
    assertThatThrownBy(() -> data.label(1)).isInstanceOf(UnusableInputException.class);
    NumpyFiles.npz(file, Map.of("label", Tensor.of(Shape.SCALAR, 4L)));
    assertThat(data.label(1)).as("a failure is not kept").hasValue(4);
    Files.delete(file);
    assertThat(data.label(1)).hasValue(4);
  }

  @Test
  void labelsOfAnArrayMayLieInAnother() throws IOException {
    Path file =
        NumpyFiles.npy(folder.resolve("a.npy"), Tensor.of(new Shape(2, 3, 4, 5), sequence(120)));
    Path labels = NumpyFiles.npy(folder.resolve("b.npy"), Tensor.vector(5L, 6L));
    Dataset data =
        Datasets.open(file, UnknownClasses.of(Optional.of(labels)), COLOUR, defaults(COLOUR));
    assertThat(data.label(1)).hasValue(6);
    Path csv = Files.writeString(folder.resolve("labels.csv"), "file,label\n");
    assertThatThrownBy(() ->
            Datasets.open(file, UnknownClasses.of(Optional.of(csv)), COLOUR, defaults(COLOUR)))
        .hasMessageStartingWith("labels " + csv + " are no .npy file: for samples in an array,");
  }

  @Test
  void labelsThatAreNoneCanBeLeftOut() throws IOException {
    Path file =
        NumpyFiles.npz(
            folder.resolve("a.npz"),
            Map.of(
                "x",
                Tensor.of(new Shape(2, 3, 4, 5), sequence(120)),
                "y",
                Tensor.of(new Shape(2), new float[] {0.5f, 1.5f})));
    refused(
        file,
        COLOUR,
        "labels of {} are FLOAT 2 for 2 samples: give one integer a sample, the index of its class, or leave labels out with --no-labels");
    for (Labelling.Use use : List.of(Labelling.Use.WELCOME, Labelling.Use.IGNORED)) {
      Dataset data =
          Datasets.open(file, UnknownClasses.of(Optional.empty(), use), COLOUR, defaults(COLOUR));
      assertThat(data.label(1)).isEmpty();
      assertThat(data.size()).isEqualTo(2);
    }
  }

  @Test
  void picturesOfAFolderAreOpened() throws IOException {
    TestPictures.write(folder.resolve("a.png"), 5, 4, 3);
    assertThat(open(folder, COLOUR)).isInstanceOf(ImageFolder.class);
    NumpyFiles.npy(folder.resolve("b.npy"), Tensor.of(new Shape(3, 4, 5), sequence(60)));
    refused(folder, COLOUR, "folder {} has both pictures and arrays (b.npy): keep one kind in it");
  }

  @Test
  void saysWhatItWants() throws IOException {
    refused(
        folder.resolve("absent"),
        COLOUR,
        "there is no data at {}: give the path of a folder, of a .npy or .npz file, or of a file of texts");
    refused(
        Files.writeString(folder.resolve("a.txt"), "hello"),
        COLOUR,
        "{} is neither a folder nor a .npy or .npz file, nor one of texts (.txt, .csv, .tsv, .jsonl): put pictures into a folder and give that");
    Path absent = folder.resolve("no.csv");
    assertThatThrownBy(() ->
            Datasets.open(folder, UnknownClasses.of(Optional.of(absent)), COLOUR, defaults(COLOUR)))
        .hasMessageStartingWith("there is no file of labels " + absent);
  }

  @Test
  void namesBothShapes() throws IOException {
    refused(
        NumpyFiles.npy(folder.resolve("a.npy"), Tensor.of(new Shape(2, 4, 5, 3), sequence(120))),
        COLOUR,
        "array 'x' of {} has shape (2, 4, 5, 3), but the model's input 'x' takes FLOAT ?x3x4x5: save the array with shape (samples, 3, 4, 5)");
    refused(
        NumpyFiles.npy(folder.resolve("c.npy"), Tensor.of(new Shape(1, 2), 1f, 2)),
        List.of(input("x", DType.INT64, -1, 2)),
        "sample 0 of {} holds FLOAT, but the model takes INT64: save the array with that type");
    refused(
        NumpyFiles.npy(folder.resolve("d.npy"), Tensor.of(new Shape(1, 2), 1L, 5_000_000_000L)),
        List.of(input("x", DType.INT32, -1, 2)),
        "sample 0 of {} holds 5000000000, which the model's type INT32 does not: check the array");
  }

  @Test
  void namesTheArrayThatIsMissing() throws IOException {
    Path file =
        NumpyFiles.npz(folder.resolve("a.npz"), Map.of("ids", Tensor.of(new Shape(1, 1), 1L)));
    refused(
        file,
        TOKENS,
        "{} has no array for the model's input 'mask' (INT64 ?x?), only ids: save an .npz file with arrays named as the inputs are");
    refused(
        NumpyFiles.npz(
            folder.resolve("b.npz"), Map.of("p", Tensor.scalar(1), "q", Tensor.scalar(1))),
        COLOUR,
        "{} has no array for the model's input 'x' (FLOAT ?x3x4x5), only p, q: save");
  }

  @Test
  void refusesCountsAndLabelsThatDoNotFit() throws IOException {
    refused(
        NumpyFiles.npz(
            folder.resolve("a.npz"),
            Map.of(
                "ids", Tensor.of(new Shape(1, 1), 1L), "mask", Tensor.of(new Shape(2, 1), 1L, 1))),
        TOKENS,
        "{} has arrays of different numbers of samples {ids=1, mask=2}");
    refused(
        NumpyFiles.npy(
            folder.resolve("c.npy"), Tensor.allocate(DType.FLOAT, new Shape(0, 3, 4, 5))),
        COLOUR,
        "{} has 0 samples along the first axis");
    Tensor x = Tensor.of(new Shape(1, 2), 1f, 2);
    List<Value> inputs = List.of(input("x", DType.FLOAT, -1, 2));
    refused(
        NumpyFiles.npz(folder.resolve("d.npz"), Map.of("x", x, "y", Tensor.vector(1L, 2L))),
        inputs,
        "labels of {} are INT64 2 for 1 sample: give one integer a sample, the index of its class, or leave labels out with --no-labels");
    refused(
        NumpyFiles.npz(folder.resolve("e.npz"), Map.of("x", x, "y", Tensor.vector(1f))),
        inputs,
        "labels of {} are FLOAT 1 for 1 sample");
    refused(
        NumpyFiles.npz(folder.resolve("f.npz"), Map.of("x", x, "y", Tensor.vector(-1L))),
        inputs,
        "labels of {} hold -1 for sample 0: a label is the index of a class, from 0 on");
  }

  /// @param message with `{}` for the path
  private void refused(Path path, List<Value> inputs, String message) {
    assertThatThrownBy(() -> open(path, inputs))
        .isInstanceOf(UnusableInputException.class)
        .hasMessageContaining(message.replace("{}", path.toString()));
  }

  private static Dataset open(Path path, List<Value> inputs) {
    return Datasets.open(path, UnknownClasses.of(Optional.empty()), inputs, defaults(inputs));
  }

  private static Preprocessing defaults(List<Value> inputs) {
    return Preprocessing.defaultsFor(inputs, Map.of());
  }

  private static float[] sequence(int count) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = i / 8f;
    }
    return values;
  }

  private static Value input(String name, DType dtype, long... dims) {
    List<Dim> list = Arrays.stream(dims).mapToObj(d -> d < 0 ? Dim.UNKNOWN : Dim.of(d)).toList();
    return new Value(name, TensorType.of(dtype, list));
  }
}
