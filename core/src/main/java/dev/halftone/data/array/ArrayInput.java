package dev.halftone.data.array;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import dev.halftone.data.ModelInput;
import dev.halftone.data.picture.ImageFolder;
import dev.halftone.data.picture.Picture;
import dev.halftone.data.picture.PictureInput;
import dev.halftone.data.picture.Preprocessing;
import dev.halftone.graph.Value;
import dev.halftone.tensor.DType;
import dev.halftone.tensor.Shape;
import dev.halftone.tensor.Tensor;
import java.util.Optional;

/// One input of a model that is fed from numpy arrays.
///
/// Arrays of uint8 that look like pictures, for an input that can take pictures, are pixels: they get the preprocessing that picture files get.
/// All others are fed as they are.
///
/// @param pictures empty where the input cannot take pictures
record ArrayInput(ModelInput input, Optional<PictureInput> pictures, Preprocessing preprocessing) {

  static ArrayInput of(Value value, Preprocessing preprocessing) {
    return new ArrayInput(ModelInput.of(value), PictureInput.of(value), preprocessing);
  }

  String name() {
    return input.name();
  }

  /// @param one the array of a sample: the whole input, whatever its shape; a batch dimension of 1 may be missing
  /// @param what the sample, in an error
  Tensor feed(Tensor one, String what) {
    Optional<Picture> picture = asPicture(one);
    return picture.isPresent()
        ? input.fit(preprocessing.apply(picture.get()), what, ImageFolder.remedy(preprocessing))
        : input.fit(one, what, "save the array with shape " + input.words(leading()));
  }

  private String[] leading() {
    return input.isBatched() ? new String[] {"1"} : new String[0];
  }

  /// True of a picture with a batch dimension of 1, as a file for a single sample may hold.
  boolean isBatchOfOnePicture(Tensor tensor) {
    Shape shape = tensor.shape();
    return tensor.dtype() == DType.UINT8
        && pictures.isPresent()
        && shape.rank() == 4
        && shape.dim(0) == 1;
  }

  /// The pixels, where the sample is a picture.
  Optional<Picture> asPicture(Tensor one) {
    if (one.dtype() != DType.UINT8 || pictures.isEmpty() || one.count() == 0) {
      return Optional.empty();
    }
    Shape shape = one.shape();
    PictureInput wanted = pictures.get();
    if (shape.rank() == 1 && wanted.channels() == 1 && wanted.height().isPresent()) {
      int height = wanted.height().get();
      int width = wanted.width().orElse((int) (one.count() / height));
      return one.count() == (long) height * width
          ? Optional.of(new Picture(width, height, 1, one.toBytes()))
          : Optional.empty();
    } else if (shape.rank() == 2) {
      return Optional.of(new Picture((int) shape.dim(1), (int) shape.dim(0), 1, one.toBytes()));
    } else if (shape.rank() == 3 && isChannels(shape.dim(2))) {
      return Optional.of(
          new Picture((int) shape.dim(1), (int) shape.dim(0), (int) shape.dim(2), one.toBytes()));
    } else if (shape.rank() == 3 && isChannels(shape.dim(0))) {
      return Optional.of(ofPlanes(one));
    }
    return Optional.empty();
  }

  private static boolean isChannels(long dim) {
    return dim == 1 || dim == 3;
  }

  /// @param one `[channels][height][width]`
  private static Picture ofPlanes(Tensor one) {
    int channels = (int) one.shape().dim(0);
    int height = (int) one.shape().dim(1);
    int width = (int) one.shape().dim(2);
    byte[] from = one.data().toArray(JAVA_BYTE);
    byte[] to = new byte[from.length];
    for (int c = 0, i = 0; c < channels; c++) {
      for (int at = c; at < to.length; at += channels) {
        to[at] = from[i++];
      }
    }
    return new Picture(width, height, channels, to);
  }
}
