package dev.halftone.data.picture;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import dev.halftone.UnusableInputException;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The scaling of a picture before it is cropped. Each kind has a text form, which is also its form in JSON.
public sealed interface Resize {

  /// `none`: the picture as it is.
  record None() implements Resize {
    @Override
    public String toString() {
      return "none";
    }
  }

  /// `auto`: whatever brings the picture to the size of the crop. A picture of that size already is left alone, as is every
  /// picture where there is no crop. Square crops of 128 and more take the usual evaluation protocol of ImageNet, shorter side 8/7 of
  /// the crop's (224: 256); smaller square crops scale the shorter side to the crop's; other crops stretch the picture to their size.
  record Auto() implements Resize {
    @Override
    public String toString() {
      return "auto";
    }
  }

  /// `256`: the shorter side in pixels; the longer one keeps the aspect ratio, rounded down.
  record ShorterSide(int pixels) implements Resize {
    public ShorterSide {
      requireSide(pixels);
    }

    @Override
    public String toString() {
      return Integer.toString(pixels);
    }
  }

  /// `320x48`: exactly this width and height, whatever the aspect ratio.
  record Exact(Size size) implements Resize {
    @Override
    public String toString() {
      return size.width() + "x" + size.height();
    }
  }

  /// `?x48`: the height in pixels; the width keeps the aspect ratio, rounded to the nearest.
  record Height(int pixels) implements Resize {
    public Height {
      requireSide(pixels);
    }

    @Override
    public String toString() {
      return "?x" + pixels;
    }
  }

  /// The size to which a picture of `from` is scaled.
  default Size target(Size from, Optional<Size> crop) {
    return switch (this) {
      case None() -> from;
      case ShorterSide(int pixels) -> shorterSide(from, pixels);
      case Exact(Size size) -> size;
      case Height(int pixels) ->
          new Size(clamp(Math.round(from.width() * (double) pixels / from.height())), pixels);
      case Auto() -> crop.map(size -> automatic(from, size)).orElse(from);
    };
  }

  private static Size automatic(Size from, Size crop) {
    if (from.equals(crop) || crop.width() != crop.height()) {
      return crop;
    }
    int side = crop.width();
    return shorterSide(from, side < 128 ? side : side * 8 / 7);
  }

  private static Size shorterSide(Size from, int pixels) {
    int shorter = Math.min(from.width(), from.height());
    int longer = Math.max(from.width(), from.height());
    int scaled = clamp((long) pixels * longer / shorter);
    return from.width() <= from.height() ? new Size(pixels, scaled) : new Size(scaled, pixels);
  }

  private static int clamp(long pixels) {
    return Math.clamp(pixels, 1, Size.LIMIT);
  }

  private static void requireSide(int pixels) {
    new Size(pixels, pixels);
  }

  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  static Resize parse(String text) {
    String value = text.strip().toLowerCase(Locale.ROOT);
    Matcher height = Pattern.compile("\\?x([0-9]{1,5})").matcher(value);
    if (value.equals("none")) {
      return new None();
    } else if (value.equals("auto")) {
      return new Auto();
    } else if (height.matches()) {
      return new Height(Integer.parseInt(height.group(1)));
    } else if (value.matches("[0-9]{1,5}")) {
      return new ShorterSide(Integer.parseInt(value));
    } else if (value.matches("[0-9]{1,5}x[0-9]{1,5}")) {
      return new Exact(Size.parse(value));
    }
    throw new UnusableInputException(
        "'"
            + text
            + "' is no way to resize: write the shorter side, as in 256, or WIDTHxHEIGHT, as in 320x48, or ?x48 to keep the aspect ratio, or auto, or none");
  }

  /// The text form, which [#parse] reads.
  @JsonValue
  default String text() {
    return toString();
  }
}
