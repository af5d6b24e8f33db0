package dev.halftone.finetune;

import dev.halftone.finetune.Adam.Group;
import dev.halftone.scheme.Affine;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.Tensor;

/// What is done in which order, and how large the steps are.
///
/// How far a parameter may travel is given for a whole period, so that few epochs make large steps and many small ones.
final class Schedule {

  /// What inner values count beside answers.
  static final double INNER = 1;

  /// Of the weights' root mean square.
  private static final Travel WEIGHTS = new Travel(1.5, 0.0004, 0.005);

  /// Of the logarithm.
  private static final Travel SCALES = new Travel(0.2, 0.00005, 0.001);

  /// Of the logarithm.
  private static final Travel RANGES = new Travel(0.6, 0.0002, 0.003);

  /// Of the deviation of the layer's outputs.
  private static final Travel BIASES = new Travel(0.4, 0.0001, 0.003);

  /// Share of a period's steps over which the step size grows to what it shall be.
  private static final double WARM_UP = 0.05;

  private Schedule() {}

  /// @param whole in a period, if every step went the same way
  /// @param least of a step
  /// @param most of a step
  private record Travel(double whole, double least, double most) {
    double step(double steps) {
      return Math.max(least, Math.min(most, whole / steps));
    }
  }

  /// A part of the training.
  enum Period {
    /// Weights are real, while the network learns to live with few-bit activations.
    REAL(0.4),
    /// Weights are rounded.
    ROUNDED(0.6);

    /// Share of the epochs, where there are both.
    final double share;

    Period(double share) {
      this.share = share;
    }
  }

  /// The sum of their shares.
  static double shares(List<Period> periods) {
    return periods.stream().mapToDouble(period -> period.share).sum();
  }

  /// @param narrow whether there are activations of few bits
  static List<Period> periods(boolean narrow) {
    return narrow ? List.of(Period.REAL, Period.ROUNDED) : List.of(Period.ROUNDED);
  }

  /// @param steps of the period
  static List<Group> groups(Learner learner, double steps) {
    List<Group> groups = new ArrayList<>();
    List<Tensor> scales = new ArrayList<>();
    List<Tensor> biases = new ArrayList<>();
    for (LayerParameters layer : learner.layers()) {
      groups.add(new Group(List.of(layer.weight), WEIGHTS.step(steps) * layer.size()));
      scales.add(layer.scale);
      biases.addAll(layer.shift);
    }
    groups.add(new Group(scales, SCALES.step(steps)));
    groups.add(new Group(biases, BIASES.step(steps)));
    groups.add(new Group(learner.ranges(), RANGES.step(steps)));
    return groups;
  }

  /// Ranges of 8 bits and more are as good as they get.
  static boolean learns(Affine grid) {
    return grid.type().bits() < 8;
  }

  /// The share of the full step size: up in a straight line, down in half a cosine (Loshchilov and Hutter 2017, arXiv:1608.03983).
  ///
  /// @param progress of the period, 0 to 1
  static double share(double progress) {
    double warm = Math.min(1, (progress + 0.001) / WARM_UP);
    return warm * 0.5 * (1 + Math.cos(Math.PI * Math.min(1, progress)));
  }
}
