package dev.halftone.testing;

import static java.util.Map.entry;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Forms of operations for the rows and conditions of the tables.
public final class Forms {

  private static final long[] TWO = {2, 2};
  private static final long[] AROUND = {1, 1, 1, 1};

  /// By the operation and the kernel of its row.
  private static final Map<String, List<Form>> SUPPORTED =
      Map.ofEntries(
          entry(
              "Conv WEIGHTED",
              List.of(
                  Form.of("Conv", "c w11 b5", 6, "QLinearConv"),
                  Form.of("Conv", "c w33", 6, "QLinearConv", "pads", AROUND),
                  Form.of("Conv", "c wdw b4", 6, "QLinearConv", "pads", AROUND, "group", 4),
                  Form.of("Conv", "c wg2", 6, "QLinearConv", "group", 2))),
          entry(
              "Gemm WEIGHTED",
              List.of(
                  Form.of("Gemm", "flat k65 b5", 5, "com.microsoft.QGemm"),
                  Form.of("Gemm", "flat k65 b15", 5, "com.microsoft.QGemm"),
                  Form.of("Gemm", "flat k65", 5, "com.microsoft.QGemm"),
                  Form.of("Gemm", "flat k56 b5", 5, "com.microsoft.QGemm", "transB", 1))),
          entry("MatMul WEIGHTED", List.of(Form.of("MatMul", "c k65", 5, "QLinearMatMul"))),
          entry("MatMul ARITHMETIC", List.of(Form.of("MatMul", "c d", 6, "QLinearMatMul"))),
          entry("ConvTranspose NONE", List.of(Form.of("ConvTranspose", "c wt", 7, ""))),
          entry("Upsample NONE", List.of(Form.of("Upsample", "c scales", 12, ""))),
          entry("LogSoftmax NONE", ofOne("LogSoftmax", "")),
          entry("Div NONE", List.of(Form.of("Div", "c c1466", 6, ""))),
          entry(
              "BatchNormalization NONE",
              List.of(Form.of("BatchNormalization", "c b4 b4 b4 b4", 6, ""))),
          entry("ReduceMean NONE", List.of(Form.of("ReduceMean", "c axis3", 1, ""))),
          entry("Add ARITHMETIC", ofTwo("Add", "com.microsoft.QLinearAdd")),
          entry("Sub ARITHMETIC", ofTwo("Sub", "")),
          entry("Mul ARITHMETIC", ofTwo("Mul", "com.microsoft.QLinearMul")),
          entry(
              "Concat ARITHMETIC",
              List.of(
                  Form.of("Concat", "c d", 6, "com.microsoft.QLinearConcat", "axis", 1),
                  Form.of("Concat", "c c1466", 6, "com.microsoft.QLinearConcat", "axis", 1))),
          entry(
              "AveragePool ARITHMETIC",
              List.of(
                  Form.of(
                      "AveragePool",
                      "c",
                      5,
                      "com.microsoft.QLinearAveragePool",
                      "kernel_shape",
                      TWO))),
          entry(
              "AveragePool MOVE", List.of(Form.of("AveragePool", "c", 5, "", "kernel_shape", TWO))),
          entry(
              "GlobalAveragePool ARITHMETIC",
              List.of(
                  Form.of("GlobalAveragePool", "c", 1, "com.microsoft.QLinearGlobalAveragePool"))),
          entry("Sigmoid ARITHMETIC", ofOne("Sigmoid", "com.microsoft.QLinearSigmoid")),
          entry("LeakyRelu ARITHMETIC", ofOne("LeakyRelu", "com.microsoft.QLinearLeakyRelu")),
          entry("Softmax ARITHMETIC", ofOne("Softmax", "com.microsoft.QLinearSoftmax")),
          entry(
              "Where ARITHMETIC",
              List.of(Form.of("Where", "picks c d", 6, "com.microsoft.QLinearWhere"))),
          entry("PRelu ARITHMETIC", List.of(Form.of("PRelu", "c slopes", 6, ""))),
          entry("Tanh ARITHMETIC", ofOne("Tanh", "")),
          entry("HardSigmoid ARITHMETIC", ofOne("HardSigmoid", "")),
          entry("HardSwish ARITHMETIC", ofOne("HardSwish", "")),
          entry("Elu ARITHMETIC", ofOne("Elu", "")),
          entry("Softplus ARITHMETIC", ofOne("Softplus", "")),
          entry("Abs ARITHMETIC", ofOne("Abs", "")),
          entry("Neg ARITHMETIC", ofOne("Neg", "")),
          entry(
              "MaxPool MOVE", List.of(Form.of("MaxPool", "c", 5, "MaxPool", "kernel_shape", TWO))),
          entry("GlobalMaxPool MOVE", List.of(Form.of("GlobalMaxPool", "c", 1, ""))),
          entry("Reshape MOVE", List.of(Form.of("Reshape", "c to", 36, "Reshape"))),
          entry("Flatten MOVE", List.of(Form.of("Flatten", "c", 144, "Flatten"))),
          entry(
              "Transpose MOVE",
              List.of(Form.of("Transpose", "c", 4, "Transpose", "perm", new long[] {0, 2, 3, 1}))),
          entry("Squeeze MOVE", List.of(Form.of("Squeeze", "c axis0", 6, "Squeeze"))),
          entry("Unsqueeze MOVE", List.of(Form.of("Unsqueeze", "c axis0", 6, "Unsqueeze"))),
          entry("Slice MOVE", List.of(Form.of("Slice", "c starts ends axis3", 4, "Slice"))),
          entry(
              "Split MOVE",
              List.of(Form.of("Split", "c halves", 6, "Split", "axis", 1).making("m n"))),
          entry("Gather MOVE", List.of(Form.of("Gather", "c rows", 2, "Gather", "axis", 3))),
          entry("Expand MOVE", List.of(Form.of("Expand", "c expanded", 6, "Expand"))),
          entry("Tile MOVE", List.of(Form.of("Tile", "c times", 6, "Tile"))),
          entry(
              "Pad MOVE",
              List.of(Form.of("Pad", "c around", 8, ""), Form.of("Pad", "c around zero", 8, ""))),
          entry(
              "DepthToSpace MOVE",
              List.of(Form.of("DepthToSpace", "c", 12, "DepthToSpace", "blocksize", 2))),
          entry("Resize MOVE", List.of(Form.of("Resize", "c - scales", 12, "Resize"))),
          entry(
              "GatherElements MOVE",
              List.of(Form.of("GatherElements", "c each", 6, "GatherElements", "axis", 3))),
          entry("ReduceMax MOVE", List.of(Form.of("ReduceMax", "c axis3", 1, "ReduceMax"))),
          entry("ReduceMin MOVE", List.of(Form.of("ReduceMin", "c axis3", 1, "ReduceMin"))),
          entry("ArgMax MOVE", List.of(Form.of("ArgMax", "c", 6, "ArgMax", "axis", 1))),
          entry("Relu CLAMP", ofOne("Relu", "")),
          entry("Clip CLAMP", List.of(Form.of("Clip", "c zero one", 6, ""))));

  /// Those that break one condition, by the operation and the name of the condition.
  private static final Map<String, List<Form>> REFUSED =
      Map.ofEntries(
          entry("Conv: constant weights", List.of(Form.of("Conv", "c d", 1, "QLinearConv"))),
          entry("Conv: constant bias", List.of(Form.of("Conv", "c w11 bias", 6, ""))),
          entry("Conv: kernels", List.of(Form.of("Conv", "c k45", 6, ""))),
          entry("Conv: groups", List.of(Form.of("Conv", "c w52", 6, "", "group", 2))),
          entry(
              "Conv: bias an output",
              List.of(Form.of("Conv", "c w11 b4", 6, ""), Form.of("Conv", "c w33 b5", 4, ""))),
          entry(
              "Gemm: constant on the right",
              List.of(Form.of("Gemm", "k54 flat", 6, "com.microsoft.QGemm"))),
          entry(
              "Gemm: constant weights",
              List.of(Form.of("Gemm", "flat flat2", 4, "com.microsoft.QGemm", "transB", 1))),
          entry("Gemm: constant bias", List.of(Form.of("Gemm", "flat k65 bias", 5, ""))),
          entry(
              "Gemm: alpha and beta",
              List.of(
                  Form.of("Gemm", "flat k65 b5", 5, "", "alpha", 2f),
                  Form.of("Gemm", "flat k65 b5", 5, "", "beta", 2f))),
          entry(
              "Gemm: plain activations",
              List.of(Form.of("Gemm", "flat k45 b5", 5, "", "transA", 1))),
          entry("Gemm: matrix", List.of(Form.of("Gemm", "flat k466", 6, ""))),
          entry(
              "Gemm: bias an output",
              List.of(
                  Form.of("Gemm", "flat k65 b1", 5, ""), Form.of("Gemm", "flat k65 one", 5, ""))),
          entry(
              "MatMul: constant on the right",
              List.of(Form.of("MatMul", "k66 c", 6, "QLinearMatMul"))),
          entry("MatMul: constant weights", List.of(Form.of("MatMul", "c d", 6, "QLinearMatMul"))),
          entry("MatMul: no constant", List.of(Form.of("MatMul", "k66 c", 6, ""))),
          entry(
              "MatMul: matrix",
              List.of(
                  Form.of("MatMul", "c k466", 6, "QLinearMatMul"),
                  Form.of("MatMul", "c k6", 6, "QLinearMatMul"))),
          entry("Add: computed operand", List.of(Form.of("Add", "c411 c1466", 6, ""))),
          entry("Sub: computed operand", List.of(Form.of("Sub", "c411 c1466", 6, ""))),
          entry("Mul: computed operand", List.of(Form.of("Mul", "c411 c1466", 6, ""))),
          entry(
              "Concat: computed operand",
              List.of(Form.of("Concat", "c1466 c1466", 6, "", "axis", 1))),
          entry(
              "AveragePool: no dilations",
              List.of(
                  Form.of(
                      "AveragePool",
                      "c",
                      5,
                      "",
                      "kernel_shape",
                      TWO,
                      "dilations",
                      new long[] {1, 1}))),
          entry(
              "MaxPool: one output",
              List.of(Form.of("MaxPool", "c", 5, "", "kernel_shape", TWO).making("m index"))),
          entry(
              "Split: read outputs",
              List.of(Form.of("Split", "c halves", 6, "", "axis", 1).making("m unread"))),
          entry(
              "Resize: nearest",
              List.of(
                  Form.of("Resize", "c - scales", 12, "", "mode", "linear"),
                  Form.of("Resize", "c - scales", 12, "", "mode", "cubic"))),
          entry(
              "Clip: lowest",
              List.of(Form.of("Clip", "c low", 6, ""), Form.of("Clip", "c bounds", 6, ""))),
          entry("Clip: highest", List.of(Form.of("Clip", "c - low", 6, ""))),
          entry(
              "Slice: constant extents",
              List.of(
                  Form.of("Slice", "c computed ends axis3", 4, ""),
                  Form.of("Slice", "c starts ends computed", 4, ""),
                  Form.of("Slice", "c starts ends axis3 computed", 4, ""))),
          entry("Slice: forwards", List.of(Form.of("Slice", "c ends starts axis3 back", 4, ""))),
          entry(
              "Pad: zeros",
              List.of(
                  Form.of("Pad", "c around one", 8, ""),
                  Form.of("Pad", "c around", 8, "", "mode", "reflect"))),
          entry("Pad: constant extents", List.of(Form.of("Pad", "c around - computed", 8, ""))),
          entry("Pad: outwards", List.of(Form.of("Pad", "c inside", 5, ""))),
          entry("PRelu: constant slope", List.of(Form.of("PRelu", "c d", 6, ""))));

  private Forms() {}

  /// Throws where a row has no form: none escapes its test.
  ///
  /// @param row its operation and its kernel, as in `Conv WEIGHTED`
  public static List<Form> of(String row) {
    return required(SUPPORTED, row);
  }

  /// Throws where a condition has no form that breaks it.
  ///
  /// @param condition its row's operation and its name, as in `Resize: nearest`
  public static List<Form> breaking(String condition) {
    return required(REFUSED, condition);
  }

  private static List<Form> required(Map<String, List<Form>> forms, String key) {
    return Optional.ofNullable(forms.get(key))
        .orElseThrow(() -> new AssertionError("no form is tested for " + key));
  }

  private static List<Form> ofOne(String operation, String kernel) {
    return List.of(Form.of(operation, "c", 6, kernel));
  }

  private static List<Form> ofTwo(String operation, String kernel) {
    return List.of(
        Form.of(operation, "c d", 6, kernel),
        Form.of(operation, "c c411", 6, kernel),
        Form.of(operation, "c c1466", 6, kernel));
  }
}
