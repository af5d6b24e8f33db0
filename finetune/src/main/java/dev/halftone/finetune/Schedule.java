package dev.halftone.finetune;

import dev.halftone.finetune.Adam.Group;
import dev.halftone.scheme.Affine;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.Tensor;

/// The size of the steps over the course of training.
final class Schedule {

  /// What inner values count beside answers.
  static final double INNER = 5;

  /// Of the weights' root mean square.
  private static final double WEIGHTS = 0.003;

  /// Of the logarithm of a weight scale.
  private static final double SCALES = 0.0005;

  /// Of the logarithm of an activation's scale.
  private static final double RANGES = 0.001;

  /// Of the deviation of the layer's outputs.
  private static final double BIASES = 0.001;

  /// Share of the training over which the step size grows to what it shall be.
  private static final double WARM_UP = 0.03;

  /// Steps that the sizes above are for. A training of fewer makes larger ones, up to [#MOST] times: it must get as far.
  private static final double STEPS = 1000;

  private static final double MOST = 4;

  private Schedule() {}

  /// How far each parameter moves in a step, at most.
  ///
  /// @param steps of the training
  static List<Group> groups(Learner learner, double steps) {
    double size = Math.max(1, Math.min(MOST, STEPS / steps));
    List<Group> groups = new ArrayList<>();
    List<Tensor> scales = new ArrayList<>();
    List<Tensor> biases = new ArrayList<>();
    for (LayerParameters layer : learner.layers()) {
      groups.add(new Group(List.of(layer.weight), size * WEIGHTS * layer.size()));
      scales.add(layer.scale);
      biases.addAll(layer.shift);
    }
    groups.add(new Group(scales, size * SCALES));
    groups.add(new Group(biases, size * BIASES));
    groups.add(new Group(learner.ranges(), size * RANGES));
    return groups;
  }

  /// Ranges of 8 bits and more are as good as they get.
  static boolean learns(Affine grid) {
    return grid.type().bits() < 8;
  }

  /// The share of the way to its integer that each weight goes in a step: next to nothing at first, so much in the last tenth that integers stay. Weights that lie between
  /// two integers would flip to and fro with the smallest of steps, and the network with them (Nagel et al. 2022, arXiv:2203.11086).
  ///
  /// @param progress of the training, 0 to 1
  static double settling(double progress) {
    return 0.05 * Math.pow(progress, 16);
  }

  /// The share of the full step size: up in a straight line, down in half a cosine (Loshchilov and Hutter 2017, arXiv:1608.03983).
  ///
  /// @param progress of the training, 0 to 1
  static double share(double progress) {
    double warm = Math.min(1, (progress + 0.001) / WARM_UP);
    return warm * 0.5 * (1 + Math.cos(Math.PI * Math.min(1, progress)));
  }
}
