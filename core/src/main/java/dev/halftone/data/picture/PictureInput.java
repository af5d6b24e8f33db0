package dev.halftone.data.picture;

import dev.halftone.graph.Dim;
import dev.halftone.graph.TensorType;
import dev.halftone.graph.Value;
import dev.halftone.tensor.DType;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A model's input that can take pictures, as read from its declared type.
///
/// @param channels 1 or 3
/// @param height empty where it is not known before the model runs
/// @param width likewise
public record PictureInput(
    String name,
    DType dtype,
    Layout layout,
    int channels,
    Optional<Integer> height,
    Optional<Integer> width) {

  /// The first of these inputs that can take pictures.
  static Optional<PictureInput> first(List<Value> inputs) {
    return inputs.stream().flatMap(input -> of(input).stream()).findFirst();
  }

  /// Rank 4 with 1 or 3 channels in the second or last place (an unknown number counts as 3), or with the batch dimension left out,
  /// or flattened to rank 2 (784: 28x28, 3072: 3x32x32); of type FLOAT, FLOAT16 or UINT8.
  public static Optional<PictureInput> of(Value input) {
    if (input.type().isEmpty()) {
      return Optional.empty();
    }
    TensorType type = input.type().get();
    DType dtype = type.dtype();
    if (dtype != DType.FLOAT && dtype != DType.FLOAT16 && dtype != DType.UINT8) {
      return Optional.empty();
    }
    if (type.dims().isEmpty()) {
      return Optional.of(
          new PictureInput(
              input.name(), dtype, Layout.NCHW, 3, Optional.empty(), Optional.empty()));
    }
    List<Dim> dims = type.dims().get();
    return switch (dims.size()) {
      case 4 -> image(input.name(), dtype, dims.subList(1, 4));
      case 3 -> ofRank3(input.name(), dtype, dims);
      case 2 -> flattened(input.name(), dtype, dims.get(1).size());
      default -> Optional.empty();
    };
  }

  /// `dims` without batch: CHW or HWC.
  private static Optional<PictureInput> image(String name, DType dtype, List<Dim> dims) {
    if (isChannels(dims.get(0))) {
      return Optional.of(of(name, dtype, Layout.NCHW, dims.get(0), dims.get(1), dims.get(2)));
    }
    if (isChannels(dims.get(2))) {
      return Optional.of(of(name, dtype, Layout.NHWC, dims.get(2), dims.get(0), dims.get(1)));
    }
    return dims.get(0).isKnown()
        ? Optional.empty()
        : Optional.of(of(name, dtype, Layout.NCHW, Dim.of(3), dims.get(1), dims.get(2)));
  }

  /// CHW or HWC without a batch, or a batch of gray pictures, NHW.
  private static Optional<PictureInput> ofRank3(String name, DType dtype, List<Dim> dims) {
    if (isChannels(dims.get(2)) || (isChannels(dims.get(0)) && dims.get(0).size() == 3)) {
      return image(name, dtype, dims);
    }
    boolean square = dims.get(1).isKnown() && dims.get(2).isKnown();
    return square
        ? Optional.of(of(name, dtype, Layout.NCHW, Dim.of(1), dims.get(1), dims.get(2)))
        : Optional.empty();
  }

  private static Optional<PictureInput> flattened(String name, DType dtype, long size) {
    for (int channels : new int[] {1, 3}) {
      long side = Math.round(Math.sqrt((double) size / channels));
      if (size >= 16 && side * side * channels == size) {
        return Optional.of(
            of(name, dtype, Layout.NCHW, Dim.of(channels), Dim.of(side), Dim.of(side)));
      }
    }
    return Optional.empty();
  }

  private static boolean isChannels(Dim dim) {
    return dim.size() == 1 || dim.size() == 3;
  }

  private static PictureInput of(
      String name, DType dtype, Layout layout, Dim channels, Dim height, Dim width) {
    return new PictureInput(name, dtype, layout, (int) channels.size(), side(height), side(width));
  }

  private static Optional<Integer> side(Dim dim) {
    return dim.isKnown() && dim.size() > 0 && dim.size() <= Size.LIMIT
        ? Optional.of((int) dim.size())
        : Optional.empty();
  }

  /// Whether type or metadata say what mean and std are; see [#defaults].
  PreprocessingEvidence evidence(Map<String, String> metadata) {
    if (dtype == DType.UINT8) {
      return PreprocessingEvidence.TYPE;
    }
    return said(metadata).isPresent() ? PreprocessingEvidence.METADATA : PreprocessingEvidence.NONE;
  }

  /// Mean and std as type or metadata say them.
  private Optional<Normalization> said(Map<String, String> metadata) {
    if (dtype == DType.UINT8) {
      return Optional.of(Normalization.RAW);
    }
    if (metadata.containsKey("mean") && metadata.containsKey("std")) {
      return Optional.of(
          Normalization.ofNumbers(
              PreprocessingText.numbers(metadata.getOrDefault("mean", "")),
              PreprocessingText.numbers(metadata.getOrDefault("std", ""))));
    }
    return switch (metadata.getOrDefault("Image.NominalPixelRange", "")) {
      case "NominalRange_0_255" -> Optional.of(Normalization.RAW);
      case "Normalized_0_1" -> Optional.of(Normalization.ZERO_TO_ONE);
      case "Normalized_1_1" -> Optional.of(Normalization.MINUS_ONE_TO_ONE);
      default -> Optional.empty();
    };
  }

  /// See [Preprocessing#defaultsFor(List, Map)].
  Preprocessing defaults(Map<String, String> metadata) {
    ChannelOrder order =
        channels == 1
            ? ChannelOrder.GRAY
            : metadata.getOrDefault("Image.BitmapPixelFormat", "").startsWith("Bgr")
                ? ChannelOrder.BGR
                : ChannelOrder.RGB;
    Optional<Size> crop = height.flatMap(h -> width.map(w -> new Size(w, h)));
    Resize resize =
        height.isPresent() && width.isEmpty() ? new Resize.Height(height.get()) : new Resize.Auto();
    Preprocessing raw = new Preprocessing(resize, crop, Normalization.RAW, order, layout, dtype);
    Optional<Normalization> said = said(metadata);
    return said.isEmpty() && channels != 1
        ? Normalization.IMAGENET.ofRgb(raw)
        : said.orElse(Normalization.ZERO_TO_ONE).over(raw);
  }
}
