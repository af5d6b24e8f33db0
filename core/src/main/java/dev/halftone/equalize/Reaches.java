package dev.halftone.equalize;

import dev.halftone.graph.Model;
import dev.halftone.graph.shape.ShapeInference;
import dev.halftone.tensor.DType;
import dev.halftone.tensor.Tensor;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// How far the channels reach that could be divided, observed while a network runs; safe for use by several threads at once.
public final class Reaches {

  private final Map<Stretch, Reach> reaches = new LinkedHashMap<>();
  private final Map<String, Reach> byTensor;

  private Reaches(List<Stretch> stretches) {
    stretches.forEach(
        stretch -> reaches.put(stretch, new Reach(stretch.axis(), stretch.channels())));
    this.byTensor =
        reaches.entrySet().stream()
            .collect(Collectors.toMap(entry -> entry.getKey().tensor(), Map.Entry::getValue));
  }

  /// Nothing to observe.
  public static Reaches none() {
    return new Reaches(List.of());
  }

  /// @param prepared the network that shall run
  public static Reaches of(Model prepared) {
    return new Reaches(Stretch.of(prepared.graph(), ShapeInference.infer(prepared)));
  }

  /// What must be observed.
  public Set<String> tensors() {
    return byTensor.keySet();
  }

  /// Takes a tensor of one sample; any that is not among [#tensors] is passed over.
  public void observe(String name, Tensor tensor) {
    Reach reach = byTensor.get(name);
    if (reach != null && tensor.dtype() == DType.FLOAT) {
      reach.observe(tensor);
    }
  }

  /// @param weightBits that weights shall have
  public Equalization equalization(int weightBits) {
    SortedMap<String, List<Double>> factors = new TreeMap<>();
    reaches.forEach((stretch, seen) -> {
      Optional<Float> floor = stretch.floor();
      Reach counting = floor.map(seen::above).orElse(seen);
      List<Double> chosen =
          Arrays.stream(Factors.choose(stretch, counting, weightBits)).boxed().toList();
      boolean cuts = floor.isPresent() && seen.lowest() < floor.get();
      if (cuts || chosen.stream().anyMatch(factor -> factor != 1)) {
        factors.put(stretch.tensor(), chosen);
      }
    });
    return new Equalization(factors);
  }
}
