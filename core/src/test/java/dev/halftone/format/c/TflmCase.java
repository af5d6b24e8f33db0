package dev.halftone.format.c;

import dev.halftone.integer.Clamp;
import dev.halftone.integer.IntegerGraph;
import dev.halftone.integer.IntegerOp;
import dev.halftone.integer.IntegerTensor;
import dev.halftone.integer.Integers;
import dev.halftone.integer.Made;
import dev.halftone.integer.MeanRescale;
import dev.halftone.integer.Multipliers;
import dev.halftone.integer.SumRescale;
import dev.halftone.integer.Weights;
import dev.halftone.integer.Window;
import dev.halftone.scheme.Affine;
import dev.halftone.scheme.FixedPoint;
import dev.halftone.scheme.QuantizedType;
import dev.halftone.tensor.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// A call in the kernel tests of TensorFlow Lite Micro as an integer graph: its real numbers are rounded as the helpers there round them.
final class TflmCase {

  private final TflmCall call;
  private final QuantizedType type;

  private TflmCase(TflmCall call) {
    this.call = call;
    this.type =
        call.arguments().keySet().stream().anyMatch(name -> call.type(name).equals("int16_t"))
            ? QuantizedType.INT16
            : QuantizedType.INT8;
  }

  /// Empty where there is no such operation here, or what it is given is not in sight, as in loops.
  static Optional<Golden> of(TflmCall call) {
    return new TflmCase(call).made();
  }

  private Optional<Golden> made() {
    String helper = call.helper();
    boolean wide = type.isWide();
    boolean otherSums = wide && call.type("bias_data_quantized").equals("int32_t");
    boolean shaped =
        call.arguments().keySet().stream()
            .filter(name -> name.endsWith("_dims_data"))
            .allMatch(name -> call.numbers().containsKey(call.word(name)));
    boolean otherIntegers = call.type("input1_quantized").equals("int32_t");
    if (helper.contains("Compressed") || otherSums || otherIntegers || !shaped) {
      return Optional.empty();
    }
    return switch (helper) {
      case "TestConvQuantizedPerChannel" -> conv(false);
      case "TestDepthwiseConvQuantizedPerChannel" -> conv(true);
      case "TestFullyConnectedQuantized", "TestFullyConnectedQuantizedPerChannel" -> full();
      case "TestSoftmaxQuantized" -> wide ? Optional.empty() : softmax();
      case "TestAddQuantized", "TestSubQuantized", "TestMulQuantized" -> pair();
      case "TestAveragePoolQuantized", "TestMaxPoolQuantized" -> pool();
      case "TestReduceOpQuantized" ->
          call.word("registration").contains("MEAN") ? mean() : Optional.empty();
      case "TestPreluQuantized" -> wide ? Optional.empty() : prelu();
      default -> Optional.empty();
    };
  }

  private Affine grid(String scale, String zeroPoint) {
    return new Affine(type, (float) call.number(scale, 1), (int) call.number(zeroPoint, 0));
  }

  private Affine out() {
    return grid("output_scale", "output_zero_point");
  }

  private Affine in() {
    return grid("input_scale", "input_zero_point");
  }

  /// One of a batch.
  private static IntegerTensor tensor(String name, Affine grid, int[] dims) {
    long[] one = Arrays.stream(dims).asLongStream().toArray();
    one[0] = dims.length == 4 ? 1 : one[0];
    return Made.tensor(name, grid, one);
  }

  private byte[] bytes(double[] reals, Affine grid) {
    Integers integers = new Integers(Made.tensor("", grid, reals.length));
    for (int i = 0; i < reals.length; i++) {
      long steps = rounded((float) reals[i] / grid.scale());
      integers.set(i, type.clamp(steps + grid.zeroPoint()));
    }
    return integers.bytes();
  }

  /// To nearest, ties away from zero.
  private static long rounded(float value) {
    return (long) (Math.signum(value) * Math.floor(Math.abs((double) value) + 0.5));
  }

  private Optional<Golden> golden(IntegerGraph graph, List<byte[]> inputs, String expected) {
    byte[] outputs = bytes(call.array(expected), out());
    return Optional.of(Golden.of(call.test(), graph, inputs, outputs));
  }

  private Clamp clamp(String activation) {
    Affine out = out();
    Clamp all = Clamp.all(type);
    int zero = out.zeroPoint();
    return switch (activation) {
      case "kTfLiteActRelu" -> new Clamp(zero, all.max());
      case "kTfLiteActRelu6" -> new Clamp(zero, all.within(zero + (int) rounded(6 / out.scale())));
      case "kTfLiteActReluN1To1" ->
          new Clamp(
              all.within(zero + (int) rounded(-1 / out.scale())),
              all.within(zero + (int) rounded(1 / out.scale())));
      default -> all;
    };
  }

  /// Weights whose channels lie `apart` elements from each other, with a largest weight of 127, or 7 of 4 bits.
  private Weights weights(
      double[] reals, int outputs, int apart, int step, Optional<float[]> given, double[] bias) {
    int most = call.arguments().containsValue("kTfLiteInt4") ? 7 : 127;
    int each = reals.length / outputs;
    byte[] values = new byte[reals.length];
    int[] biases = new int[outputs];
    float[] scales = new float[outputs];
    List<FixedPoint> rescale = new ArrayList<>();
    for (int c = 0; c < outputs; c++) {
      float reach = 0;
      for (int i = 0; i < each; i++) {
        reach = Math.max(reach, Math.abs((float) reals[c * apart + i * step]));
      }
      int channel = c;
      scales[c] = given.map(all -> all[channel]).orElse(reach / most);
      for (int i = 0; i < each; i++) {
        int at = c * apart + i * step;
        long steps = rounded((float) reals[at] / scales[c]);
        values[at] = (byte) Math.clamp(steps, -most, most);
      }
      biases[c] =
          bias.length == 0 ? 0 : (int) rounded((float) bias[c] / (in().scale() * scales[c]));
      rescale.add(FixedPoint.of(Multipliers.weighted(in(), scales[c], out())));
    }
    return new Weights(values, biases, rescale, scales);
  }

  private Optional<Golden> conv(boolean depthwise) {
    if (!call.has("input_data", "filter_data", "bias_data", "expected_output_data")) {
      return Optional.empty();
    }
    int[] in = call.dims("input_dims_data");
    int[] filter = call.dims("filter_dims_data");
    int[] out = call.dims("output_dims_data");
    Window window =
        window(
            in,
            out,
            new int[] {filter[1], filter[2]},
            field("stride_height"),
            field("stride_width"),
            field("dilation_height_factor"),
            field("dilation_width_factor"),
            call.field("conv_params", "padding", "kTfLitePaddingValid"));
    int outC = out[3];
    double[] reals = call.array("filter_data");
    Weights weights =
        depthwise
            ? weights(reals, outC, 1, outC, Optional.empty(), call.array("bias_data"))
            : weights(
                reals, outC, reals.length / outC, 1, Optional.empty(), call.array("bias_data"));
    Clamp clamp = clamp(call.field("conv_params", "activation", ""));
    IntegerGraph graph =
        Made.graph(
            y ->
                depthwise
                    ? new IntegerOp.DepthwiseConv(0, y, window, weights, clamp)
                    : new IntegerOp.Conv(0, y, window, in[3] / filter[3], weights, clamp),
            tensor("x", in(), in),
            tensor("y", out(), out));
    return golden(graph, List.of(bytes(call.array("input_data"), in())), "expected_output_data");
  }

  private int field(String name) {
    return Integer.parseInt(call.field("conv_params", name, "1"));
  }

  private static Window window(
      int[] in, int[] out, int[] kernel, int strideY, int strideX, int dilY, int dilX, String pad) {
    boolean same = pad.contains("Same");
    return new Window(
        new Window.Axis(
            kernel[0], strideY, dilY, same ? before(in[1], out[1], kernel[0], strideY, dilY) : 0),
        new Window.Axis(
            kernel[1], strideX, dilX, same ? before(in[2], out[2], kernel[1], strideX, dilX) : 0));
  }

  private static int before(int in, int out, int kernel, int stride, int dilation) {
    return Math.max(0, (out - 1) * stride + (kernel - 1) * dilation + 1 - in) / 2;
  }

  private Optional<Golden> full() {
    if (!call.has("input_data", "weights_data", "golden")
        || call.number("weights_zero_point", 0) != 0) {
      return Optional.empty();
    }
    int[] dims = call.dims("weights_dims_data");
    double[] bias = call.has("bias_data") ? call.array("bias_data") : new double[0];
    boolean each = call.arguments().containsKey("weights_scales");
    float[] scales = new float[dims[0]];
    for (int o = 0; o < scales.length; o++) { // a list begins with its length
      scales[o] =
          (float) (each ? call.array("weights_scales")[o + 1] : call.number("weights_scale", 0));
    }
    Weights weights =
        weights(call.array("weights_data"), dims[0], dims[1], 1, Optional.of(scales), bias);
    double[] reals = call.array("input_data");
    int rows = reals.length / dims[1];
    Clamp clamp = clamp(call.word("activation"));
    IntegerGraph graph =
        Made.graph(
            y -> new IntegerOp.FullyConnected(0, y, weights, clamp),
            Made.tensor("x", in(), rows, dims[1]),
            Made.tensor("y", out(), rows, dims[0]));
    return golden(graph, List.of(bytes(reals, in())), "golden");
  }

  private Optional<Golden> softmax() {
    if (!call.has("input_data", "golden")) {
      return Optional.empty();
    }
    double[] reals = call.array("input_data");
    int[] dims = call.dims("input_dims_data");
    int last = dims[dims.length - 1];
    FixedPoint scale = FixedPoint.of(Math.clamp(in().scale() * 0x1p26, 1, 0x1.fffffep29));
    IntegerGraph graph =
        Made.graph(
            y -> new IntegerOp.Softmax(0, y, scale),
            Made.tensor("x", in(), reals.length / last, last),
            Made.tensor("y", out(), reals.length / last, last));
    return golden(graph, List.of(bytes(reals, in())), "golden");
  }

  private Optional<Golden> pair() {
    if (!call.has("input1_data", "input2_data", "golden")) {
      return Optional.empty();
    }
    boolean mul = call.helper().contains("Mul");
    Affine first = mul ? in() : grid("input1_scale", "input1_zero_point");
    Affine second = mul ? in() : grid("input2_scale", "input2_zero_point");
    int[] out = call.dims("output_dims_data");
    Clamp clamp = clamp(call.word("activation"));
    Multipliers.Sum factors = Multipliers.Sum.of(first, second, out());
    SumRescale rescale =
        new SumRescale(
            FixedPoint.of(factors.left()),
            FixedPoint.of(factors.right()),
            FixedPoint.of(factors.sum()));
    FixedPoint product = FixedPoint.of(Multipliers.product(first, second, out()));
    IntegerGraph graph =
        Made.graph(
            y ->
                switch (call.helper()) {
                  case "TestAddQuantized" -> new IntegerOp.Add(0, 1, y, rescale, clamp);
                  case "TestSubQuantized" -> new IntegerOp.Sub(0, 1, y, rescale, clamp);
                  default -> new IntegerOp.Mul(0, 1, y, product, clamp);
                },
            ofRank("a", first, "input1_dims_data", out.length),
            ofRank("b", second, "input2_dims_data", out.length),
            ofRank("y", out(), "output_dims_data", out.length));
    return golden(
        graph,
        List.of(bytes(call.array("input1_data"), first), bytes(call.array("input2_data"), second)),
        "golden");
  }

  private IntegerTensor ofRank(String name, Affine grid, String dims, int rank) {
    int[] given = call.dims(dims);
    long[] all = new long[rank];
    Arrays.fill(all, 1);
    for (int i = 0; i < given.length; i++) {
      all[rank - given.length + i] = given[i];
    }
    return Made.tensor(name, grid, all);
  }

  private Optional<Golden> pool() {
    if (!call.has("input_data", "expected_output_data") || !in().equals(out())) {
      return Optional.empty();
    }
    int[] in = call.dims("input_dims_data");
    int[] out = call.dims("output_dims_data");
    int[] kernel = {(int) call.number("filter_height", 1), (int) call.number("filter_width", 1)};
    int strideY = (int) call.number("stride_height", 1);
    int strideX = (int) call.number("stride_width", 1);
    Window window = window(in, out, kernel, strideY, strideX, 1, 1, call.word("padding"));
    IntegerOp op =
        call.helper().contains("Max")
            ? new IntegerOp.MaxPool(0, 1, window)
            : new IntegerOp.AveragePool(0, 1, window);
    Clamp clamp = clamp(call.word("activation"));
    IntegerTensor made = tensor("y", out(), out);
    IntegerGraph graph =
        Made.chain(
            List.of(tensor("x", in(), in), tensor("p", out(), out), made),
            List.of(op, new IntegerOp.Rescale(1, 2, FixedPoint.of(1), clamp)),
            1);
    byte[] fed = integers(tensor("x", in(), in), "input_data");
    return Optional.of(
        Golden.of(call.test(), graph, List.of(fed), integers(made, "expected_output_data")));
  }

  /// Of what is given as integers already.
  private byte[] integers(IntegerTensor like, String parameter) {
    double[] values = call.array(parameter);
    Integers integers =
        new Integers(
            new IntegerTensor("", new Shape(values.length), like.grid(), Optional.empty()));
    for (int i = 0; i < values.length; i++) {
      integers.set(i, (int) values[i]);
    }
    return integers.bytes();
  }

  private Optional<Golden> mean() {
    if (!call.has("input_data", "axis_data", "expected_output_data")) {
      return Optional.empty();
    }
    int[] in = call.dims("input_dims_data");
    if (in.length != 4 || !Arrays.equals(call.array("axis_data"), new double[] {1, 2})) {
      return Optional.empty();
    }
    FixedPoint quotient = FixedPoint.of(Multipliers.quotient(in(), out()));
    MeanRescale rescale = MeanRescale.of(quotient, in[1] * in[2]);
    IntegerGraph graph =
        Made.graph(
            y -> new IntegerOp.Mean(0, y, rescale),
            tensor("x", in(), in),
            tensor("y", out(), new int[] {1, 1, 1, in[3]}));
    return golden(graph, List.of(bytes(call.array("input_data"), in())), "expected_output_data");
  }

  private Optional<Golden> prelu() {
    if (!call.has("input_data", "alpha_data", "golden")) {
      return Optional.empty();
    }
    Affine slope = grid("alpha_scale", "alpha_zero_point");
    FixedPoint positive = FixedPoint.of(Multipliers.quotientInFloats(in(), out()));
    FixedPoint negative = FixedPoint.of(Multipliers.product(in(), slope, out()));
    int rank = call.dims("input_dims_data").length;
    IntegerGraph graph =
        Made.graph(
            y -> new IntegerOp.PRelu(0, 1, y, positive, negative),
            ofRank("x", in(), "input_dims_data", rank),
            ofRank("s", slope, "alpha_dims_data", rank),
            ofRank("y", out(), "output_dims_data", rank));
    return golden(
        graph,
        List.of(bytes(call.array("input_data"), in()), bytes(call.array("alpha_data"), slope)),
        "golden");
  }
}
