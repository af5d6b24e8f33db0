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
import org.bytedeco.pytorch.DoubleOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/// Samples kept in memory as the model takes them.
record Samples(List<Sample> samples) {

  /// A picture is moved by up to this share of its size.
  private static final double SHIFT = 0.125;

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

  /// The same, each picture mirrored by chance and moved, its edge repeated.
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
    long height = picture.size(2);
    long width = picture.size(3);
    long down = Math.round(height * SHIFT);
    long across = Math.round(width * SHIFT);
    Tensor mirrored = random.nextBoolean() ? picture.flip(3) : picture;
    Tensor wide =
        torch.pad(
            mirrored, new long[] {across, across, down, down}, "replicate", new DoubleOptional());
    return wide.narrow(2, random.nextLong(2 * down + 1), height)
        .narrow(3, random.nextLong(2 * across + 1), width);
  }
}
