package dev.halftone.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.halftone.UnusableInputException;
import dev.halftone.data.picture.Preprocessing;
import dev.halftone.graph.Sketch;
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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Arrays of all shapes for inputs of all shapes: a sample's array is the whole input.
class ArrayShapesTest {

  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        // input | array | samples | what each is fed
        "2 batch 4 | 5 2 1 4 | 5 | 2 1 4",
        "2 batch 4 | 5 2 3 4 | 5 | 2 3 4",
        "2 batch 4 | 2 1 4 | 1 | 2 1 4",
        "2 batch 4 | 5 2 4 | 5 | 2 1 4", // a row lacks an extent of 1
        "2 batch 4 | 2 4 | 1 | 2 1 4",
        "2 1 4 | 5 2 4 | 5 | 2 1 4",
        "12 batch 8 | 5 12 1 8 | 5 | 12 1 8",
        "seq 1 8 | 5 7 1 8 | 5 | 7 1 8", // sequences longer than 1
        "seq 1 8 | 7 1 8 | 7 | 1 1 8", // an open first extent counts samples
        "seq | 5 9 | 5 | 9",
        "seq | 9 | 9 | 1",
        "batch 16 | 5 3 16 | 5 | 3 16",
        "3 | 5 3 | 5 | 3",
        "3 | 3 | 1 | 3",
        "3 | 3 3 | 3 | 3",
        "1 | 5 | 5 | 1",
        "1 | 5 1 | 5 | 1",
        "1 | - | 1 | 1",
        "- | 5 | 5 | -",
        "- | 5 1 | 5 | -",
        "- | - | 1 | -",
        "- | 1 | 1 | -",
        "1 3 4 4 | 5 3 4 4 | 5 | 1 3 4 4",
        "1 3 4 4 | 3 4 4 | 1 | 1 3 4 4",
        "1 3 4 4 | 5 1 3 4 4 | 5 | 1 3 4 4",
        "3 4 4 | 5 3 4 4 | 5 | 3 4 4",
        "3 4 4 | 3 4 4 | 1 | 3 4 4",
        "1 16 | 16 | 1 | 1 16",
        "1 16 | 5 4 4 | 5 | 1 16", // flattened
        "1 1 8 | 5 8 | 5 | 1 1 8",
      })
  void oneFileHoldsSamples(String input, String array, int samples, String fed) throws IOException {
    Tensor all = counting(shape(array));
    Path file = NumpyFiles.npz(folder.resolve("a.npz"), Map.of("x", all));
    Dataset data = open(file, value("x", DType.FLOAT, input));
    assertThat(data.size()).isEqualTo(samples);
    int each = (int) all.count() / samples;
    for (int i = 0; i < samples; i++) {
      Tensor one = data.sample(i).input("x");
      assertThat(one.shape()).isEqualTo(shape(fed));
      assertThat(one.toFloats())
          .containsExactly(Arrays.copyOfRange(all.toFloats(), i * each, (i + 1) * each));
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "2 batch 4 | 2 1 4 | 2 1 4",
        "2 batch 4 | 2 3 4 | 2 3 4",
        "2 batch 4 | 1 2 1 4 | 2 1 4",
        "2 batch 4 | 2 4 | 2 1 4",
        "seq 1 8 | 7 1 8 | 7 1 8",
        "seq | 9 | 9",
        "3 | 3 | 3",
        "1 | - | 1",
        "- | - | -",
        "- | 1 | -",
        "- | 1 1 | -",
        "1 3 4 4 | 3 4 4 | 1 3 4 4",
        "1 3 4 4 | 1 3 4 4 | 1 3 4 4",
        "1 16 | 4 4 | 1 16",
      })
  void aFileIsASample(String input, String array, String fed) throws IOException {
    for (String name : List.of("a", "b")) {
      NumpyFiles.npz(folder.resolve(name + ".npz"), Map.of("x", counting(shape(array))));
    }
    Dataset data = open(folder, value("x", DType.FLOAT, input));
    assertThat(data.size()).isEqualTo(2);
    assertThat(data.sample(1).input("x").sameAs(counting(shape(fed)))).isTrue();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        // input | one for all
        "- | -",
        "- | 1",
        "1 | -",
        "1 | 1",
        "3 | 3",
        "2 batch 4 | 2 1 4",
        "2 batch 4 | 2 4",
        "1 2 2 | 2 2",
        "1 2 2 | 1 2 2",
      })
  void oneArrayServesAllSamples(String input, String array) throws IOException {
    Path file =
        NumpyFiles.npz(
            folder.resolve("a.npz"),
            Map.of("x", counting(new Shape(5, 6)), "s", counting(shape(array))));
    Dataset data = open(file, value("x", DType.FLOAT, "batch 6"), value("s", DType.FLOAT, input));
    assertThat(data.size()).isEqualTo(5);
    for (int i = 0; i < 5; i++) {
      Sample sample = data.sample(i);
      assertThat(sample.input("x").toFloats()[0]).isEqualTo(6 * i);
      assertThat(sample.input("s").toFloats()).containsExactly(counting(shape(array)).toFloats());
    }
  }

  @Test
  void numbersOfOtherTypesAreConverted() throws IOException {
    Path file =
        NumpyFiles.npz(
            folder.resolve("a.npz"),
            Map.of(
                "rate",
                Tensor.of(new Shape(3), 1, 2, 3), // int32
                "flag",
                Tensor.of(DType.BOOL, new Shape(3), (byte) 1, (byte) 0, (byte) 1)));
    Dataset data = open(file, value("rate", DType.INT64, "-"), value("flag", DType.BOOL, "1"));
    assertThat(IntStream.range(0, 3).mapToLong(i -> data.sample(i).input("rate").toLongs()[0]))
        .containsExactly(1L, 2L, 3L);
    assertThat(data.sample(1).input("flag").toLongs()).containsExactly(0);
  }

  @Test
  void bothShapesAreNamed() throws IOException {
    refused(
        "2 batch 4",
        "3 4",
        "array 'x' of {} has shape (3, 4), but the model's input 'x' takes FLOAT 2xbatchx4: save the array with shape (samples, 2, batch, 4), or (2, batch, 4) for one that serves all samples");
    refused(
        "-",
        "5 2",
        "array 'x' of {} has shape (5, 2), but the model's input 'x' takes FLOAT scalar: save the array with shape (samples), or () for one that serves all samples");
    refused(
        "4 batch 4",
        "4 4 4",
        "array 'x' of {} has shape (4, 4, 4), which is one sample, or 4 without an extent of 1, but the model's input 'x' takes FLOAT 4xbatchx4: save the array with shape (samples, 4, batch, 4)");
    NumpyFiles.npy(Files.createDirectory(folder.resolve("f")).resolve("a.npy"), Tensor.vector(1f));
    assertThatThrownBy(() -> open(folder.resolve("f"), value("x", DType.FLOAT, "2 batch 4")))
        .isInstanceOf(UnusableInputException.class)
        .hasMessageEndingWith(
            "gives 1, but the model's input 'x' takes FLOAT 2xbatchx4: save the array with shape (2, batch, 4)");
  }

  private void refused(String input, String array, String message) throws IOException {
    Path file = NumpyFiles.npz(folder.resolve("a.npz"), Map.of("x", counting(shape(array))));
    assertThatThrownBy(() -> open(file, value("x", DType.FLOAT, input)))
        .isInstanceOf(UnusableInputException.class)
        .hasMessage(message.replace("{}", file.toString()));
  }

  private static Dataset open(Path path, Value... inputs) {
    List<Value> all = List.of(inputs);
    return Datasets.open(
        path, UnknownClasses.of(Optional.empty()), all, Preprocessing.defaultsFor(all, Map.of()));
  }

  /// @param dims extents and names with spaces between; `-` for none
  private static Value value(String name, DType dtype, String dims) {
    Object[] list =
        dims.equals("-")
            ? new Object[0]
            : Arrays.stream(dims.split(" "))
                .map(dim -> dim.matches("[0-9]+") ? (Object) Long.valueOf(dim) : dim)
                .toArray();
    return new Value(name, TensorType.of(dtype, Sketch.dims(list)));
  }

  private static Shape shape(String dims) {
    return dims.equals("-")
        ? Shape.SCALAR
        : new Shape(Arrays.stream(dims.split(" ")).mapToLong(Long::parseLong).toArray());
  }

  private static Tensor counting(Shape shape) {
    float[] values = new float[(int) shape.count()];
    for (int i = 0; i < values.length; i++) {
      values[i] = i;
    }
    return Tensor.of(shape, values);
  }
}
