package dev.halftone.verify;

import dev.halftone.data.picture.ChannelOrder;
import dev.halftone.data.picture.Preprocessing;
import dev.halftone.data.picture.Resize;
import dev.halftone.data.picture.Size;
import dev.halftone.tensor.DType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The preprocessings that published models were trained with, each one step away from a given one.
///
/// `-1..1` stands for mean 127 and std 128 too: no number of pictures tells the two apart.
final class PreprocessingHabits {

  private PreprocessingHabits() {}

  /// Other mean and std.
  static List<Preprocessing> normalizations(Preprocessing given) {
    if (given.dtype() == DType.UINT8) {
      return List.of();
    }
    List<String> names = new ArrayList<>(List.of("-1..1", "0..1", "raw"));
    if (given.order() != ChannelOrder.GRAY) {
      names.addAll(List.of("imagenet", "caffe"));
    }
    return names.stream().map(name -> Preprocessing.parse(name, given)).toList();
  }

  /// Red and blue exchanged.
  static List<Preprocessing> orders(Preprocessing given) {
    return switch (given.order()) {
      case RGB -> List.of(given.withOrder(ChannelOrder.BGR));
      case BGR -> List.of(given.withOrder(ChannelOrder.RGB));
      case GRAY -> List.of();
    };
  }

  /// The whole picture stretched to the input's size; the middle of its whole height; the middle of a picture an eighth larger.
  static List<Preprocessing> sizes(Preprocessing given) {
    Optional<Size> crop = given.crop();
    if (crop.isEmpty()) {
      return List.of();
    }
    int side = Math.max(crop.get().width(), crop.get().height());
    return List.of(
        given.withResize(new Resize.Exact(crop.get())),
        given.withResize(new Resize.ShorterSide(side)),
        given.withResize(new Resize.ShorterSide(Math.min(side * 8 / 7, 16_384))));
  }
}
