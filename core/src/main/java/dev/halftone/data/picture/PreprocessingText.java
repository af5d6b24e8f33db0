package dev.halftone.data.picture;

import dev.halftone.UnusableInputException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// The text form of [Preprocessing]: `imagenet,resize=256,crop=224,order=bgr`.
public final class PreprocessingText {

  private static final List<String> KEYS =
      List.of("resize", "crop", "mean", "std", "order", "layout");
  private static final Pattern BRACKETS = Pattern.compile("[\\[(]([^\\])]*)[\\])]");

  private PreprocessingText() {}

  static Preprocessing parse(String text, Preprocessing defaults) {
    Preprocessing base = defaults;
    Map<String, String> parts = new LinkedHashMap<>();
    String[] pieces = insideBrackets(text).split(",", -1);
    for (int i = 0; i < pieces.length; i++) {
      int equals = pieces[i].indexOf('=');
      String key = pieces[i].substring(0, Math.max(equals, 0)).strip().toLowerCase(Locale.ROOT);
      if (equals < 0 && i == 0) {
        base = Normalization.named(pieces[i].strip(), defaults);
      } else if (!KEYS.contains(key)) {
        throw new UnusableInputException(
            "'"
                + pieces[i].strip()
                + "' in the preprocessing '"
                + text
                + "' is not understood: parts are separated by commas, one of "
                + String.join("=, ", KEYS)
                + "=, or first one of the names "
                + Normalization.NAMES);
      } else if (parts.put(key, pieces[i].substring(equals + 1).strip()) != null) {
        throw new UnusableInputException(
            key + " stands twice in the preprocessing '" + text + "': give it once");
      }
    }
    return over(base, parts);
  }

  /// The shortest text that [Preprocessing#parse] reads over `defaults` as `wanted`, of the same type.
  public static String shortest(Preprocessing wanted, Preprocessing defaults) {
    List<String> normalizations = new ArrayList<>(List.of(""));
    normalizations.addAll(Normalization.SHORT_NAMES);
    normalizations.add(wanted.numbers());
    String best = wanted.toString();
    for (String order : List.of("", "order=" + lower(wanted.order()))) {
      for (String layout : List.of("", "layout=" + lower(wanted.layout()))) {
        for (String size : List.of("", wanted.size())) {
          for (String normalization : normalizations) {
            String text =
                String.join(
                    ",",
                    Stream.of(normalization, size, order, layout)
                        .filter(part -> !part.isEmpty())
                        .toList());
            if (!text.isEmpty() && text.length() < best.length() && reads(text, wanted, defaults)) {
              best = text;
            }
          }
        }
      }
    }
    return best;
  }

  private static boolean reads(String text, Preprocessing wanted, Preprocessing defaults) {
    try {
      return parse(text, defaults).equals(wanted);
    } catch (UnusableInputException _) {
      return false;
    }
  }

  private static String lower(Enum<?> choice) {
    return choice.name().toLowerCase(Locale.ROOT);
  }

  private static Preprocessing over(Preprocessing base, Map<String, String> parts) {
    Preprocessing result = base;
    String order = parts.get("order");
    String mean = parts.get("mean");
    String std = parts.get("std");
    if ((mean == null) != (std == null)) {
      throw new UnusableInputException(
          "mean and std are given together: add "
              + (mean == null ? "mean=0 to subtract nothing" : "std=1 to divide by nothing"));
    }
    ChannelOrder channels =
        order == null ? base.order() : choice("order", order, ChannelOrder.values());
    if (mean != null && std != null) {
      Normalization normalization = Normalization.ofNumbers(numbers(mean), numbers(std));
      result = result.with(channels, normalization);
    } else {
      result = result.withOrder(channels);
    }
    for (Map.Entry<String, String> part : parts.entrySet()) {
      String value = part.getValue();
      result =
          switch (part.getKey()) {
            case "layout" -> result.withLayout(choice("layout", value, Layout.values()));
            case "resize" -> result.withResize(Resize.parse(value));
            case "crop" ->
                result.withCrop(
                    value.equalsIgnoreCase("none")
                        ? Optional.empty()
                        : Optional.of(Size.parse(value)));
            default -> result;
          };
    }
    return result;
  }

  /// Python lists, as in `mean=[0.485, 0.456, 0.406]`, are taken too: commas inside brackets separate numbers.
  private static String insideBrackets(String text) {
    return BRACKETS
        .matcher(text)
        .replaceAll(match -> Matcher.quoteReplacement(match.group(1).replace(',', ':')));
  }

  /// Numbers separated by colons, commas, semicolons or blanks, brackets ignored.
  static List<Double> numbers(String text) {
    List<Double> numbers = new ArrayList<>();
    for (String number : text.replaceAll("[\\[\\]()]", " ").strip().split("[\\s:;,]+", -1)) {
      try {
        numbers.add(new BigDecimal(number).doubleValue());
      } catch (NumberFormatException _) {
        throw new UnusableInputException(
            "'" + text + "' are no numbers: write one, or one a channel, as in 123.7:116.3:103.5");
      }
    }
    return numbers;
  }

  private static <E extends Enum<E>> E choice(String key, String text, E[] values) {
    return Arrays.stream(values)
        .filter(value -> value.name().equalsIgnoreCase(text))
        .findFirst()
        .orElseThrow(() ->
            new UnusableInputException(
                key
                    + "="
                    + text
                    + " is not known: it is one of "
                    + String.join(
                        ", ",
                        Arrays.stream(values)
                            .map(value -> value.name().toLowerCase(Locale.ROOT))
                            .toList())));
  }
}
