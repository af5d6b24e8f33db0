package dev.halftone.plan.rounding;

import static java.util.Objects.requireNonNull;

import dev.halftone.engine.Runner;
import dev.halftone.tensor.Tensor;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.IntFunction;

/// The values of one tensor, sample by sample, in the form they are stored in.
sealed interface Source extends AutoCloseable {

  ActivationStorage form();

  /// The tensor is valid until `use` returns.
  void take(int sample, Consumer<Tensor> use);

  @Override
  void close();

  record Kept(ActivationStorage form, IntFunction<Tensor> values) implements Source {
    @Override
    public void take(int sample, Consumer<Tensor> use) {
      use.accept(values.apply(sample));
    }

    @Override
    public void close() {}
  }

  /// Made from what is kept, each time anew.
  ///
  /// @param run runs a piece for one sample
  /// @param name of the tensor among what that gives
  record Run(Run.OneSample run, String name, Runner runner, ActivationStorage form)
      implements Source {

    @FunctionalInterface
    interface OneSample {
      void run(int sample, Consumer<Map<String, Tensor>> use);
    }

    @Override
    public void take(int sample, Consumer<Tensor> use) {
      run.run(sample, outputs -> use.accept(requireNonNull(outputs.get(name))));
    }

    @Override
    public void close() {
      runner.close();
    }
  }
}
