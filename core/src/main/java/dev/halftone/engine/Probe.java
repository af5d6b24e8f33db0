package dev.halftone.engine;

import dev.halftone.tensor.Tensor;
import java.util.Set;

/// An observer of tensors while a network runs. What it gathers does not depend on the order of the samples.
public interface Probe {

  /// What must be observed, by name.
  Set<String> tensors();

  /// Takes a tensor of one sample, FLOAT, from any thread; any that is not among [#tensors] is passed over.
  void observe(String name, Tensor tensor);
}
