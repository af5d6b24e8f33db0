package dev.halftone.plan.rounding;

import dev.halftone.tensor.Tensor;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import java.util.function.ObjIntConsumer;

/// The values of one tensor, sample by sample, in the form they are stored in.
///
/// @param values hands the value of a sample to what uses it
/// @param closing gives back what they are made with
record Source(ActivationStorage form, ObjIntConsumer<Consumer<Tensor>> values, Runnable closing)
    implements AutoCloseable {

  /// Values that are there.
  static Source kept(ActivationStorage form, IntFunction<Tensor> values) {
    return new Source(form, (use, sample) -> use.accept(values.apply(sample)), () -> {});
  }

  /// The tensor is valid until `use` returns.
  void take(int sample, Consumer<Tensor> use) {
    values.accept(use, sample);
  }

  @Override
  public void close() {
    closing.run();
  }
}
