package dev.halftone.format.c;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A file of C among this package's resources. Its first line declares it and is left out of what is written:
/// `/* order: 160; needs: common helium broadcast sum; types: int8 int16 */`.
///
/// @param order its place among the files of a network: behind all that it needs
/// @param needs names of the files that it builds on
/// @param types the integers that it is written for, once for each: `ht_int` stands for them in its text; none where it names its types
record CKernel(String name, int order, Set<String> needs, Set<CTypes> types, String text) {

  private static final Pattern HEADER = Pattern.compile("/\\* (.*) \\*/");
  private static final Set<String> FIELDS = Set.of("order", "needs", "types");

  CKernel {
    needs = Set.copyOf(needs);
    types = Set.copyOf(types);
  }

  static CKernel of(String name) {
    String path = "/dev/halftone/format/c/" + name + ".c";
    try (InputStream in = requireNonNull(CKernel.class.getResourceAsStream(path), path)) {
      return parse(name, new String(in.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Throws IllegalStateException where the first line does not declare the file.
  static CKernel parse(String name, String file) {
    int end = file.indexOf('\n');
    Matcher header = HEADER.matcher(file.substring(0, Math.max(0, end)));
    require(
        header.matches(), name, "its first line is no /* order: ...; needs: ...; types: ... */");
    Map<String, List<String>> fields = new HashMap<>();
    for (String field : header.group(1).split("; ", -1)) {
      List<String> words = new ArrayList<>(List.of(field.split(":? ", -1)));
      String key = words.removeFirst();
      require(FIELDS.contains(key) && !words.isEmpty(), name, "'" + field + "' declares nothing");
      fields.put(key, words);
    }
    List<String> order = fields.getOrDefault("order", List.of());
    require(order.size() == 1 && order.getFirst().matches("\\d+"), name, "its order is no number");
    Set<CTypes> types = new HashSet<>();
    fields.getOrDefault("types", List.of()).forEach(word -> types.add(CTypes.of(word)));
    return new CKernel(
        name,
        Integer.parseInt(order.getFirst()),
        Set.copyOf(fields.getOrDefault("needs", List.of())),
        types,
        file.substring(end + 1));
  }

  private static void require(boolean holds, String name, String otherwise) {
    if (!holds) {
      throw new IllegalStateException(name + ".c: " + otherwise);
    }
  }
}
