import dev.halftone.Quantizer;
import dev.halftone.data.Dataset;
import dev.halftone.data.Sample;
import dev.halftone.device.Devices;
import dev.halftone.engine.Progress;
import dev.halftone.engine.Runner;
import dev.halftone.graph.Attribute;
import dev.halftone.graph.Dim;
import dev.halftone.graph.Graph;
import dev.halftone.graph.Model;
import dev.halftone.graph.Node;
import dev.halftone.graph.TensorType;
import dev.halftone.graph.Value;
import dev.halftone.onnxruntime.OrtRuntime;
import dev.halftone.recipe.Recipe;
import dev.halftone.tensor.DType;
import dev.halftone.tensor.Shape;
import dev.halftone.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Random;

/// Microseconds of five convolutions with an activation between them, as a float network and in integers, in turns: the least of 400.
final class PRelu {

  private static final int TURNS = 400;

  /// Channels, kernel, pixels a side.
  private static final int[][] SIZES = {
    {8, 3, 32}, {16, 3, 32}, {32, 1, 32}, {32, 3, 24}, {64, 1, 24}, {64, 3, 14}, {128, 1, 14}
  };

  private record Noise(Shape shape) implements Dataset {

    @Override
    public int size() {
      return 8;
    }

    @Override
    public Sample sample(int index) {
      return new Sample(
          "noise " + index, Map.of("x", normal(new Random(index), 1, shape)), OptionalInt.empty());
    }

    @Override
    public String description() {
      return "noise";
    }
  }

  private static Tensor normal(Random random, double deviation, Shape shape) {
    float[] values = new float[(int) shape.count()];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (random.nextGaussian() * deviation);
    }
    return Tensor.of(shape, values);
  }

  private static Model network(String activation, int channels, int kernel, int side) {
    Random random = new Random(1);
    List<Node> nodes = new ArrayList<>();
    Map<String, Tensor> constants = new LinkedHashMap<>();
    String last = "x";
    int pad = kernel / 2;
    for (int i = 0; i < 5; i++) {
      double deviation = Math.sqrt(2.0 / (channels * kernel * kernel));
      constants.put(
          "w" + i, normal(random, deviation, new Shape(channels, channels, kernel, kernel)));
      nodes.add(
          Node.of("Conv", "c" + i, List.of(last, "w" + i), List.of("c" + i))
              .with("kernel_shape", Attribute.Ints.of(kernel, kernel))
              .with("pads", Attribute.Ints.of(pad, pad, pad, pad)));
      last = "c" + i;
      if (i < 4) {
        List<String> inputs = new ArrayList<>(List.of(last));
        if (activation.startsWith("PRelu")) {
          float[] slopes = new float[channels];
          for (int c = 0; c < channels; c++) {
            slopes[c] =
                activation.endsWith("one slope") ? 0.25f : 0.05f + 0.4f * random.nextFloat();
          }
          constants.put("s" + i, Tensor.of(new Shape(channels, 1, 1), slopes));
          inputs.add("s" + i);
        }
        String op = activation.replaceFirst(",.*", "");
        nodes.add(Node.of(op, "a" + i, inputs, List.of("a" + i)));
        last = "a" + i;
      }
    }
    List<Dim> dims = List.of(Dim.of(1), Dim.of(channels), Dim.of(side), Dim.of(side));
    List<Value> inputs = List.of(new Value("x", TensorType.of(DType.FLOAT, dims)));
    List<Value> outputs = List.of(new Value(last, TensorType.ofUnknownRank(DType.FLOAT)));
    Graph graph = new Graph("chain", nodes, constants, inputs, outputs, List.of(), List.of());
    return new Model(8, Map.of("", 17L), "halftone bench", "", graph, Map.of(), List.of());
  }

  public static void main(String[] args) {
    OrtRuntime ort = new OrtRuntime();
    Quantizer quantizer =
        new Quantizer(
            ort,
            Recipe.W8A8.withoutBiasCorrection(),
            Devices.ONNX_RUNTIME_CPU,
            1,
            Progress.Stages.NONE);
    for (int[] size : SIZES) {
      Noise data = new Noise(new Shape(1, size[0], size[2], size[2]));
      Map<String, Runner> runners = new LinkedHashMap<>();
      for (String activation : List.of("PRelu", "PRelu, one slope", "Relu")) {
        Model model = network(activation, size[0], size[1], size[2]);
        runners.put(activation + " float", ort.open(model, Runtime.Options.SERVING));
        runners.put(
            activation + " int8",
            ort.open(quantizer.quantize(model, data).model(), Runtime.Options.SERVING));
      }
      Map<String, Tensor> fed = data.sample(0).inputs();
      Map<String, Double> least = new LinkedHashMap<>();
      for (int turn = 0; turn < TURNS; turn++) {
        runners.forEach((what, runner) -> {
          long start = System.nanoTime();
          runner.run(fed, _ -> {});
          least.merge(what, (System.nanoTime() - start) / 1e3, Math::min);
        });
      }
      runners.values().forEach(Runner::close);
      StringBuilder row =
          new StringBuilder(
              "%d channels, %dx%d, %d px:".formatted(size[0], size[1], size[1], size[2]));
      least.forEach((what, time) -> row.append(" %s %.0f,".formatted(what, time)));
      System.out.println(row);
    }
  }

  private PRelu() {}
}
