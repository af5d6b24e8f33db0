package dev.halftone.onnxruntime;

import static dev.halftone.onnxruntime.SmallModels.N;
import static dev.halftone.onnxruntime.SmallModels.random;
import static dev.halftone.onnxruntime.SmallModels.value;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.halftone.engine.Backend.Optimization;
import dev.halftone.engine.Backend.Options;
import dev.halftone.engine.Runner;
import dev.halftone.graph.Attribute;
import dev.halftone.graph.Dim;
import dev.halftone.graph.Model;
import dev.halftone.graph.Node;
import dev.halftone.graph.TensorType;
import dev.halftone.graph.Value;
import dev.halftone.tensor.DType;
import dev.halftone.tensor.Shape;
import dev.halftone.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class OrtRunnerTest {

  private static final OrtRuntime RUNTIME = new OrtRuntime();

  private static Runner open(Model model) {
    return RUNTIME.open(model, Options.SERVING);
  }

  private static Tensor at(Map<String, Tensor> given, String name) {
    return Objects.requireNonNull(given.get(name), name);
  }

  @Test
  void computesWhatTheModelSays() {
    Model model =
        new SmallModels()
            .input(value("a", DType.FLOAT, 2, 2))
            .input(value("b", DType.FLOAT, 2))
            .node("Add", List.of("a", "b"), "sum")
            .node("Relu", List.of("sum"), "y")
            .output(value("y", DType.FLOAT, 2, 2))
            .output(value("sum", DType.FLOAT, 2, 2))
            .model();
    try (Runner runner = open(model)) {
      Map<String, Tensor> fed =
          Map.of("a", Tensor.of(new Shape(2, 2), -1f, 2, -3, 4), "b", Tensor.vector(0.5f, -5f));

      for (int i = 0; i < 3; i++) { // the first run, and runs into memory used before
        Map<String, Tensor> given = runner.run(fed);
        assertThat(given.keySet()).containsExactly("y", "sum");
        assertThat(at(given, "sum").toFloats()).containsExactly(-0.5f, -3f, -2.5f, -1f);
        assertThat(at(given, "y").toFloats()).containsExactly(0f, 0f, 0f, 0f);
      }
    }
  }

  @Test
  void saysWhatMustBeFedAndWhatComesOut() {
    try (Runner runner = open(SmallModels.residual())) {
      assertThat(runner.inputs()).extracting(Value::name).containsExactly("x");
      assertThat(runner.outputs()).extracting(Value::name).containsExactly("y", "c1", "r1", "c2");
      assertThat(runner.inputs().getFirst().type().map(TensorType::toString))
          .contains("FLOAT Nx3xHxW");
    }
  }

  @Test
  void outputsLieInTheSameMemoryRunAfterRun() {
    try (Runner runner = open(SmallModels.residual())) {
      Map<String, Tensor> fed = Map.of("x", random(5, 1, 3, 8, 8));
      Set<Long> addresses = new HashSet<>();
      for (int i = 0; i < 20; i++) {
        runner.run(fed, given -> given.values().forEach(t -> addresses.add(t.data().address())));
      }

      assertThat(addresses).hasSize(4);
    }
  }

  @Test
  void shapesMayChangeFromRunToRun() {
    try (Runner runner = open(SmallModels.residual())) {
      Map<Shape, Map<String, Tensor>> first = new LinkedHashMap<>();
      for (int round = 0; round < 3; round++) {
        for (long[] dims :
            new long[][] {{1, 3, 8, 8}, {4, 3, 16, 12}, {1, 3, 5, 5}, {0, 3, 5, 5}}) {
          Tensor x = random(7, dims);
          Map<String, Tensor> given = runner.run(Map.of("x", x));
          Shape expected = new Shape(dims[0], 8, dims[2], dims[3]);
          assertThat(given.values()).allMatch(tensor -> tensor.shape().equals(expected));
          Map<String, Tensor> before = first.putIfAbsent(x.shape(), given);
          if (before != null) {
            given.forEach((name, tensor) -> assertThat(tensor.sameAs(at(before, name))).isTrue());
          }
        }
      }
    }
  }

  @Test
  void aShapeThatDependsOnTheDataIsCopiedAndRight() {
    Model model =
        new SmallModels()
            .input(value("x", DType.FLOAT, 4))
            .node("NonZero", List.of("x"), "where")
            .node("Relu", List.of("x"), "y")
            .output(value("where", DType.INT64, Dim.of(1), Dim.UNKNOWN))
            .output(value("y", DType.FLOAT, 4))
            .model();
    try (Runner runner = open(model)) {
      for (float[] x : new float[][] {{1, 0, 2, 3}, {0, 0, 7, 0}, {0, 0, 0, 0}, {1, 2, 3, 4}}) {
        List<Long> expected = new ArrayList<>();
        for (int i = 0; i < x.length; i++) {
          if (x[i] != 0) {
            expected.add((long) i);
          }
        }
        Map<String, Tensor> given = runner.run(Map.of("x", Tensor.vector(x)));
        assertThat(at(given, "where").toLongs())
            .containsExactly(expected.stream().mapToLong(Long::longValue).toArray());
        assertThat(at(given, "y").toFloats()).containsExactly(x);
      }
    }
  }

  @Test
  void aDeclaredShapeThatIsNotTrueDoesNoHarm() {
    Model model =
        new SmallModels()
            .input(value("x", DType.FLOAT, N, Dim.of(2)))
            .constant("shape", Tensor.vector(-1L, 1L))
            .node("Reshape", List.of("x", "shape"), "y")
            .output(value("y", DType.FLOAT, N, Dim.of(1)))
            .model();
    try (Runner runner = open(model)) {
      for (int i = 0; i < 2; i++) {
        Tensor y = at(runner.run(Map.of("x", Tensor.of(new Shape(2, 2), 1f, 2, 3, 4))), "y");
        assertThat(y.shape()).isEqualTo(new Shape(4, 1));
        assertThat(y.toFloats()).containsExactly(1, 2, 3, 4);
      }
    }
  }

  @Test
  void outputsThatNoNodeMakesArrive() {
    Model model =
        new SmallModels()
            .input(value("x", DType.FLOAT, 2))
            .constant("c", Tensor.vector(3f, 4f))
            .node("Identity", List.of("x"), "same")
            .node("Identity", List.of("c"), "constant")
            .output(value("same", DType.FLOAT, 2))
            .output(value("constant", DType.FLOAT, 2))
            .output(value("x", DType.FLOAT, 2))
            .model();
    try (Runner runner = open(model)) {
      for (float at : new float[] {1, 2}) {
        Map<String, Tensor> given = runner.run(Map.of("x", Tensor.vector(at, -at)));
        assertThat(at(given, "same").toFloats()).containsExactly(at, -at);
        assertThat(at(given, "x").toFloats()).containsExactly(at, -at);
        assertThat(at(given, "constant").toFloats()).containsExactly(3, 4);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(
      names = {
        "FLOAT",
        "DOUBLE",
        "FLOAT16",
        "BFLOAT16",
        "INT8",
        "UINT8",
        "INT16",
        "INT32",
        "INT64",
        "BOOL"
      })
  void carriesTheType(DType dtype) {
    Model model =
        new SmallModels()
            .input(value("x", dtype, 3, 2))
            .node("Identity", List.of("x"), "y")
            .output(value("y", dtype, 3, 2))
            .model();
    Tensor x = Tensor.allocate(dtype, new Shape(3, 2));
    for (int i = 0; i < x.byteSize(); i++) {
      x.data().set(ValueLayout.JAVA_BYTE, i, (byte) (dtype == DType.BOOL ? i % 2 : 17 * i + 1));
    }
    try (Runner runner = open(model)) {
      for (int i = 0; i < 2; i++) {
        assertThat(at(runner.run(Map.of("x", x)), "y").sameAs(x)).isTrue();
      }
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"UINT16", "UINT32", "UINT64"})
  void givesUnsignedTypesBackThoughItCannotFeedThem(DType dtype) {
    Model model =
        new SmallModels()
            .input(value("x", DType.FLOAT, 3))
            .node(
                Node.of("Cast", "cast", List.of("x"), List.of("y"))
                    .with("to", new Attribute.Int(dtype.code())))
            .output(value("y", dtype, 3))
            .model();
    try (Runner runner = open(model)) {
      for (int i = 0; i < 2; i++) {
        Tensor y = at(runner.run(Map.of("x", Tensor.vector(0f, 7f, 65000f))), "y");
        assertThat(y.dtype()).isEqualTo(dtype);
        assertThat(y.toLongs()).containsExactly(0, 7, 65000);
      }
    }
  }

  @Test
  void scalarsGoInAndOut() {
    Model model =
        new SmallModels()
            .input(new Value("x", TensorType.of(DType.FLOAT, Shape.SCALAR)))
            .node("Neg", List.of("x"), "y")
            .output(new Value("y", TensorType.of(DType.FLOAT, Shape.SCALAR)))
            .model();
    try (Runner runner = open(model)) {
      for (int i = 0; i < 2; i++) {
        Tensor y = at(runner.run(Map.of("x", Tensor.scalar(2.5f))), "y");
        assertThat(y.shape()).isEqualTo(Shape.SCALAR);
        assertThat(y.toFloats()).containsExactly(-2.5f);
      }
    }
  }

  @Test
  void inputsOnTheHeapAndUnalignedOnesAreTaken() {
    Tensor native3 = random(3, 1, 3, 8, 8);
    Tensor heap =
        new Tensor(DType.FLOAT, native3.shape(), MemorySegment.ofArray(native3.toBytes()));
    MemorySegment odd =
        Arena.ofAuto().allocate(native3.byteSize() + 1, 64).asSlice(1, native3.byteSize());
    odd.copyFrom(native3.data());
    try (Runner runner = open(SmallModels.residual())) {
      Map<String, Tensor> expected = runner.run(Map.of("x", native3));
      for (Tensor x : List.of(heap, new Tensor(DType.FLOAT, native3.shape(), odd))) {
        Map<String, Tensor> given = runner.run(Map.of("x", x));
        assertThat(at(given, "y").sameAs(at(expected, "y"))).isTrue();
      }
    }
  }

  @Test
  void callersAtTheSameTimeNeverShareMemoryAndGetWhatOneAloneGets() throws Exception {
    try (Runner runner = open(SmallModels.residual());
        ExecutorService threads = Executors.newFixedThreadPool(2)) {
      List<Tensor> pictures = new ArrayList<>();
      List<Map<String, Tensor>> alone = new ArrayList<>();
      for (int i = 0; i < 16; i++) {
        pictures.add(random(i, 1, 3, 12, 12));
        alone.add(runner.run(Map.of("x", pictures.get(i))));
      }
      CyclicBarrier inside = new CyclicBarrier(2);
      List<Future<Boolean>> results = new ArrayList<>();
      for (int thread = 0; thread < 2; thread++) {
        int offset = thread;
        Callable<Boolean> task =
            () -> {
              boolean same = true;
              for (int i = offset; i < 16; i += 2) {
                Map<String, Tensor> expected = alone.get(i);
                boolean[] right = {true};
                runner.run(
                    Map.of("x", pictures.get(i)),
                    given -> {
                      await(inside); // both callers hold their outputs now
                      given.forEach((name, t) -> right[0] &= t.sameAs(at(expected, name)));
                      await(inside);
                    });
                same &= right[0];
              }
              return same;
            };
        results.add(threads.submit(task));
      }
      for (Future<Boolean> result : results) {
        assertThat(result.get()).isTrue();
      }
    }
  }

  private static void await(CyclicBarrier barrier) {
    try {
      barrier.await();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void aRunInsideTheCallbackLeavesTheOuterOutputsAlone() {
    try (Runner runner = open(SmallModels.residual())) {
      Tensor one = random(1, 1, 3, 8, 8);
      Tensor two = random(2, 1, 3, 8, 8);
      Tensor expected = at(runner.run(Map.of("x", one)), "y");
      runner.run(
          Map.of("x", one),
          given -> {
            Tensor other = at(runner.run(Map.of("x", two)), "y");
            assertThat(other.sameAs(expected)).isFalse();
            assertThat(at(given, "y").sameAs(expected)).isTrue();
          });
    }
  }

  @Test
  void aCallbackThatFailsLeavesTheRunnerUsable() {
    try (Runner runner = open(SmallModels.residual())) {
      Map<String, Tensor> fed = Map.of("x", random(1, 1, 3, 8, 8));
      assertThatThrownBy(() ->
              runner.run(
                  fed,
                  _ -> {
                    throw new IllegalArgumentException("from the callback");
                  }))
          .hasMessage("from the callback");

      assertThat(runner.run(fed)).hasSize(4);
    }
  }

  @Test
  void closingDuringARunLetsItEnd() {
    Runner runner = open(SmallModels.residual());
    Map<String, Tensor> fed = Map.of("x", random(1, 1, 3, 8, 8));
    Tensor expected = at(runner.run(fed), "y");

    runner.run(
        fed,
        given -> {
          runner.close();
          assertThat(at(given, "y").sameAs(expected)).isTrue();
        });

    runner.close();
    assertThatThrownBy(() -> runner.run(fed)).hasMessageContaining("closed");
  }

  @Test
  void verbatimAndOptimizedAgreeToRounding() {
    Map<String, Tensor> fed = Map.of("x", random(1, 1, 3, 16, 16));
    try (Runner fused = open(SmallModels.residual());
        Runner plain = RUNTIME.open(SmallModels.residual(), Options.VERBATIM);
        Runner threaded = RUNTIME.open(SmallModels.residual(), new Options(2, Optimization.FULL))) {
      float[] expected = at(plain.run(fed), "y").toFloats();

      assertThat(at(fused.run(fed), "y").toFloats())
          .usingComparatorWithPrecision(1e-3f)
          .containsExactly(expected);
      assertThat(at(threaded.run(fed), "y").toFloats())
          .usingComparatorWithPrecision(1e-3f)
          .containsExactly(expected);
    }
  }
}
