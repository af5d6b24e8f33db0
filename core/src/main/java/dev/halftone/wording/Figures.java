package dev.halftone.wording;

import java.math.BigDecimal;
import java.math.MathContext;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/// Numbers as a reader wants them: three figures or so, a unit, the same in every locale.
public final class Figures {

  private Figures() {}

  /// As in `1.05 MB`; a megabyte is 1,000,000 bytes.
  public static String bytes(long bytes) {
    if (bytes >= 1_000_000_000) {
      return threeFigures(bytes / 1e9) + " GB";
    }
    if (bytes >= 100_000) {
      return threeFigures(bytes / 1e6) + " MB";
    }
    return bytes >= 1000 ? threeFigures(bytes / 1e3) + " kB" : bytes + " B";
  }

  /// As in `0.31 ms`.
  public static String millis(double millis) {
    return (millis < 0.1 ? text("%.3f", millis) : threeFigures(millis)) + " ms";
  }

  /// As in `93.4 %` of the fraction 0.934. What is not all or nothing is not rounded to it.
  public static String percent(double fraction) {
    if (fraction > 0 && fraction < 0.00005) {
      return "< 0.01 %";
    }
    boolean isNearEnd = (fraction > 0.9995 && fraction < 1) || (fraction > 0 && fraction < 0.0005);
    return text(isNearEnd ? "%.2f %%" : "%.1f %%", fraction * 100);
  }

  /// As in `-0.15 pp` or `-3.4 pp` of the difference of two fractions: two figures, for small differences are the rule.
  public static String points(double difference) {
    double points = difference * 100;
    String text = text(Math.abs(points) < 0.995 ? "%+.2f pp" : "%+.1f pp", points);
    return text.equals("-0.00 pp") || text.equals("+0.00 pp") ? "0 pp" : text;
  }

  /// As in `27.5 dB`; `exact` where there is no noise, `-` where there is no signal.
  public static String decibels(double decibels) {
    if (Double.isNaN(decibels)) {
      return "-";
    }
    return decibels == Double.POSITIVE_INFINITY ? "exact" : text("%.1f dB", decibels);
  }

  /// As in `2.1x`, `12x`.
  public static String times(double ratio) {
    return text(ratio >= 10 ? "%.0fx" : "%.1fx", ratio);
  }

  /// As in `p = 0.62`, `p < 0.001`.
  public static String pValue(double p) {
    if (p < 0.001) {
      return "p < 0.001";
    }
    return text(p < 0.01 ? "p = %.3f" : p < 0.995 ? "p = %.2f" : "p = 1", p);
  }

  /// As in `2,000 inputs`, `1 input`, `2 classes`.
  public static String count(long count, String noun) {
    return Counted.of(count, noun);
  }

  /// As in `a, b and c`.
  public static String list(List<String> parts) {
    int last = parts.size() - 1;
    return last < 1
        ? String.join("", parts)
        : String.join(", ", parts.subList(0, last)) + " and " + parts.get(last);
  }

  public static String text(String format, Object... arguments) {
    return String.format(Locale.ROOT, format, arguments);
  }

  private static String threeFigures(double value) {
    return text(value >= 99.95 ? "%.0f" : value >= 9.995 ? "%.1f" : "%.2f", value);
  }

  /// A time limit in minutes, as in `2.5`.
  public static String minutes(Duration time) {
    return new BigDecimal(time.toNanos() / 60e9, new MathContext(3))
        .stripTrailingZeros()
        .toPlainString();
  }
}
