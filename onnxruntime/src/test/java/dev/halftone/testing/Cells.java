package dev.halftone.testing;

import java.util.Map;
import java.util.function.Consumer;

/// Random recurrent networks.
final class Cells {

  private Cells() {}

  static void cases(Map<String, Consumer<Drawn>> all) {
    Map<String, Integer> gates = Map.of("LSTM", 4, "GRU", 3, "RNN", 1);
    gates.forEach((op, count) -> all.put(op, draw -> recurrent(draw, op, count)));
  }

  private static void recurrent(Drawn draw, String op, int gates) {
    String direction = new String[] {"forward", "reverse", "bidirectional"}[draw.number(0, 2)];
    int directions = direction.equals("bidirectional") ? 2 : 1;
    int samples = draw.number(1, 3);
    int width = draw.number(1, 4);
    int hidden = draw.number(1, 4);
    draw.input("x", draw.number(1, 5), samples, width)
        .input("w", directions, (long) gates * hidden, width)
        .input("r", directions, (long) gates * hidden, hidden)
        .input("b", directions, 2L * gates * hidden)
        .input("h", directions, samples, hidden);
    String reads = draw.coin() ? "x w r b" : "x w r - - h";
    if (op.equals("GRU")) {
      int linear = draw.number(0, 1);
      draw.node(
          op,
          reads,
          "y last",
          "hidden_size",
          hidden,
          "direction",
          direction,
          "linear_before_reset",
          linear);
    } else {
      String makes = op.equals("LSTM") ? "y last cell" : "y last";
      draw.node(op, reads, makes, "hidden_size", hidden, "direction", direction);
    }
  }
}
