package dev.halftone.data.picture;

import dev.halftone.UnusableInputException;
import java.math.BigDecimal;
import java.util.List;
import java.util.Locale;

/// The normalization of pixels for a model: `(pixel - mean) / std`, in pixel units (0..255).
///
/// @param mean one number, or one a channel in the order in which the model takes them
/// @param std likewise; positive
public record Normalization(List<Double> mean, List<Double> std) {

  public Normalization {
    mean = simplest(mean);
    std = simplest(std);
  }

  static final String NAMES = "imagenet, -1..1 (or tf), 0..1, raw, caffe";

  static final List<String> SHORT_NAMES = List.of("imagenet", "-1..1", "0..1", "raw", "caffe");

  /// Statistics of the ImageNet training set, RGB: torchvision's times 255.
  static final Normalization IMAGENET =
      new Normalization(List.of(123.675, 116.28, 103.53), List.of(58.395, 57.12, 57.375));

  static final Normalization MINUS_ONE_TO_ONE = new Normalization(List.of(127.5), List.of(127.5));
  static final Normalization ZERO_TO_ONE = new Normalization(List.of(0.0), List.of(255.0));
  static final Normalization RAW = new Normalization(List.of(0.0), List.of(1.0));

  /// Means of the ImageNet training set, BGR, nothing divided: Caffe's and Keras' `caffe` mode.
  private static final Normalization CAFFE =
      new Normalization(List.of(103.939, 116.779, 123.68), List.of(1.0));

  static Preprocessing named(String name, Preprocessing defaults) {
    return switch (name.toLowerCase(Locale.ROOT)) {
      case "imagenet" -> IMAGENET.ofRgb(defaults);
      case "-1..1", "tf" -> MINUS_ONE_TO_ONE.over(defaults);
      case "0..1" -> ZERO_TO_ONE.over(defaults);
      case "raw" -> RAW.over(defaults);
      case "caffe" -> defaults.with(ChannelOrder.BGR, CAFFE);
      default ->
          throw new UnusableInputException(
              "'"
                  + name
                  + "' is no known preprocessing: name one of "
                  + NAMES
                  + ", or write parts as in resize=256,crop=224,mean=123.7:116.3:103.5,std=58.4:57.1:57.4");
    };
  }

  /// Takes numbers on the 0..1 scale for what they evidently are: no mean and no std above 1, and not the identity.
  static Normalization ofNumbers(List<Double> mean, List<Double> std) {
    Normalization given = new Normalization(mean, std);
    boolean smallMean = mean.stream().allMatch(value -> Math.abs(value) <= 1);
    boolean smallStd = std.stream().allMatch(value -> value <= 1);
    boolean identity =
        mean.stream().allMatch(value -> value == 0) && std.stream().allMatch(value -> value == 1);
    if (smallMean && smallStd && !identity) {
      return new Normalization(times255(mean), times255(std));
    }
    boolean tinyStd = std.stream().anyMatch(value -> value < 1);
    boolean unitMean = smallMean && mean.stream().anyMatch(value -> value != Math.rint(value));
    if (tinyStd || (unitMean && !smallStd)) {
      throw new UnusableInputException(
          "mean "
              + mean
              + " and std "
              + std
              + " are on different scales: give both in pixel units (0..255), or both on the 0..1 scale");
    }
    return given;
  }

  private static List<Double> times255(List<Double> values) {
    return values.stream()
        .map(value -> BigDecimal.valueOf(value).multiply(BigDecimal.valueOf(255)).doubleValue())
        .toList();
  }

  private static List<Double> simplest(List<Double> values) {
    return values.stream().distinct().count() == 1
        ? List.of(values.getFirst())
        : List.copyOf(values);
  }

  /// The same of channels in the other order.
  Normalization reversed() {
    return new Normalization(mean.reversed(), std.reversed());
  }

  Preprocessing over(Preprocessing defaults) {
    return defaults.with(defaults.order(), this);
  }

  /// These statistics of red, green and blue, in the order that `defaults` takes them.
  Preprocessing ofRgb(Preprocessing defaults) {
    return defaults.order() == ChannelOrder.BGR
        ? defaults.with(ChannelOrder.BGR, reversed())
        : over(defaults);
  }
}
