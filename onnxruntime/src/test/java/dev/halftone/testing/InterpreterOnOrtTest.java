package dev.halftone.testing;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.halftone.UnsupportedModelException;
import dev.halftone.engine.Backend;
import dev.halftone.engine.Runner;
import dev.halftone.graph.Model;
import dev.halftone.graph.Sketch;
import dev.halftone.onnxruntime.OrtRuntime;
import dev.halftone.tensor.DType;
import dev.halftone.tensor.Shape;
import dev.halftone.tensor.Tensor;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The reference interpreter beside ONNX Runtime: each operation on random shapes.
class InterpreterOnOrtTest {

  private static final Backend ORT = new OrtRuntime();
  private static final Backend INTERPRETER = new Interpreter();
  private static final int TRIALS = 40;

  record Case(String name, Consumer<Drawn> draw) {
    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<Case> cases() {
    Map<String, Consumer<Drawn>> all = new LinkedHashMap<>();
    for (String op :
        "Relu Sigmoid Tanh Erf Gelu Exp Abs Neg Reciprocal Softplus HardSwish HardSigmoid LeakyRelu Elu Identity"
            .split(" ")) {
      all.put(op, draw -> draw.input("x", shape(draw)).node(op, "x", "y"));
    }
    all.put("Sqrt", draw -> draw.positive("x", shape(draw)).node("Sqrt", "x", "y"));
    all.put("Log", draw -> draw.positive("x", shape(draw)).node("Log", "x", "y"));
    for (String op : "Add Sub Mul Div Min Max Sum PRelu".split(" ")) {
      all.put(op, draw -> pair(draw, op));
      if (!op.equals("Sum") && !op.equals("PRelu")) {
        all.put(op + " of integers", draw -> integerPair(draw, op, DType.INT32));
      }
    }
    for (String op : "BitwiseAnd BitwiseOr Mul".split(" ")) {
      all.put(op + " of bytes", draw -> integerPair(draw, op, DType.UINT8));
    }
    all.put(
        "Pow",
        draw ->
            draw.positive("a", 3, 4).input("b", draw.number(1, 3), 1, 4).node("Pow", "a b", "y"));
    moreOfElements(all);
    Windows.cases(all);
    products(all);
    sums(all);
    Moves.cases(all);
    Grids.cases(all);
    Cells.cases(all);
    return all.entrySet().stream().map(entry -> new Case(entry.getKey(), entry.getValue()));
  }

  static long[] shape(Drawn draw) {
    return LongStream.generate(() -> draw.number(1, 5)).limit(draw.number(1, 4)).toArray();
  }

  private static long[] narrowed(Drawn draw, long[] shape) {
    int skipped = draw.number(0, shape.length - 1);
    return Arrays.stream(shape, skipped, shape.length).map(n -> draw.coin() ? 1 : n).toArray();
  }

  private static void pair(Drawn draw, String op) {
    long[] shape = shape(draw);
    draw.input("a", shape).input("b", narrowed(draw, shape));
    draw.node(op, draw.coin() || op.equals("PRelu") ? "a b" : "b a", "y");
  }

  private static void integerPair(Drawn draw, String op, DType type) {
    long[] shape = shape(draw);
    draw.codes("a", type, 1, 100, shape).codes("b", type, 1, 100, narrowed(draw, shape));
    draw.node(op, "a b", "y");
  }

  private static void moreOfElements(Map<String, Consumer<Drawn>> all) {
    all.put(
        "Clip",
        draw ->
            draw.input("x", shape(draw))
                .constant("low", Tensor.scalar(-0.3f))
                .constant("high", Tensor.scalar(0.6f))
                .node("Clip", draw.coin() ? "x low high" : "x - high", "y"));
    all.put(
        "Clip of integers",
        draw ->
            draw.codes("x", DType.INT8, -100, 100, shape(draw))
                .constant("low", Tensor.ofIntegers(DType.INT8, Shape.SCALAR, -30))
                .node("Clip", "x low", "y"));
    all.put(
        "Not",
        draw ->
            draw.input("x", Tensor.of(DType.BOOL, new Shape(3), new byte[] {1, 0, 1}))
                .node("Not", "x", "y"));
    for (DType type :
        new DType[] {
          DType.FLOAT, DType.INT64, DType.INT32, DType.UINT8, DType.INT16, DType.BOOL, DType.FLOAT16
        }) {
      all.put(
          "Cast to " + type,
          draw ->
              draw.codes("x", DType.INT32, -9, 300, shape(draw))
                  .node("Cast", "x", "y", "to", type.code()));
      all.put(
          "Cast of floats to " + type,
          draw -> draw.positive("x", shape(draw)).node("Cast", "x", "y", "to", type.code()));
    }
  }

  private static void products(Map<String, Consumer<Drawn>> all) {
    all.put(
        "MatMul",
        draw -> {
          int k = draw.number(1, 5);
          int batch = draw.number(1, 3);
          long[][] lefts = {{k}, {3, k}, {batch, 2, k}, {2, 1, 4, k}};
          long[][] rights = {{k}, {k, 3}, {1, k, 2}, {batch, k, 4}};
          draw.input("a", lefts[draw.number(0, 3)]).input("b", rights[draw.number(0, 3)]);
          draw.node("MatMul", "a b", "y");
        });
    all.put(
        "Gemm",
        draw -> {
          int m = draw.number(1, 4);
          int k = draw.number(1, 5);
          int n = draw.number(1, 4);
          int left = draw.number(0, 1);
          int right = draw.number(0, 1);
          draw.input("a", left == 1 ? new long[] {k, m} : new long[] {m, k})
              .input("b", right == 1 ? new long[] {n, k} : new long[] {k, n})
              .input("c", draw.coin() ? new long[] {n} : new long[] {m, 1});
          String reads = draw.coin() ? "a b c" : "a b";
          draw.node("Gemm", reads, "y", "transA", left, "transB", right, "alpha", 0.7f, "beta", 2f);
        });
    for (String equation : "ij,jk->ik bij,bkj->bki ij,ij->i i,j->ji bhqd,bhkd->bhqk".split(" ")) {
      all.put(
          "Einsum " + equation,
          draw -> {
            long[] extents = LongStream.generate(() -> draw.number(1, 4)).limit(26).toArray();
            String[] reads = equation.split("->")[0].split(",");
            draw.input("a", reads[0].chars().mapToLong(c -> extents[c - 'a']).toArray())
                .input("b", reads[1].chars().mapToLong(c -> extents[c - 'a']).toArray())
                .node("Einsum", "a b", "y", "equation", equation);
          });
    }
  }

  private static void sums(Map<String, Consumer<Drawn>> all) {
    for (String op : "Softmax LogSoftmax ArgMax".split(" ")) {
      all.put(
          op,
          draw -> {
            long[] shape = shape(draw);
            int axis = draw.number(-shape.length, shape.length - 1);
            draw.input("x", shape).node(op, "x", "y", "axis", axis);
          });
    }
    all.put(
        "LayerNormalization",
        draw -> {
          long[] shape = {draw.number(1, 3), draw.number(1, 4), draw.number(2, 5)};
          int axis = draw.number(1, 2);
          long[] row = Arrays.copyOfRange(shape, axis, 3);
          draw.input("x", shape).input("gain", row).input("offset", row);
          String reads = draw.coin() ? "x gain offset" : "x gain";
          draw.node("LayerNormalization", reads, "y", "axis", axis, "epsilon", 1e-3f);
        });
    all.put(
        "BatchNormalization",
        draw -> {
          int c = draw.number(1, 4);
          draw.input("x", draw.number(1, 3), c, 3, 2).input("gain", c).input("offset", c);
          draw.input("mean", c).positive("variance", c);
          draw.node("BatchNormalization", "x gain offset mean variance", "y");
        });
    for (String op : "ReduceMean ReduceSum".split(" ")) {
      all.put(
          op,
          draw -> {
            draw.input("x", 2, draw.number(1, 4), 3).ints("axes", -1, draw.number(0, 1));
            int keep = draw.number(0, 1);
            draw.node(op, draw.coin() ? "x axes" : "x", "y", "keepdims", keep);
          });
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void computesWhatOnnxRuntimeDoes(Case of) {
    for (int trial = 0; trial < TRIALS; trial++) {
      Drawn draw = new Drawn(21, trial);
      of.draw.accept(draw);
      Model model = draw.model();
      try (Runner ort = ORT.open(model, Backend.Options.VERBATIM);
          Runner own = INTERPRETER.open(model, Backend.Options.VERBATIM)) {
        Map<String, Tensor> wanted = ort.run(draw.fed());
        own.run(draw.fed())
            .forEach((name, made) -> same(made, requireNonNull(wanted.get(name)), model));
      }
    }
  }

  private static void same(Tensor made, Tensor wanted, Model model) {
    String what = model.graph().nodes().getFirst().toString();
    assertThat(made.dtype()).as(what).isEqualTo(wanted.dtype());
    assertThat(made.shape()).as(what).isEqualTo(wanted.shape());
    if (!made.dtype().isFloat()) {
      assertThat(made.toLongs()).as(what).isEqualTo(wanted.toLongs());
      return;
    }
    float[] a = made.toFloats();
    float[] b = wanted.toFloats();
    for (int i = 0; i < a.length; i++) {
      assertThat(a[i]).as(what).isCloseTo(b[i], within(2e-5f * Math.max(1, Math.abs(b[i]))));
    }
  }

  @Test
  void everyOperationIsChecked() {
    Set<String> checked = new TreeSet<>();
    cases()
        .forEach(of -> {
          Drawn draw = new Drawn(21, 1);
          of.draw.accept(draw);
          draw.model().graph().nodes().forEach(node -> checked.add(node.opType()));
        });
    assertThat(checked).isEqualTo(Operations.names());
  }

  @Test
  void anOperationThatItLacksIsNamed() {
    Model model = Sketch.opset(17).input("x", 3).node("Sin", "x", "y").output("y").model();
    assertThatThrownBy(() -> INTERPRETER.open(model, Backend.Options.VERBATIM))
        .isInstanceOf(UnsupportedModelException.class)
        .hasMessageContaining("no operation Sin");
  }
}
