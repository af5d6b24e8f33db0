package dev.halftone.data.picture;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import dev.halftone.UnusableInputException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Width and height in pixels, each 1 to 65535. As text `320x48`, or `224` for a square.
public record Size(int width, int height) {

  static final int LIMIT = 65535;

  private static final Pattern TEXT = Pattern.compile("([0-9]{1,5})(?:[xX]([0-9]{1,5}))?");

  public Size {
    if (width < 1 || height < 1 || width > LIMIT || height > LIMIT) {
      throw new UnusableInputException(
          "a picture size has sides of 1 to " + LIMIT + " pixels, not " + width + "x" + height);
    }
  }

  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  public static Size parse(String text) {
    Matcher matcher = TEXT.matcher(text.strip());
    if (!matcher.matches()) {
      throw new UnusableInputException(
          "'"
              + text
              + "' is no picture size: write one number of pixels, as in 224, or WIDTHxHEIGHT, as in 320x48");
    }
    int width = Integer.parseInt(matcher.group(1));
    String second = matcher.group(2);
    return new Size(width, second == null ? width : Integer.parseInt(second));
  }

  @JsonValue
  @Override
  public String toString() {
    return width == height ? Integer.toString(width) : width + "x" + height;
  }
}
