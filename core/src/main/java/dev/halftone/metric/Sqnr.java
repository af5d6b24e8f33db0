package dev.halftone.metric;

import com.fasterxml.jackson.annotation.JsonGetter;
import java.util.OptionalDouble;

/// The closeness of a tensor q of the quantized model to its twin r of the float model, as sums that add up over samples.
///
/// SQNR = 10 log10(sum r^2 / sum (q - r)^2) dB is the signal-to-quantization-noise ratio (Widrow and Kollar, "Quantization Noise", 2008);
/// 6 dB is one bit. The gain <r,q>/<r,r> tells a systematic shrinking or stretching from noise; the cosine is blind to it.
///
/// @param signal sum r^2
/// @param noise sum (q - r)^2
/// @param dot sum r q
/// @param power sum q^2
/// @param count elements summed
/// @param nonFinite elements left out of the sums because r or q is NaN or infinite
public record Sqnr(
    double signal, double noise, double dot, double power, long count, long nonFinite) {

  public static final Sqnr NONE = new Sqnr(0, 0, 0, 0, 0, 0);

  /// Sums in index order over two arrays of the same length.
  public static Sqnr of(float[] reference, float[] other) {
    if (reference.length != other.length) {
      throw new IllegalArgumentException(reference.length + " elements and " + other.length);
    }
    double signal = 0;
    double noise = 0;
    double dot = 0;
    double power = 0;
    long nonFinite = 0;
    for (int i = 0; i < reference.length; i++) {
      double r = reference[i];
      double q = other[i];
      double error = q - r;
      if (!Double.isFinite(error)) {
        nonFinite++;
        continue;
      }
      signal += r * r;
      noise += error * error;
      dot += r * q;
      power += q * q;
    }
    return new Sqnr(signal, noise, dot, power, reference.length - nonFinite, nonFinite);
  }

  /// Both sets of elements together. Floating-point sums depend on the order: whoever wants the same bits adds in index order.
  public Sqnr plus(Sqnr more) {
    return new Sqnr(
        signal + more.signal,
        noise + more.noise,
        dot + more.dot,
        power + more.power,
        count + more.count,
        nonFinite + more.nonFinite);
  }

  /// Infinite where there is no noise; NaN where there is neither signal nor noise.
  public double decibels() {
    if (noise == 0) {
      return signal == 0 ? Double.NaN : Double.POSITIVE_INFINITY;
    }
    return 10 * Math.log10(signal / noise);
  }

  /// Power of the error over the power of the signal: what [#decibels] says, as a number that adds up over independent errors.
  public double noiseShare() {
    return noise / signal;
  }

  /// 1 where q is r plus noise that has nothing to do with r; NaN without signal.
  public double gain() {
    return dot / signal;
  }

  /// Cosine of the angle between r and q, in [-1, 1]; NaN where either is zero.
  public double cosine() {
    return Math.clamp(dot / Math.sqrt(signal * power), -1.0, 1.0);
  }

  @JsonGetter("decibels")
  OptionalDouble finiteDecibels() {
    return finite(decibels());
  }

  @JsonGetter("gain")
  OptionalDouble finiteGain() {
    return finite(gain());
  }

  @JsonGetter("cosine")
  OptionalDouble finiteCosine() {
    return finite(cosine());
  }

  private static OptionalDouble finite(double value) {
    return Double.isFinite(value) ? OptionalDouble.of(value) : OptionalDouble.empty();
  }
}
