package dev.halftone.verify;

import dev.halftone.calibrate.ContentHash;
import dev.halftone.data.Dataset;
import dev.halftone.data.Sample;
import dev.halftone.data.picture.Picture;
import dev.halftone.data.text.TextPairs;
import dev.halftone.engine.Runner;
import dev.halftone.graph.Value;
import dev.halftone.tensor.Tensor;
import dev.halftone.wording.Figures;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/// Notices, while a comparison reads samples and runs the float model, that they are all alike, or that its answers are: nothing can be
/// told from those.
public final class SampleWatch {

  private final Dataset data;
  private final Set<Long> inputs = ConcurrentHashMap.newKeySet();
  private final Set<Long> outputs = ConcurrentHashMap.newKeySet();
  private final AtomicBoolean hasNumbers = new AtomicBoolean();

  public SampleWatch(Dataset data) {
    this.data = data;
  }

  /// The samples, watched.
  public Dataset data() {
    return new Watched();
  }

  /// The float model, watched.
  public Runner over(Runner floatModel) {
    return new WatchedRunner(floatModel);
  }

  /// What was noticed once all samples have passed.
  public Premises premises() {
    String all = Figures.count(data.size(), "sample");
    if (data.size() < 2) {
      return Premises.NONE;
    }
    if (inputs.size() == 1) {
      return Premises.doubting(
          hasNumbers.get()
              ? "all %s are the same, so they show nothing: give different ones".formatted(all)
              : "all %s are zero throughout, so they show nothing: give real ones".formatted(all));
    }
    if (outputs.size() == 1) {
      return Premises.doubting(
          "the float model gives the same output for all %s: check the preprocessing, the samples and the model"
              .formatted(all));
    }
    return 2 * inputs.size() < data.size()
        ? Premises.assuming(
            "Only %s differ from each other; the others repeat them, and count as if they were new."
                .formatted(Figures.text("%,d of %s", inputs.size(), all)))
        : Premises.NONE;
  }

  private void see(Sample sample) {
    if (!hasNumbers.get()
        && sample.inputs().values().stream().anyMatch(tensor -> !isZero(tensor.data()))) {
      hasNumbers.set(true);
    }
    inputs.add(ContentHash.of(sample.inputs()));
  }

  private void see(Map<String, Tensor> answer) {
    if (outputs.size() < 2) {
      outputs.add(ContentHash.of(answer));
    }
  }

  private static boolean isZero(MemorySegment bytes) {
    for (long at = 0; at < bytes.byteSize(); at++) {
      if (bytes.get(ValueLayout.JAVA_BYTE, at) != 0) {
        return false;
      }
    }
    return true;
  }

  private final class Watched implements Dataset {

    @Override
    public int size() {
      return data.size();
    }

    @Override
    public Sample sample(int index) {
      Sample sample = data.sample(index);
      see(sample);
      return sample;
    }

    @Override
    public OptionalInt label(int index) {
      return data.label(index);
    }

    @Override
    public Optional<String> text(int index) {
      return data.text(index);
    }

    @Override
    public Optional<Picture> picture(int index) {
      return data.picture(index);
    }

    @Override
    public boolean isPicture(int index) {
      return data.isPicture(index);
    }

    @Override
    public Optional<TextPairs> pairs() {
      return data.pairs();
    }

    @Override
    public int together() {
      return data.together();
    }

    @Override
    public String description() {
      return data.description();
    }
  }

  private final class WatchedRunner implements Runner {

    private final Runner model;

    WatchedRunner(Runner model) {
      this.model = model;
    }

    @Override
    public List<Value> inputs() {
      return model.inputs();
    }

    @Override
    public List<Value> outputs() {
      return model.outputs();
    }

    @Override
    public void run(Map<String, Tensor> given, Consumer<Map<String, Tensor>> use) {
      model.run(
          given,
          answer -> {
            see(answer);
            use.accept(answer);
          });
    }

    @Override
    public void close() {
      model.close();
    }
  }
}
