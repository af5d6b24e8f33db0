package dev.halftone.testing;

import dev.halftone.data.Dataset;
import dev.halftone.data.Sample;
import dev.halftone.graph.Model;
import dev.halftone.graph.Sketch;
import dev.halftone.tensor.DType;
import dev.halftone.tensor.Shape;
import dev.halftone.tensor.Tensor;
import java.util.Arrays;
import java.util.Map;
import java.util.OptionalInt;

/// Small networks that read token ids and a mask, and texts for them.
public final class TextNets {

  private TextNets() {}

  private static Sketch sketch(Tensor table) {
    return Sketch.opset(17)
        .input("input_ids", DType.INT64, "batch", "sequence")
        .input("attention_mask", DType.INT64, "batch", "sequence")
        .constant("table", table);
  }

  /// The vector of a token is its row of the table.
  ///
  /// @param table // [vocabulary][width]
  public static Model encoder(Tensor table) {
    return sketch(table)
        .node("Gather", "table input_ids", "last_hidden_state")
        .output("last_hidden_state")
        .model();
  }

  /// The vector of a token is its row of the table and a share of the mean over all that is fed, filled places too: so a text has another vector
  /// in another batch.
  public static Model unsteady(Tensor table, float share) {
    return sketch(table)
        .constant("share", Tensor.scalar(share))
        .node("Gather", "table input_ids", "rows")
        .node("ReduceMean", "rows", "mean")
        .node("Mul", "mean share", "shift")
        .node("Add", "rows shift", "last_hidden_state")
        .output("last_hidden_state")
        .model();
  }

  /// A text of these tokens, with filled places behind it.
  public static Sample text(int index, int filled, long... ids) {
    Shape shape = new Shape(1, ids.length + filled);
    long[] mask = new long[ids.length + filled];
    Arrays.fill(mask, 0, ids.length, 1);
    return new Sample(
        "text " + index,
        Map.of(
            "input_ids",
            Tensor.of(shape, Arrays.copyOf(ids, ids.length + filled)),
            "attention_mask",
            Tensor.of(shape, mask)),
        OptionalInt.empty());
  }

  /// Texts one after the other, without filled places.
  public static Dataset texts(long[]... ids) {
    return new Dataset() {
      @Override
      public int size() {
        return ids.length;
      }

      @Override
      public Sample sample(int index) {
        return TextNets.text(index, 0, ids[index]);
      }

      @Override
      public String description() {
        return ids.length + " texts";
      }
    };
  }
}
