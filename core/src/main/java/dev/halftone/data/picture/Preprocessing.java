package dev.halftone.data.picture;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.halftone.UnusableInputException;
import dev.halftone.graph.Model;
import dev.halftone.graph.Value;
import dev.halftone.tensor.DType;
import dev.halftone.tensor.Tensor;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The way from a picture to a model's input: scale, crop the middle, reorder channels, then `(pixel - mean) / std`.
///
/// @param crop size of the middle part that is kept; empty keeps all
/// @param normalization with one number, or one a channel of `order`
/// @param dtype FLOAT or FLOAT16; or UINT8 for a model that normalizes by itself, then mean is 0 and std 1
public record Preprocessing(
    Resize resize,
    Optional<Size> crop,
    @JsonUnwrapped Normalization normalization,
    ChannelOrder order,
    Layout layout,
    DType dtype) {

  /// What the command line says about its text form.
  public static final String HELP =
      """
      Parts separated by commas; what is not given is taken from the model, or has
      the usual value.
        resize=256      scale the shorter side to 256 pixels; resize=320x48 scales to
                        that width and height, resize=?x48 to that height; resize=none
                        does not scale, resize=auto scales to what the crop needs
        crop=224        keep the middle 224x224 (or 320x48); crop=none keeps all
        mean=.. std=..  the model gets (pixel - mean) / std with pixels of 0..255: one
                        number, or one a channel, separated by colons, in the order in
                        which the model takes the channels, as in
                        mean=123.7:116.3:103.5. Numbers on the 0..1 scale (no mean and
                        no std above 1), as in mean=0.485:0.456:0.406, are recognized
                        and multiplied by 255; mean=0,std=1 is the pixel itself
        order=rgb       or bgr, gray
        layout=nchw     or nhwc
      or first the name of a normalization:
        imagenet        mean=0.485:0.456:0.406, std=0.229:0.224:0.225 (0..1 scale)
        -1..1 or tf     pixel / 127.5 - 1
        0..1            pixel / 255
        raw             the pixel
        caffe           BGR minus 103.939:116.779:123.68
      as in: imagenet
             raw,order=bgr
             resize=256,crop=224,mean=123.7:116.3:103.5,std=58.4:57.1:57.4\
      """;

  public Preprocessing {
    List<Double> mean = normalization.mean();
    List<Double> std = normalization.std();
    requireCount("mean", mean, order);
    requireCount("std", std, order);
    if (!mean.stream().allMatch(Double::isFinite)
        || !std.stream().allMatch(value -> Double.isFinite(value) && value > 0)) {
      throw new UnusableInputException(
          "mean must be finite and std positive, not mean=" + join(mean) + ",std=" + join(std));
    }
    if (dtype != DType.FLOAT && dtype != DType.FLOAT16 && dtype != DType.UINT8) {
      throw new UnusableInputException(
          "pictures are fed to a model as FLOAT, FLOAT16 or UINT8, not as "
              + dtype
              + ": give the samples as .npy or .npz arrays of that type");
    }
    if (dtype == DType.UINT8 && !(mean.equals(List.of(0.0)) && std.equals(List.of(1.0)))) {
      throw new UnusableInputException(
          "the model takes uint8 pixels and normalizes them by itself, so mean="
              + join(mean)
              + ",std="
              + join(std)
              + " cannot be applied: leave mean and std out, or say raw");
    }
  }

  /// The pixels as they are, RGB, NCHW, float.
  public static final Preprocessing RAW =
      new Preprocessing(
          new Resize.Auto(),
          Optional.empty(),
          Normalization.RAW,
          ChannelOrder.RGB,
          Layout.NCHW,
          DType.FLOAT);

  public List<Double> mean() {
    return normalization.mean();
  }

  public List<Double> std() {
    return normalization.std();
  }

  /// What a model of this kind usually takes; see [#defaultsFor(List, Map)]. A network whose first nodes normalize their input, and whose metadata say
  /// nothing, gets the pixels that these expect.
  public static Preprocessing defaultsFor(Model model) {
    return PreprocessingGuess.of(model).preprocessing();
  }

  /// What a model with these inputs usually takes.
  ///
  /// Type, layout, number of channels and the size of the crop come from the first input that can take pictures; unknown height and width keep
  /// the size of the pictures. Mean and std come from the entries `mean` and `std` of the metadata, or from the image entries that the ONNX
  /// specification defines (`Image.NominalPixelRange`, `Image.BitmapPixelFormat`); else they are ImageNet's for three channels,
  /// 0 and 255 for one, and none for uint8. A model that takes no pictures gives [#RAW].
  public static Preprocessing defaultsFor(List<Value> inputs, Map<String, String> metadata) {
    return PreprocessingGuess.of(inputs, metadata).preprocessing();
  }

  /// Reads the text form, as in `imagenet,resize=256,crop=224` (see [#HELP]); what it does not say is as in `defaults`.
  public static Preprocessing parse(String text, Preprocessing defaults) {
    return PreprocessingText.parse(text, defaults);
  }

  /// The model's input for one picture, batch dimension 1, in native memory.
  ///
  /// Throws UnusableInputException where the picture, after scaling, is smaller than the crop.
  public Tensor apply(Picture picture) {
    return PixelPacking.pack(fit(picture), this);
  }

  /// The picture scaled and cropped, its channels not reordered yet; gray where `order` is.
  public Picture fit(Picture picture) {
    Picture coloured = order == ChannelOrder.GRAY ? picture.toGray() : picture;
    Picture scaled = coloured.resized(scaled(picture.size()));
    if (crop.isEmpty()) {
      return scaled;
    }
    Size size = crop.get();
    if (size.width() > scaled.width() || size.height() > scaled.height()) {
      throw new UnusableInputException(
          "a picture of "
              + scaled.width()
              + "x"
              + scaled.height()
              + " is smaller than crop="
              + size
              + ": scale it with resize="
              + Math.max(size.width(), size.height()));
    }
    return scaled.centreCrop(size);
  }

  /// The size to which a picture of `from` is scaled before it is cropped; a picture of that size stays as it is.
  Size scaled(Size from) {
    return resize.target(from, crop);
  }

  public Preprocessing withResize(Resize other) {
    return new Preprocessing(other, crop, normalization, order, layout, dtype);
  }

  public Preprocessing withCrop(Optional<Size> other) {
    return new Preprocessing(resize, other, normalization, order, layout, dtype);
  }

  /// Other channels, and a normalization in the order given.
  public Preprocessing with(ChannelOrder otherOrder, Normalization other) {
    return new Preprocessing(resize, crop, other, otherOrder, layout, dtype);
  }

  /// The same statistics of the same colours, taken in another order: mean and std follow their colour from RGB to BGR and back.
  public Preprocessing withOrder(ChannelOrder other) {
    boolean reverse = other != order && other.channels() == order.channels();
    return new Preprocessing(
        resize, crop, reverse ? normalization.reversed() : normalization, other, layout, dtype);
  }

  public Preprocessing withLayout(Layout other) {
    return new Preprocessing(resize, crop, normalization, order, other, dtype);
  }

  /// The text form without the element type; [#parse] reads it back over any defaults of the same type.
  @Override
  public String toString() {
    return size()
        + ",order="
        + order.name().toLowerCase(java.util.Locale.ROOT)
        + ",layout="
        + layout.name().toLowerCase(java.util.Locale.ROOT)
        + ","
        + numbers();
  }

  /// As in `resize=256,crop=224`.
  String size() {
    return "resize=" + resize + ",crop=" + crop.map(Size::toString).orElse("none");
  }

  /// As in `mean=0,std=255`.
  String numbers() {
    return "mean=" + join(mean()) + ",std=" + join(std());
  }

  private static void requireCount(String name, List<Double> values, ChannelOrder order) {
    if (values.size() != 1 && values.size() != order.channels()) {
      throw new UnusableInputException(
          name
              + " has "
              + values.size()
              + " numbers, but order="
              + order.name().toLowerCase(java.util.Locale.ROOT)
              + " has "
              + (order.channels() == 1
                  ? "one channel: give one"
                  : "three channels: give one or three"));
    }
  }

  private static String join(List<Double> values) {
    return String.join(
        ":",
        values.stream()
            .map(value -> Double.isFinite(value) ? plain(value) : value.toString())
            .toList());
  }

  private static String plain(double value) {
    return new BigDecimal(Double.toString(value)).stripTrailingZeros().toPlainString();
  }
}
