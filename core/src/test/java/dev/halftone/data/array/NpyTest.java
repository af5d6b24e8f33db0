package dev.halftone.data.array;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.halftone.UnusableInputException;
import dev.halftone.data.NumpyFiles;
import dev.halftone.tensor.DType;
import dev.halftone.tensor.Shape;
import dev.halftone.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/// The files in base64 were written by numpy 2.4.6.
class NpyTest {

  private static final String NPZ =
      "UEsDBC0AAAAIAAAAIQD5N4zQ//////////8KABQAaW1hZ2VzLm5weQEAEACgAAAAAAAAAGkAAAAAAAAAm+wX6hsQychQxlCtnpJanFykbqWgXlNqqK6joJ6WX1RSlJgXn1+UkgoSd0vMKU4FihdnJBakAvkaRjoKJmBkqKmjUKtABuBiYGRiZmFlY+fg5OLm4eXjFxAUEhYRFROXkJSSlpGVkwcAUEsDBC0AAAAIAAAAIQCM3jPg//////////8KABQAbGFiZWxzLm5weQEAEACQAAAAAAAAAEoAAAAAAAAAm+wX6hsQychQxlCtnpJanFykbqWgbpNpoa6joJ6WX1RSlJgXn1+UkgoSd0vMKU4FihdnJBakAvkaRjqaOgq1ChQALmYGCGCE0gBQSwECLQMtAAAACAAAACEA+TeM0GkAAACgAAAACgAAAAAAAAAAAAAAgAEAAAAAaW1hZ2VzLm5weVBLAQItAy0AAAAIAAAAIQCM3jPgSgAAAJAAAAAKAAAAAAAAAAAAAACAAaUAAABsYWJlbHMubnB5UEsFBgAAAAACAAIAcAAAACsBAAAAAA==";

  @TempDir Path folder;

  @Test
  void readsFortranOrder() throws IOException {
    Tensor tensor =
        read(
            "k05VTVBZAQB2AHsnZGVzY3InOiAnPGY0JywgJ2ZvcnRyYW5fb3JkZXInOiBUcnVlLCAnc2hhcGUnOiAoMiwgMyksIH0gICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAoAAAAAAABAQAAAgD8AAIBAAAAAQAAAoEA=");
    assertThat(tensor.shape()).isEqualTo(new Shape(2, 3));
    assertThat(tensor.toFloats()).containsExactly(0, 1, 2, 3, 4, 5);
  }

  @Test
  void readsBigEndianVersion2() throws IOException {
    Tensor tensor =
        read(
            "k05VTVBZAgB0AAAAeydkZXNjcic6ICc+aTInLCAnZm9ydHJhbl9vcmRlcic6IEZhbHNlLCAnc2hhcGUnOiAoMiwgMyksIH0gICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAoAAAABAAIAAwAEAAU=");
    assertThat(tensor.dtype()).isEqualTo(DType.INT16);
    assertThat(tensor.toInts()).containsExactly(0, 1, 2, 3, 4, 5);
  }

  @Test
  void readsBooleansVersion3() throws IOException {
    Tensor tensor =
        read(
            "k05VTVBZAwB0AAAAeydkZXNjcic6ICd8YjEnLCAnZm9ydHJhbl9vcmRlcic6IEZhbHNlLCAnc2hhcGUnOiAoMiwgMyksIH0gICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAoBAAEAAQA=");
    assertThat(tensor.dtype()).isEqualTo(DType.BOOL);
    assertThat(tensor.toBytes()).containsExactly(1, 0, 1, 0, 1, 0);
  }

  @Test
  void readsHalfFloats() throws IOException {
    assertThat(
            read("k05VTVBZAQB2AHsnZGVzY3InOiAnPGYyJywgJ2ZvcnRyYW5fb3JkZXInOiBGYWxzZSwgJ3NoYXBlJzogKDIsIDMpLCB9ICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAoAAAA4ADwAPgBAAEE=")
                .toFloats())
        .containsExactly(0, 0.5f, 1, 1.5f, 2, 2.5f);
  }

  @Test
  void readsScalars() throws IOException {
    Tensor tensor =
        read(
            "k05VTVBZAQB2AHsnZGVzY3InOiAnPGk4JywgJ2ZvcnRyYW5fb3JkZXInOiBGYWxzZSwgJ3NoYXBlJzogKCksIH0gICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAoHAAAAAAAAAA==");
    assertThat(tensor.shape()).isEqualTo(Shape.SCALAR);
    assertThat(tensor.toInts()).containsExactly(7);
  }

  @Test
  void readsZips() throws IOException {
    Path file = Files.write(folder.resolve("a.npz"), Base64.getDecoder().decode(NPZ));
    Map<String, Tensor> arrays = Npy.readZip(file, _ -> true);
    assertThat(arrays.keySet()).containsExactly("images", "labels");
    assertThat(Npy.readZip(file, "labels"::equals).keySet()).containsExactly("labels");
    Tensor images = arrays.getOrDefault("images", Tensor.scalar(0));
    assertThat(images.shape()).isEqualTo(new Shape(2, 4, 4, 1));
    for (int i = 0; i < 32; i++) {
      assertThat(images.toBytes()[i]).isEqualTo((byte) i);
    }
  }

  @ParameterizedTest
  @EnumSource(
      names = {
        "BOOL", "UINT8", "INT8", "UINT16", "INT16", "UINT32", "INT32", "UINT64", "INT64", "FLOAT16",
        "FLOAT", "DOUBLE"
      })
  void readsEveryTypeInEveryOrder(DType dtype) throws IOException {
    Random random = new Random(dtype.code());
    int width = dtype.bits() / 8;
    for (int run = 0; run < 10; run++) {
      int[] dims = random.ints(random.nextInt(5), 1, 5).toArray();
      Shape shape = new Shape(Arrays.stream(dims).asLongStream().toArray());
      byte[] data = new byte[(int) shape.count() * width];
      random.nextBytes(data);
      Tensor expected = Tensor.allocate(dtype, shape);
      expected.data().copyFrom(java.lang.foreign.MemorySegment.ofArray(data));
      boolean fortran = random.nextBoolean();
      boolean big = random.nextBoolean();
      byte[] stored = fortran ? transposed(data, dims, width) : data;
      for (int i = 0; big && i < stored.length; i += width) {
        reverse(stored, i, width);
      }
      String type = NumpyFiles.descr(dtype);
      byte[] file =
          NumpyFiles.bytes(
              big && width > 1 ? '>' + type.substring(1) : type,
              fortran,
              dims.length == 0 ? "" : shape.toString().replace('x', ',') + ",",
              stored);
      Path path = Files.write(folder.resolve(run + ".npy"), file);
      assertThat(Npy.read(path).sameAs(expected)).isTrue();
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '"',
      value = {
        "|O ; 4, ; holds Python objects, and booleans, integers and floats can be read: convert it with astype",
        "<c8 ; 1, ; holds elements of type <c8",
        "<U2 ; 1, ; holds elements of type <U2",
        "<f4 ; 3, ; should have 12 bytes of elements (FLOAT 3), but has 8: copy or write it again",
        "<f4 ; 1, ; should have 4 bytes of elements (FLOAT 1), but has 8",
        "<f4 ; -2, ; has a damaged shape (-2,)",
        "<f4 ; 4611686018427387904, ; has a damaged shape",
        "<f4 ; 9999999999,9999999999, ; has a damaged shape",
        "<f4 ; 99999999999999999999, ; has a damaged shape",
      })
  void saysWhatIsWrong(String descr, String shape, String message) throws IOException {
    Path file =
        Files.write(folder.resolve("a.npy"), NumpyFiles.bytes(descr, false, shape, new byte[8]));
    assertThatThrownBy(() -> Npy.read(file))
        .isInstanceOf(UnusableInputException.class)
        .hasMessageContaining(file + " " + message);
  }

  @Test
  void saysWhatIsNoArray() throws IOException {
    Path text = Files.writeString(folder.resolve("a.npy"), "hello, no array here");
    assertThatThrownBy(() -> Npy.read(text))
        .hasMessage(
            text
                + " is no numpy array (it does not begin with \\x93NUMPY): write it with numpy.save");
    Path zip = Files.writeString(folder.resolve("a.npz"), "hello, no zip here");
    assertThatThrownBy(() -> Npy.readZip(zip, _ -> true))
        .isInstanceOf(UnusableInputException.class)
        .hasMessageStartingWith(zip + " cannot be read (");
    byte[] future = NumpyFiles.bytes(Tensor.scalar(1));
    future[6] = 4;
    assertThatThrownBy(() -> Npy.read(Files.write(text, future)))
        .hasMessageContaining(
            "has version 4.0 of the .npy format, and versions 1.0 to 3.0 are known");
  }

  /// Damaged files give an UnusableInputException, or an array where the damage hit only elements of an unchecked `.npy`.
  @Test
  void survivesDamage() throws IOException {
    Random random = new Random(11);
    byte[] zip = Base64.getDecoder().decode(NPZ);
    byte[] array = NumpyFiles.bytes(Tensor.of(new Shape(2, 3), 1f, 2, 3, 4, 5, 6));
    for (int run = 0; run < 1000; run++) {
      boolean zipped = run % 2 == 0;
      byte[] bytes = (zipped ? zip : array).clone();
      for (int flips = random.nextInt(3); flips >= 0; flips--) {
        bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
      }
      int length = random.nextInt(3) == 0 ? 1 + random.nextInt(bytes.length) : bytes.length;
      Path file = Files.write(folder.resolve("damaged"), Arrays.copyOf(bytes, length));
      try {
        assertThat(zipped ? Npy.readZip(file, _ -> true) : Npy.read(file)).isNotNull();
      } catch (UnusableInputException e) {
        assertThat(e).hasMessageContaining(file.toString());
      }
    }
  }

  private Tensor read(String base64) throws IOException {
    return Npy.read(Files.write(folder.resolve("a.npy"), Base64.getDecoder().decode(base64)));
  }

  /// Row-major elements rearranged to first-index-fastest.
  private static byte[] transposed(byte[] data, int[] dims, int width) {
    byte[] to = new byte[data.length];
    for (int from = 0; from < data.length / width; from++) {
      int rest = from;
      int at = 0;
      for (int axis = dims.length - 1; axis >= 0; axis--) {
        int stride = 1;
        for (int before = 0; before < axis; before++) {
          stride *= dims[before];
        }
        at += rest % dims[axis] * stride;
        rest /= dims[axis];
      }
      System.arraycopy(data, from * width, to, at * width, width);
    }
    return to;
  }

  private static void reverse(byte[] data, int at, int width) {
    for (int i = 0; i < width / 2; i++) {
      byte swap = data[at + i];
      data[at + i] = data[at + width - 1 - i];
      data[at + width - 1 - i] = swap;
    }
  }
}
