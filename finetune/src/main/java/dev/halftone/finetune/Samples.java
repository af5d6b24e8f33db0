package dev.halftone.finetune;

import dev.halftone.calibrate.ContentHash;
import dev.halftone.data.Dataset;
import dev.halftone.data.Sample;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/// Samples kept in memory as the model takes them.
record Samples(List<Sample> samples) {

  /// A picture is moved by up to this share of its size.
  private static final double SHIFT = 0.125;

  /// It is turned by up to so many degrees.
  private static final double TURN = 5;

  /// It becomes up to so many times as large, or as small.
  private static final double ZOOM = 1.1;

  /// Its contrast becomes up to so many times as large, or as small.
  private static final double CONTRAST = 1.15;

  /// It becomes brighter or darker by up to this share of its deviation.
  private static final double BRIGHTNESS = 0.1;

  // as libtorch numbers them
  private static final long BILINEAR = 0;
  private static final long BORDER = 1;

  Samples {
    samples = List.copyOf(samples);
  }

  /// All of the data, in an order that follows from their contents alone.
  static Samples of(Dataset data) {
    List<Sample> all = new ArrayList<>();
    for (int i = 0; i < data.size(); i++) {
      all.add(data.sample(i));
    }
    Map<Sample, Long> hashes = new IdentityHashMap<>();
    all.forEach(sample -> hashes.put(sample, ContentHash.of(sample.inputs())));
    all.sort(Comparator.comparing(hashes::get));
    return new Samples(all);
  }

  int size() {
    return samples.size();
  }

  OptionalInt label(int index) {
    return samples.get(index).label();
  }

  /// True where every input is one picture: [1, 1 or 3, height, width].
  boolean arePictures() {
    return samples.stream()
        .allMatch(sample -> sample.inputs().values().stream().allMatch(Samples::isPicture));
  }

  private static boolean isPicture(dev.halftone.tensor.Tensor tensor) {
    long[] shape = tensor.shape().dims();
    return shape.length == 4 && (shape[1] == 1 || shape[1] == 3) && shape[2] > 7 && shape[3] > 7;
  }

  /// True where all samples have the same shapes, so that several can be run at once.
  boolean areAlike() {
    Sample first = samples.getFirst();
    return samples.stream()
        .allMatch(sample ->
            sample.inputs().entrySet().stream()
                .allMatch(
                    entry -> entry.getValue().shape().equals(first.input(entry.getKey()).shape())));
  }

  Map<String, Tensor> batch(int[] indices) {
    return batch(indices, picture -> picture);
  }

  /// The same, each picture mirrored by chance, moved, turned, resized, and its contrast and brightness changed; its edge is repeated.
  Map<String, Tensor> augmented(int[] indices, RandomGenerator random) {
    return batch(indices, picture -> augmented(picture, random));
  }

  private Map<String, Tensor> batch(int[] indices, UnaryOperator<Tensor> each) {
    Map<String, Tensor> inputs = new HashMap<>();
    for (String name : samples.getFirst().inputs().keySet()) {
      Tensor[] parts =
          Arrays.stream(indices)
              .mapToObj(i -> each.apply(Libtorch.tensor(samples.get(i).input(name))))
              .toArray(Tensor[]::new);
      inputs.put(name, torch.cat(new TensorVector(parts), 0));
    }
    return inputs;
  }

  private static Tensor augmented(Tensor picture, RandomGenerator random) {
    double angle = Math.toRadians(TURN) * signed(random);
    double size = Math.pow(ZOOM, signed(random));
    double mirror = random.nextBoolean() ? -1 : 1;
    double cosine = Math.cos(angle) / size;
    double sine = Math.sin(angle) / size;
    double across = 2 * SHIFT * signed(random); // the picture reaches from -1 to 1
    double down = 2 * SHIFT * signed(random);
    float[] map = {
      (float) (mirror * cosine), (float) -sine, (float) across,
      (float) (mirror * sine), (float) cosine, (float) down
    };
    Tensor places =
        torch.affine_grid_generator(Libtorch.tensor(map, 1, 2, 3), Libtorch.shape(picture), false);
    Tensor moved = torch.grid_sampler(picture, places, BILINEAR, BORDER, false);
    Tensor mean = moved.mean();
    return moved
        .sub(mean)
        .mul(Libtorch.number(Math.pow(CONTRAST, signed(random))))
        .add(mean)
        .add(moved.std().mul(Libtorch.number(BRIGHTNESS * signed(random))));
  }

  /// Between -1 and 1.
  private static double signed(RandomGenerator random) {
    return 2 * random.nextDouble() - 1;
  }
}
