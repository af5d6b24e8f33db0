package dev.halftone.onnxruntime;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.halftone.engine.Backend;
import dev.halftone.engine.Runner;
import dev.halftone.engine.integer.IntegerEngine;
import dev.halftone.graph.Model;
import dev.halftone.integer.IntegerGraph;
import dev.halftone.integer.IntegerTensor;
import dev.halftone.integer.Port;
import dev.halftone.measure.KernelKind;
import dev.halftone.measure.OptimizedGraph;
import dev.halftone.tensor.DType;
import dev.halftone.tensor.Shape;
import dev.halftone.tensor.Tensor;
import dev.halftone.testing.Zoo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// How far ONNX Runtime's kernels, which rescale sums in float, are from the engine: fed with the same integers, every operation of every
/// network of the zoo gives integers that are at most one level apart. The counts are left in `target/onnxruntime-levels/`, and stand in
/// docs/integer.md.
class ZooOnOrtTest {

  private static final OrtRuntime ORT = new OrtRuntime();

  private static final int SAMPLES = 4;

  /// How many integers were compared, how many differ, and by how much at most.
  private record Levels(long integers, long other, int most) {

    static final Levels NONE = new Levels(0, 0, 0);

    Levels and(int level) {
      return new Levels(integers + 1, other + (level > 0 ? 1 : 0), Math.max(most, level));
    }

    @Override
    public String toString() {
      return "%,d of %,d, by %d".formatted(other, integers, most);
    }
  }

  @ParameterizedTest
  @EnumSource
  void operationsAreWithinALevel(Zoo zoo) throws IOException {
    Zoo.Member member = zoo.quantized(new OrtRuntime());
    IntegerGraph graph = member.graph();
    Levels alone = Levels.NONE;
    Model model = OrtStep.unsigned(member.quantized().model());
    assertThat(OptimizedGraph.of(ORT, model).counts(KernelKind.FLOAT))
        .doesNotContainKeys("Conv", "FusedConv", "Gemm", "MatMul", "com.microsoft.FusedConv");
    List<OrtStep> steps = OrtStep.of(model, ORT);
    try (IntegerEngine engine = new IntegerEngine(exposed(graph))) {
      for (int i = 0; i < SAMPLES; i++) {
        byte[][] made = engine.run(engine.quantized(member.data().sample(i).inputs()));
        Map<String, Tensor> integers = named(graph, made);
        for (OrtStep step : steps) {
          alone = compared(alone, requireNonNull(integers.get(step.target())), step.run(integers));
        }
      }
    } finally {
      steps.forEach(OrtStep::close);
    }
    Levels whole = whole(member, model);
    Path counts = Path.of("target", "onnxruntime-levels");
    Files.createDirectories(counts);
    Files.writeString(
        counts.resolve(zoo.name()),
        "| %s | %d | %s | %s |%n".formatted(zoo, steps.size(), alone, whole));
    assertThat(steps).hasSizeGreaterThan(9);
    assertThat(alone.most()).as("%s", alone).isLessThanOrEqualTo(1);
    assertThat((double) alone.other() / alone.integers()).as("%s", alone).isLessThan(0.01);
  }

  /// The outputs, where each computes the whole network by itself.
  private static Levels whole(Zoo.Member member, Model model) {
    Port output = member.graph().outputs().getFirst();
    float step = member.graph().tensor(output.tensor()).grid().scale();
    Levels levels = Levels.NONE;
    try (Runner engine = new IntegerEngine(member.graph());
        Runner ort = ORT.open(model, Backend.Options.SERVING)) {
      for (int i = 0; i < SAMPLES; i++) {
        Map<String, Tensor> inputs = member.data().sample(i).inputs();
        float[] ours = requireNonNull(engine.run(inputs).get(output.name())).toFloats();
        float[] theirs = requireNonNull(ort.run(inputs).get(output.name())).toFloats();
        for (int k = 0; k < ours.length; k++) {
          levels = levels.and(Math.round(Math.abs(ours[k] - theirs[k]) / step));
        }
      }
    }
    return levels;
  }

  /// With every tensor as an output.
  private static IntegerGraph exposed(IntegerGraph graph) {
    List<Port> all =
        IntStream.range(0, graph.tensors().size())
            .mapToObj(t -> {
              IntegerTensor tensor = graph.tensor(t);
              List<Integer> order = IntStream.range(0, tensor.shape().rank()).boxed().toList();
              return new Port(tensor.name(), t, tensor.shape(), order);
            })
            .toList();
    return new IntegerGraph(graph.name(), graph.tensors(), graph.ops(), graph.inputs(), all);
  }

  /// As UINT8 in the float model's order of axes; of several tensors of one name the first, which an operation made.
  private static Map<String, Tensor> named(IntegerGraph graph, byte[][] made) {
    Map<String, Tensor> named = new HashMap<>();
    for (int t = 0; t < made.length; t++) {
      IntegerTensor tensor = graph.tensor(t);
      if (tensor.constant().isEmpty()) {
        named.putIfAbsent(tensor.name(), channelsFirst(tensor.shape(), made[t]));
      }
    }
    return named;
  }

  private static Tensor channelsFirst(Shape stored, byte[] integers) {
    boolean image = stored.rank() == 4;
    int channels = image ? (int) stored.dim(3) : 1;
    int places = integers.length / channels;
    byte[] codes = new byte[integers.length];
    for (int i = 0; i < integers.length; i++) {
      codes[i % channels * places + i / channels] = (byte) (integers[i] + 128);
    }
    Shape shape =
        image ? new Shape(stored.dim(0), stored.dim(3), stored.dim(1), stored.dim(2)) : stored;
    return Tensor.of(DType.UINT8, shape, codes);
  }

  private static Levels compared(Levels levels, Tensor ours, Tensor theirs) {
    assertThat(theirs.shape()).isEqualTo(ours.shape());
    int[] a = ours.toInts();
    int[] b = theirs.toInts();
    Levels all = levels;
    for (int k = 0; k < a.length; k++) {
      all = all.and(Math.abs(a[k] - b[k]));
    }
    return all;
  }
}
