package dev.halftone.plan.bits;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;

/// Bits for each layer, so that all the weights together take no more than a budget and the noise is as small as it can be.
///
/// Noise of different layers adds up, and each bit more on a layer gains less than the one before: giving the next bit to the layer that
/// gains most for it, until the budget is spent, is therefore the best way to spend it, but for the last bits that do not fit.
///
/// @param bits by the label of the layer's node, in graph order
/// @param average bits a weight
/// @param noise power of the error that the law of [LayerNoise] predicts, over the power of the output
public record Allocation(Map<String, Integer> bits, double average, double noise) {

  public static final int FEWEST = 2;
  public static final int MOST = 8;

  private record Step(int layer, int to, double gain) {}

  /// @param average bits a weight that may be spent, 2 to 8
  public static Allocation of(List<LayerNoise> layers, double average) {
    if (!(average >= FEWEST && average <= MOST)) {
      throw new IllegalArgumentException("2 to 8 bits a weight, not " + average);
    }
    long total = layers.stream().mapToLong(LayerNoise::weights).sum();
    double left = (average - FEWEST) * total;
    int[] bits = new int[layers.size()];
    PriorityQueue<Step> steps =
        new PriorityQueue<>(
            Comparator.comparingDouble(Step::gain).reversed().thenComparingInt(Step::layer));
    for (int i = 0; i < bits.length; i++) {
      bits[i] = FEWEST;
      steps.add(step(layers, i, FEWEST));
    }
    while (!steps.isEmpty()) {
      Step next = steps.remove();
      long cost = layers.get(next.layer).weights();
      if (cost <= left) {
        left -= cost;
        bits[next.layer] = next.to;
        if (next.to < MOST) {
          steps.add(step(layers, next.layer, next.to));
        }
      }
    }
    return of(layers, bits, total);
  }

  private static Step step(List<LayerNoise> layers, int layer, int from) {
    LayerNoise noise = layers.get(layer);
    double gain = noise.noise(from) - noise.noise(from + 1);
    return new Step(layer, from + 1, gain / noise.weights());
  }

  private static Allocation of(List<LayerNoise> layers, int[] bits, long total) {
    Map<String, Integer> byNode = new LinkedHashMap<>();
    double noise = 0;
    double spent = 0;
    for (int i = 0; i < bits.length; i++) {
      LayerNoise layer = layers.get(i);
      byNode.put(layer.node(), bits[i]);
      noise += layer.noise(bits[i]);
      spent += (double) bits[i] * layer.weights();
    }
    return new Allocation(byNode, spent / total, noise);
  }

  /// The layers that cost most first.
  public static List<LayerNoise> ranked(List<LayerNoise> layers) {
    List<LayerNoise> ranked = new ArrayList<>(layers);
    ranked.sort(Comparator.comparingDouble((LayerNoise layer) -> layer.noise()).reversed());
    return ranked;
  }
}
