package dev.halftone.data;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/// Samples whose labels do not count.
record Unlabelled(Dataset samples) implements Dataset {

  @Override
  public int size() {
    return samples.size();
  }

  @Override
  public Sample sample(int index) {
    Sample sample = samples.sample(index);
    return new Sample(sample.id(), sample.inputs(), OptionalInt.empty());
  }

  @Override
  public OptionalInt label(int index) {
    return OptionalInt.empty();
  }

  @Override
  public Optional<Picture> picture(int index) {
    return samples.picture(index);
  }

  @Override
  public List<String> notes() {
    return samples.notes();
  }

  @Override
  public String description() {
    return samples.description();
  }
}
