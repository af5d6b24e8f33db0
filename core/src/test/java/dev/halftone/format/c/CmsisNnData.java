package dev.halftone.format.c;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// The headers of one case of CMSIS-NN's unit tests: what they define, and their arrays, by names without the name of the case.
///
/// @param types of the arrays, as in C
record CmsisNnData(
    String name, Map<String, int[]> defines, Map<String, int[]> arrays, Map<String, String> types) {

  private static final Pattern DEFINE = Pattern.compile("#define (\\w+) +(.*)");
  private static final Pattern ARRAY =
      Pattern.compile("const (int\\d+_t) +(\\w+)\\[\\d*\\]\\s*=\\s*\\{([^}]*)\\}");
  private static final Pattern NUMBER = Pattern.compile("-?\\d+");

  /// All cases below `Tests/UnitTest/TestCases/TestData` of a checkout.
  static List<CmsisNnData> all(Path checkout) {
    try (Stream<Path> folders = Files.list(checkout.resolve("Tests/UnitTest/TestCases/TestData"))) {
      return folders.sorted().map(CmsisNnData::read).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// The headers that `test_data.h` includes: some folders hold older ones beside them.
  private static CmsisNnData read(Path folder) {
    String name = folder.getFileName().toString();
    CmsisNnData data = new CmsisNnData(name, new HashMap<>(), new HashMap<>(), new HashMap<>());
    try {
      for (String line : Files.readAllLines(folder.resolve("test_data.h"))) {
        if (line.startsWith("#include")) {
          data.add(Files.readString(folder.resolve(line.split("\"")[1])));
        }
      }
      return data;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void add(String header) {
    String text = header.replaceAll("\\\\\\s*\n", " ");
    for (Matcher found = DEFINE.matcher(text); found.find(); ) {
      defines.put(
          without(name.toUpperCase(Locale.ROOT) + "_", found.group(1)), numbers(found.group(2)));
    }
    for (Matcher found = ARRAY.matcher(text); found.find(); ) {
      String array = without(name + "_", found.group(2));
      arrays.put(array, numbers(found.group(3)));
      types.put(array, found.group(1));
    }
  }

  private static String without(String prefix, String name) {
    return name.startsWith(prefix) ? name.substring(prefix.length()) : name;
  }

  private static int[] numbers(String text) {
    List<Integer> numbers = new ArrayList<>();
    for (Matcher found = NUMBER.matcher(text); found.find(); ) {
      numbers.add(Integer.parseInt(found.group()));
    }
    return numbers.stream().mapToInt(Integer::intValue).toArray();
  }

  /// What stands under these prefixes, for a layer of a network.
  CmsisNnData part(String define, String array) {
    CmsisNnData part = new CmsisNnData(name, new HashMap<>(), new HashMap<>(), types);
    defines.forEach((key, value) -> part.defines.put(without(define, key), value));
    arrays.forEach((key, value) -> part.arrays.put(without(array, key), value));
    return part;
  }

  boolean has(String define) {
    return defines.containsKey(define);
  }

  /// The first of these that is defined.
  int number(String... names) {
    for (String each : names) {
      if (has(each)) {
        return list(each)[0];
      }
    }
    throw new IllegalArgumentException(this.name + " defines none of " + List.of(names));
  }

  int[] list(String define) {
    return requireNonNull(defines.get(define), define);
  }

  int number(String define, int otherwise) {
    return has(define) ? number(define) : otherwise;
  }

  /// The first of these that there is.
  Optional<int[]> array(String... names) {
    return Stream.of(names).filter(arrays::containsKey).map(arrays::get).findFirst();
  }

  /// The same, little-endian.
  Optional<byte[]> bytes(String... names) {
    return Stream.of(names)
        .filter(arrays::containsKey)
        .map(name -> {
          boolean wide = "int16_t".equals(types.get(name));
          int[] values = requireNonNull(arrays.get(name));
          ByteBuffer bytes =
              ByteBuffer.allocate(values.length * (wide ? Short.BYTES : Byte.BYTES))
                  .order(ByteOrder.LITTLE_ENDIAN);
          for (int value : values) {
            if (wide) {
              bytes.putShort((short) value);
            } else {
              bytes.put((byte) value);
            }
          }
          return bytes.array();
        })
        .findFirst();
  }

  @Override
  public String toString() {
    return name;
  }
}
