package dev.halftone.data.label;

import dev.halftone.graph.Model;
import dev.halftone.graph.TensorType;
import dev.halftone.graph.Value;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/// The classes that a model tells apart: how many, and their names where these are known.
///
/// @param names in the order of the classes; an empty name is not known; no names at all where none is
/// @param count 0 where it is not known
/// @param origin where the names are from, as in `labels.txt`; empty where there are none
public record ClassList(List<String> names, int count, String origin) {

  public static final ClassList UNKNOWN = new ClassList(List.of(), 0, "");

  private static final List<String> KEYS =
      List.of("labels", "classes", "names", "class_names", "label_names", "id2label");

  /// As in `0: 'person'` or `"0": "person"`.
  private static final Pattern NUMBERED =
      Pattern.compile("[\"']?([0-9]{1,6})[\"']?\\s*:\\s*(?:\"([^\"]*)\"|'([^']*)')");

  private static final Pattern QUOTED = Pattern.compile("\"([^\"]*)\"|'([^']*)'");

  /// More than these are not told one by one.
  private static final int FEW = 12;

  public ClassList {
    names = List.copyOf(names);
    if (count < 0) {
      throw new IllegalArgumentException("no number of classes: " + count);
    }
  }

  /// What the model's file says: the number by the shape of its first output, the names by its metadata.
  public static ClassList of(Model model) {
    int count =
        model.graph().outputs().stream()
            .findFirst()
            .flatMap(Value::type)
            .map(ClassList::count)
            .orElse(0);
    List<String> names = names(model.metadata());
    boolean fits = count == 0 || names.isEmpty() || names.size() == count;
    return fits && !names.isEmpty()
        ? new ClassList(names, count, "the model's metadata")
        : new ClassList(List.of(), count, "");
  }

  /// Names of classes in a model's metadata: a line each, or a list or a table of numbers and names as Python and JSON write them; empty where there
  /// are none.
  public static List<String> names(Map<String, String> metadata) {
    return KEYS.stream()
        .map(metadata::get)
        .filter(Objects::nonNull)
        .map(ClassList::parse)
        .filter(names -> names.size() > 1)
        .findFirst()
        .orElse(List.of());
  }

  /// Scores of one input's classes stand along one axis.
  private static int count(TensorType type) {
    if (!type.dtype().isFloat() || type.dims().isEmpty() || type.rank() == 0) {
      return 0;
    }
    long[] dims = type.dims().get().stream().mapToLong(dim -> dim.size()).toArray();
    dims[0] = dims[0] < 0 && dims.length > 1 ? 1 : dims[0];
    boolean isKnown = Arrays.stream(dims).allMatch(dim -> dim >= 1);
    boolean isOneAxis = Arrays.stream(dims).filter(dim -> dim > 1).count() == 1;
    return isKnown && isOneAxis && (dims.length != 3)
        ? (int) Math.min(Arrays.stream(dims).max().orElse(0), Integer.MAX_VALUE)
        : 0;
  }

  private static List<String> parse(String text) {
    String stripped = text.strip();
    if (stripped.startsWith("{")) {
      return numbered(stripped);
    }
    if (stripped.startsWith("[")) {
      return QUOTED
          .matcher(stripped)
          .results()
          .map(found -> found.group(1) == null ? found.group(2) : found.group(1))
          .toList();
    }
    boolean isOneLine = stripped.lines().count() == 1 && stripped.contains(",");
    return isOneLine
        ? Arrays.stream(stripped.split(",")).map(String::strip).toList()
        : stripped.lines().map(String::strip).toList();
  }

  private static List<String> numbered(String text) {
    TreeMap<Integer, String> names = new TreeMap<>();
    Matcher matcher = NUMBERED.matcher(text);
    while (matcher.find()) {
      String name = matcher.group(2) == null ? matcher.group(3) : matcher.group(2);
      names.put(Integer.parseInt(matcher.group(1)), name);
    }
    boolean isWhole = !names.isEmpty() && names.lastKey() == names.size() - 1;
    return isWhole ? List.copyOf(names.values()) : List.of();
  }

  /// True of a text that is the number of a class.
  static boolean isNumber(String text) {
    return text.matches("[0-9]{1,9}");
  }

  /// The same number of classes, with these names.
  public ClassList named(List<String> otherNames, String otherOrigin) {
    return new ClassList(otherNames, count, otherOrigin);
  }

  /// The class of this name: to the letter, else whatever the case and the characters between words; empty where none or several are.
  public OptionalInt indexOf(String name) {
    int exact = names.indexOf(name);
    if (exact >= 0 && !name.isEmpty()) {
      return OptionalInt.of(exact);
    }
    String plain = plain(name);
    int[] alike =
        IntStream.range(0, names.size())
            .filter(i -> !plain.isEmpty() && plain(names.get(i)).equals(plain))
            .toArray();
    return alike.length == 1 ? OptionalInt.of(alike[0]) : OptionalInt.empty();
  }

  private static String plain(String name) {
    return name.toLowerCase(Locale.ROOT).replaceAll("[\\s_\\-]+", " ").strip();
  }

  /// As in `cat, dog, ship`; of many the first ones.
  public String text() {
    List<String> known = names.stream().filter(name -> !name.isEmpty()).toList();
    return known.size() > FEW
        ? String.join(", ", known.subList(0, FEW)) + ", ... (" + known.size() + " in all)"
        : String.join(", ", known);
  }
}
