import dev.halftone.Quantizer;
import dev.halftone.data.Dataset;
import dev.halftone.data.Datasets;
import dev.halftone.data.picture.Preprocessing;
import dev.halftone.device.Devices;
import dev.halftone.engine.Progress;
import dev.halftone.engine.Runner;
import dev.halftone.engine.integer.IntegerEngine;
import dev.halftone.format.onnx.OnnxReader;
import dev.halftone.graph.Model;
import dev.halftone.integer.IntegerGraph;
import dev.halftone.onnxruntime.OrtRuntime;
import dev.halftone.recipe.Recipe;
import java.nio.file.Path;
import java.util.Arrays;

/// Milliseconds a picture: the integer engine beside the float model in ONNX Runtime, in turns.
///
/// Arguments: MODEL PICTURES
final class Engine {

  private static final int TURNS = 200;
  private static final int WARM_UP = 300;

  public static void main(String[] args) {
    Model model = OnnxReader.read(Path.of(args[0]));
    Dataset pictures =
        Datasets.open(Path.of(args[1]), model, Preprocessing.defaultsFor(model)).spread(32);
    Runtime ort = new OrtRuntime();
    Quantizer quantizer =
        new Quantizer(ort, Recipe.W8A8, Devices.INTEGERS_ONLY, 2, Progress.Stages.NONE);
    IntegerGraph graph = quantizer.lower(quantizer.quantize(model, pictures));
    int threads = Integer.getInteger("threads", 1);
    try (Runner engine = new IntegerEngine(graph, threads);
        Runner real = ort.open(model, Runtime.Options.SERVING)) {
      long[] ours = new long[TURNS];
      long[] theirs = new long[TURNS];
      for (int i = -WARM_UP; i < TURNS; i++) {
        var inputs = pictures.sample(Math.floorMod(i, pictures.size())).inputs();
        long start = System.nanoTime();
        engine.run(inputs);
        long between = System.nanoTime();
        real.run(inputs);
        if (i >= 0) {
          ours[i] = between - start;
          theirs[i] = System.nanoTime() - between;
        }
      }
      System.out.printf(
          "%s: integer engine %.2f ms, ONNX Runtime in float %.2f ms, %.2f times as long%n",
          Path.of(args[0]).getFileName(),
          median(ours) / 1e6,
          median(theirs) / 1e6,
          (double) median(ours) / median(theirs));
    }
  }

  private static long median(long[] values) {
    Arrays.sort(values);
    return values[values.length / 2];
  }
}
