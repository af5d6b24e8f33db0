package dev.halftone.finetune;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;

/// Adam (Kingma and Ba 2015, arXiv:1412.6980) with a step size for each group of parameters.
final class Adam {

  private static final double FIRST = 0.9;
  private static final double SECOND = 0.99;
  private static final double EPSILON = 1e-12;

  /// @param step how far a parameter moves in a step, about
  record Group(List<Tensor> parameters, double step) {
    Group {
      parameters = List.copyOf(parameters);
    }
  }

  /// @param mean running mean of the gradients
  /// @param square running mean of their squares
  private record Moment(Tensor parameter, double step, Tensor mean, Tensor square) {}

  private final List<Moment> moments = new ArrayList<>();
  private int steps;

  Adam(List<Group> groups) {
    for (Group group : groups) {
      for (Tensor parameter : group.parameters()) {
        long[] shape = Libtorch.shape(parameter);
        int count = Math.toIntExact(parameter.numel());
        moments.add(
            new Moment(
                parameter,
                group.step(),
                Libtorch.tensor(new float[count], shape),
                Libtorch.tensor(new float[count], shape)));
      }
    }
  }

  /// Moves every parameter that has a gradient, and forgets the gradients.
  ///
  /// @param share of each group's step size
  void step(double share) {
    steps++;
    double unbiasedFirst = 1 - Math.pow(FIRST, steps);
    double unbiasedSecond = 1 - Math.pow(SECOND, steps);
    try (NoGradGuard _ = Libtorch.withoutGradients();
        PointerScope _ = Libtorch.scope()) {
      for (Moment moment : moments) {
        Tensor gradient = moment.parameter().grad();
        if (!gradient.defined() || !moment.parameter().requires_grad()) {
          continue;
        }
        moment.mean().lerp_(gradient, Libtorch.number(1 - FIRST));
        moment.square().mul_(Libtorch.number(SECOND));
        moment.square().addcmul_(gradient, gradient, Libtorch.number(1 - SECOND));
        Tensor spread =
            moment
                .square()
                .div(Libtorch.number(unbiasedSecond))
                .sqrt()
                .add(Libtorch.number(EPSILON));
        moment
            .parameter()
            .addcdiv_(
                moment.mean(), spread, Libtorch.number(-share * moment.step() / unbiasedFirst));
        gradient.zero_();
      }
    }
  }

  /// What the next step depends on beside the parameters: how many there were, and each parameter's means and squares.
  List<float[]> state() {
    List<float[]> state = new ArrayList<>();
    state.add(new float[] {steps});
    try (PointerScope _ = Libtorch.scope()) {
      for (Moment moment : moments) {
        state.add(Libtorch.floats(moment.mean()));
        state.add(Libtorch.floats(moment.square()));
      }
    }
    return state;
  }

  /// Goes on from what [#state] gave.
  void restore(List<float[]> state) {
    if (state.size() != 1 + 2 * moments.size()) {
      throw new IllegalArgumentException("the state is of other parameters");
    }
    steps = (int) state.getFirst()[0];
    int at = 1;
    for (Moment moment : moments) {
      Libtorch.fill(moment.mean(), state.get(at));
      Libtorch.fill(moment.square(), state.get(at + 1));
      at += 2;
    }
  }
}
