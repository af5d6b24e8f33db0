package dev.halftone.plan.rounding;

import dev.halftone.device.Device;
import dev.halftone.plan.LayerPlan;
import dev.halftone.recipe.Rounding;
import dev.halftone.scheme.Codebook;
import dev.halftone.scheme.Granularity;
import dev.halftone.scheme.Grid;
import dev.halftone.scheme.Levels;
import dev.halftone.scheme.QuantizedType;
import dev.halftone.scheme.QuantizedWeight;
import dev.halftone.scheme.Scales;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.IntStream;

/// The codebook and the scales of the rows under which the weights of a layer err least.
///
/// @param scales [rows] real numbers that an entry is multiplied with
record CodebookFit(Codebook codebook, double[] scales) {

  /// More would lie too near to each other.
  private static final int MOST_ENTRIES = 32;

  private static final int TURNS = 30;

  /// True where a layer has a codebook of as many entries as its type has integers: where that gains something, and costs nothing when the
  /// network runs.
  static boolean isFor(LayerPlan layer, Rounding rounding, Device device) {
    return rounding == Rounding.CODEBOOK
        && device.foldsConstants()
        && layer.scales() == Scales.ANY
        && !(layer.layer().granularity() instanceof Granularity.PerGroup)
        && layer.type().steps() < MOST_ENTRIES;
  }

  /// Weights of the same shape that take all entries in turns: the file is as long as with any others.
  static QuantizedWeight filled(QuantizedWeight weight, QuantizedType type) {
    int apart = 2 * Codebook.ENTRIES.high() / type.steps();
    int[] entries = new int[type.steps() + 1];
    for (int k = 0; k < entries.length; k++) {
      entries[k] = Codebook.ENTRIES.low() + k * apart;
    }
    byte[] values = new byte[weight.values().length];
    for (int i = 0; i < values.length; i++) {
      values[i] = (byte) entries[i % entries.length];
    }
    Grid grid =
        new Grid(new Codebook(entries), weight.grid().granularity(), weight.grid().scales());
    return new QuantizedWeight(weight.shape(), grid, values);
  }

  /// Empty where even steps err less: where weights are of very many sizes, the entries for small ones would coincide.
  ///
  /// @param rows [rows][weights]
  /// @param importance [rows][weights] what the squared error of each counts
  /// @param type of even steps; there are at most as many entries
  /// @param largest [rows] the scales at which even steps clip nothing
  static Optional<CodebookFit> better(
      double[][] rows, double[][] importance, QuantizedType type, double[] largest) {
    CodebookFit fit = fit(rows, importance, type.steps() + 1);
    Levels even = new Levels.Even(type);
    double[] shares = TriedScales.shares(type.bits());
    double gained = 0;
    for (int r = 0; r < rows.length; r++) {
      double power = power(rows[r], importance[r]);
      if (power > 0) {
        double least = power;
        for (double share : shares) {
          least =
              Math.min(least, TriedScales.error(even, rows[r], importance[r], largest[r] * share));
        }
        double shared = TriedScales.error(fit.codebook(), rows[r], importance[r], fit.scales()[r]);
        gained += (least - shared) / power;
      }
    }
    return gained > 0 ? Optional.of(fit) : Optional.empty();
  }

  private static double power(double[] row, double[] importance) {
    double power = 0;
    for (int i = 0; i < row.length; i++) {
      power += importance[i] * row[i] * row[i];
    }
    return power;
  }

  /// The entries and scales of least squared error, each row's in relation to the row's power: entries and scales in turns (Lloyd 1982).
  ///
  /// @param count of the entries, at most
  private static CodebookFit fit(double[][] rows, double[][] importance, int count) {
    double[] sizes = new double[rows.length];
    double[] shares = new double[rows.length];
    for (int r = 0; r < rows.length; r++) {
      double power = power(rows[r], importance[r]);
      double total = Arrays.stream(importance[r]).sum();
      sizes[r] = power > 0 ? Math.sqrt(power / total) : 1;
      shares[r] = power > 0 ? 1 / power : 0;
    }
    double[] centres = quantiles(rows, sizes, count);
    for (int turn = 0; turn < TURNS; turn++) {
      move(centres, rows, importance, sizes, shares);
      for (int r = 0; r < rows.length; r++) {
        sizes[r] = size(rows[r], importance[r], centres, sizes[r]);
      }
    }
    double largest = Math.max(Math.abs(centres[0]), Math.abs(centres[count - 1]));
    double unit = largest > 0 ? largest / Codebook.ENTRIES.high() : 1;
    int[] entries =
        Arrays.stream(centres).mapToInt(c -> (int) Math.rint(c / unit)).distinct().toArray();
    return new CodebookFit(
        new Codebook(entries), Arrays.stream(sizes).map(size -> size * unit).toArray());
  }

  /// So that each entry has as many weights.
  private static double[] quantiles(double[][] rows, double[] sizes, int count) {
    double[] sorted = new double[Arrays.stream(rows).mapToInt(row -> row.length).sum()];
    int at = 0;
    for (int r = 0; r < rows.length; r++) {
      for (double weight : rows[r]) {
        sorted[at++] = weight / sizes[r];
      }
    }
    Arrays.sort(sorted);
    return IntStream.range(0, count)
        .mapToDouble(k -> sorted[(int) ((k + 0.5) / count * sorted.length)])
        .toArray();
  }

  /// Each centre to the mean of what is nearest to it.
  private static void move(
      double[] centres, double[][] rows, double[][] importance, double[] sizes, double[] shares) {
    double[] sums = new double[centres.length];
    double[] counts = new double[centres.length];
    for (int r = 0; r < rows.length; r++) {
      double square = sizes[r] * sizes[r] * shares[r];
      for (int i = 0; i < rows[r].length; i++) {
        double value = rows[r][i] / sizes[r];
        int nearest = nearest(centres, value);
        double weight = importance[r][i] * square;
        sums[nearest] += weight * value;
        counts[nearest] += weight;
      }
    }
    for (int k = 0; k < centres.length; k++) {
      centres[k] = counts[k] > 0 ? sums[k] / counts[k] : centres[k];
    }
    Arrays.sort(centres);
  }

  /// The size of a row under which these centres come nearest.
  private static double size(double[] row, double[] importance, double[] centres, double before) {
    double along = 0;
    double square = 0;
    for (int i = 0; i < row.length; i++) {
      double centre = centres[nearest(centres, row[i] / before)];
      along += importance[i] * centre * row[i];
      square += importance[i] * centre * centre;
    }
    return along > 0 ? along / square : before;
  }

  private static int nearest(double[] centres, double value) {
    int low = 0;
    int high = centres.length - 1;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (value > (centres[middle] + centres[middle + 1]) / 2) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }
}
