package dev.halftone.format.c;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A call of a helper in the kernel tests of TensorFlow Lite Micro, read as text: what each of its parameters is given.
///
/// @param arguments as written, by the helper's names of its parameters
/// @param numbers arrays and constants in sight, what is not known of them NaN
/// @param fields of structures in sight, as in `conv_params.padding`
/// @param types of the arrays in sight
record TflmCall(
    String test,
    String helper,
    Map<String, String> arguments,
    Map<String, double[]> numbers,
    Map<String, String> fields,
    Map<String, String> types) {

  private static final Map<String, List<String>> STRUCTURES =
      Map.of(
          "Conv",
          List.of(
              "padding",
              "stride_width",
              "stride_height",
              "activation",
              "dilation_width_factor",
              "dilation_height_factor"),
          "Reducer",
          List.of("keep_dims"));

  private static final String TYPE = "(float|int|u?int\\d+_t)";
  private static final Pattern TEST =
      Pattern.compile("TEST\\(\\w+,\\s*(\\w+)\\) \\{(.*?)\n}", Pattern.DOTALL);
  private static final Pattern HELPER =
      Pattern.compile("\nvoid (Test\\w*(?:Quantized|Requantize)\\w*)\\(([^{;]*)\\)\\s*[{;]");
  private static final Pattern CALL =
      Pattern.compile("\\b(Test\\w*(?:Quantized|Requantize)\\w*)(?:<[^>]*>)?\\(([^;]*)\\);");
  private static final Pattern ARRAY =
      Pattern.compile(TYPE + "\\s+(\\w+)\\s*\\[[^\\]]*\\]\\s*=\\s*\\{([^{}]*)\\}");
  private static final Pattern DECLARED = Pattern.compile(TYPE + "\\s+(\\w+)\\s*\\[");
  private static final Pattern CONSTANT = Pattern.compile(TYPE + "\\s+(\\w+)\\s*=\\s*([^;{}]+);");
  private static final Pattern STRUCTURE =
      Pattern.compile("TfLite(\\w+)Params\\s+(\\w+)\\s*=?\\s*\\{([^{}]*)\\}");
  private static final Pattern FIELD = Pattern.compile("(\\w+\\.\\w+)\\s*=\\s*(\\w+);");

  /// All calls of one test file, of helpers that it or the header beside it declares.
  static List<TflmCall> all(Path kernels, String operation) {
    String text = text(kernels.resolve(operation + "_test.cc"));
    Path header = kernels.resolve(operation + "_test.h");
    Map<String, List<String>> parameters = new HashMap<>();
    String declared = text + (Files.exists(header) ? text(header) : "");
    for (Matcher found = HELPER.matcher(declared); found.find(); ) {
      parameters.putIfAbsent(
          found.group(1),
          split(found.group(2)).stream()
              .map(one -> one.replaceFirst("\\s*=.*", "").replaceFirst(".*\\W", ""))
              .toList());
    }
    TflmCall outside =
        new TflmCall("", "", Map.of(), new HashMap<>(), new HashMap<>(), new HashMap<>());
    outside.see(TEST.matcher(text).replaceAll(""));
    List<TflmCall> calls = new ArrayList<>();
    for (Matcher test = TEST.matcher(text); test.find(); ) {
      for (Matcher call = CALL.matcher(test.group(2)); call.find(); ) {
        Map<String, String> arguments = new HashMap<>();
        List<String> names = parameters.getOrDefault(call.group(1), List.of());
        List<String> given = split(call.group(2));
        for (int i = 0; i < Math.min(names.size(), given.size()); i++) {
          arguments.put(names.get(i), given.get(i));
        }
        TflmCall one =
            new TflmCall(
                test.group(1),
                call.group(1),
                arguments,
                new HashMap<>(outside.numbers),
                new HashMap<>(outside.fields),
                new HashMap<>(outside.types));
        one.see(test.group(2));
        calls.add(one);
      }
    }
    return calls;
  }

  /// Without comments and namespaces.
  private static String text(Path file) {
    try {
      return Files.readString(file)
          .replaceAll("//[^\n]*", "")
          .replaceAll("(tflite|testing|std)\\s*::\\s*", "");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<String> split(String list) {
    return List.of(list.replaceAll("\\s+", " ").strip().split("\\s*,\\s*"));
  }

  /// Takes in what a text defines.
  private void see(String text) {
    for (Matcher found = CONSTANT.matcher(text); found.find(); ) {
      number(found.group(3)).ifPresent(value -> numbers.put(found.group(2), new double[] {value}));
    }
    for (Matcher found = DECLARED.matcher(text); found.find(); ) {
      types.put(found.group(2), found.group(1));
    }
    for (Matcher found = ARRAY.matcher(text); found.find(); ) {
      numbers.put(
          found.group(2),
          split(found.group(3).strip().replaceFirst(",$", "")).stream()
              .mapToDouble(one -> number(one).orElse(Double.NaN))
              .toArray());
    }
    for (Matcher found = STRUCTURE.matcher(text); found.find(); ) {
      List<String> values = split(found.group(3));
      List<String> names = STRUCTURES.getOrDefault(found.group(1), List.of());
      for (int i = 0; i < names.size(); i++) {
        String copied = fields.get(values.getFirst() + "." + names.get(i));
        String value = copied == null && i < values.size() ? values.get(i) : copied;
        if (value != null) {
          fields.put(found.group(2) + "." + names.get(i), value);
        }
      }
    }
    for (Matcher found = FIELD.matcher(text); found.find(); ) {
      fields.put(found.group(1), found.group(2));
    }
  }

  /// A literal, a quotient, a constant in sight, or an element of an array in sight.
  private Optional<Double> number(String text) {
    String[] quotient = text.strip().split("\\s*/\\s*");
    if (quotient.length == 2) {
      return number(quotient[0]).flatMap(a -> number(quotient[1]).map(b -> a / b));
    }
    String plain = text.strip();
    if (plain.matches("[-+]?[\\d.]+(e[-+]?\\d+)?f?")) {
      return Optional.of(Double.parseDouble(plain.replaceFirst("f$", "")));
    }
    Matcher element = Pattern.compile("(\\w+)(?:\\[(\\d+)\\])?").matcher(plain);
    if (!element.matches() || !numbers.containsKey(element.group(1))) {
      return Optional.empty();
    }
    int at = element.group(2) == null ? 0 : Integer.parseInt(element.group(2));
    return Optional.of(requireNonNull(numbers.get(element.group(1)))[at]);
  }

  /// True where every one of these parameters is given numbers that are in sight.
  boolean has(String... parameters) {
    return Arrays.stream(parameters)
        .map(this::word)
        .allMatch(given ->
            numbers.containsKey(given)
                && Arrays.stream(requireNonNull(numbers.get(given))).noneMatch(Double::isNaN));
  }

  double number(String parameter, double otherwise) {
    return number(arguments.getOrDefault(parameter, "")).orElse(otherwise);
  }

  double[] array(String parameter) {
    return requireNonNull(numbers.get(arguments.get(parameter)), parameter);
  }

  /// Extents, which stand behind their number.
  int[] dims(String parameter) {
    double[] values = array(parameter);
    int[] dims = new int[(int) values[0]];
    Arrays.setAll(dims, i -> (int) values[i + 1]);
    return dims;
  }

  String field(String parameter, String field, String otherwise) {
    String structure = arguments.getOrDefault(parameter, "").replace("&", "");
    return fields.getOrDefault(structure + "." + field, otherwise);
  }

  String word(String parameter) {
    return arguments.getOrDefault(parameter, "");
  }

  /// Of the array that a parameter is given.
  String type(String parameter) {
    return types.getOrDefault(word(parameter), "");
  }

  @Override
  public String toString() {
    return test;
  }
}
