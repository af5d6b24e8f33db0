package dev.halftone.verify;

import java.util.List;

/// The errors of a network's output, sample by sample.
public record Losses(double[] each) {

  /// The power of the output's error without what is the same in every sample: biases make up for that.
  ///
  /// @param wanted outputs of the float network, of each sample
  /// @param given likewise, of the other
  public static Losses of(List<float[]> wanted, List<float[]> given) {
    int samples = wanted.size();
    int elements = wanted.stream().mapToInt(one -> one.length).min().orElse(0);
    double[] errors = new double[samples];
    double[] each = new double[samples];
    for (int i = 0; i < elements; i++) {
      double sum = 0;
      for (int s = 0; s < samples; s++) {
        errors[s] = (double) given.get(s)[i] - wanted.get(s)[i];
        sum += errors[s];
      }
      double mean = sum / samples;
      for (int s = 0; s < samples; s++) {
        each[s] += (errors[s] - mean) * (errors[s] - mean);
      }
    }
    return new Losses(each);
  }

  public double mean() {
    double sum = 0;
    for (double loss : each) {
      sum += loss;
    }
    return sum / each.length;
  }

  /// True where the mean is lower than the other's by more than chance would have it: by more than the standard error of the
  /// differences, sample by sample. Never true of losses that are not finite.
  public boolean isBetterThan(Losses other) {
    double sum = 0;
    double squares = 0;
    for (int s = 0; s < each.length; s++) {
      double difference = other.each[s] - each[s];
      sum += difference;
      squares += difference * difference;
    }
    double mean = sum / each.length;
    double variance = Math.max(0, squares - sum * mean) / (each.length - 1);
    return mean > Math.sqrt(variance / each.length);
  }
}
