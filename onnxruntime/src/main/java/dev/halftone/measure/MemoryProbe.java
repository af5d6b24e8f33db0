package dev.halftone.measure;

import dev.halftone.UnusableInputException;
import dev.halftone.engine.Backend.Optimization;
import dev.halftone.engine.Backend.Options;
import dev.halftone.engine.Runner;
import dev.halftone.graph.Graph;
import dev.halftone.graph.Model;
import dev.halftone.graph.Node;
import dev.halftone.graph.TensorType;
import dev.halftone.graph.Value;
import dev.halftone.onnxruntime.OrtRuntime;
import dev.halftone.tensor.DType;
import dev.halftone.tensor.Shape;
import dev.halftone.tensor.Tensor;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The process that [MemoryUse] starts: loads and runs a model, and prints what that took.
final class MemoryProbe {

  static final Path STATUS = Path.of("/proc/self/status");
  static final String MEASURED = "measured";

  private MemoryProbe() {}

  /// An input as an argument of the process, as in `FLOAT 1x3x224x224 input`.
  static String describe(String name, Tensor tensor) {
    return tensor.dtype() + " " + tensor.shape() + " " + name;
  }

  private static void parse(String description, Map<String, Tensor> inputs) {
    String[] words = description.split(" ", 3);
    long[] dims =
        words[1].equals(Shape.SCALAR.toString())
            ? new long[0]
            : Arrays.stream(words[1].split("x")).mapToLong(Long::parseLong).toArray();
    inputs.put(words[2], Tensor.allocate(DType.valueOf(words[0]), new Shape(dims)));
  }

  /// Arguments: file, runs, threads, optimization, inputs; their elements come by standard input.
  public static void main(String[] arguments) throws IOException {
    Map<String, Tensor> inputs = new LinkedHashMap<>();
    for (int i = 4; i < arguments.length; i++) {
      parse(arguments[i], inputs);
    }
    for (Tensor tensor : inputs.values()) {
      byte[] bytes = System.in.readNBytes(Math.toIntExact(tensor.data().byteSize()));
      MemorySegment.copy(bytes, 0, tensor.data(), ValueLayout.JAVA_BYTE, 0, bytes.length);
    }
    Options options =
        new Options(Integer.parseInt(arguments[2]), Optimization.valueOf(arguments[3]));
    try {
      OrtRuntime runtime = new OrtRuntime();
      warmUp(runtime, options);
      forgetPeak();
      long before = bytes("VmRSS");
      try (Runner runner = runtime.load(Path.of(arguments[0]), options)) {
        for (int run = Integer.parseInt(arguments[1]); run > 0; run--) {
          runner.run(inputs, _ -> {});
        }
        System.out.println(MEASURED + " " + before + " " + bytes("VmHWM"));
      }
    } catch (UnusableInputException e) {
      System.out.println(e.getMessage());
    }
  }

  /// Runs a model of one node, so that what the JVM and ONNX Runtime load once is not counted.
  private static void warmUp(OrtRuntime runtime, Options options) {
    Tensor x = Tensor.vector(1f, 2f);
    Value in = new Value("x", TensorType.of(x.dtype(), x.shape()));
    Value out = new Value("y", TensorType.of(x.dtype(), x.shape()));
    Node relu = Node.of("Relu", "", List.of("x"), List.of("y"));
    Graph graph =
        new Graph("", List.of(relu), Map.of(), List.of(in), List.of(out), List.of(), List.of());
    Model model = new Model(8, Map.of("", 17L), "", "", graph, Map.of(), List.of());
    try (Runner runner = runtime.open(model, options)) {
      for (int run = 0; run < 100; run++) {
        runner.run(Map.of("x", x), _ -> {});
      }
    }
  }

  /// Sets the peak (VmHWM) to what is resident now; where the kernel does not allow it, the peak may be that of starting up.
  private static void forgetPeak() {
    try {
      Files.writeString(Path.of("/proc/self/clear_refs"), "5");
    } catch (IOException e) {
      // the older peak stands
    }
  }

  private static long bytes(String field) throws IOException {
    for (String line : Files.readAllLines(STATUS)) {
      if (line.startsWith(field + ":")) {
        return 1024 * Long.parseLong(line.replaceAll("\\D", "")); // as in "VmHWM:   123456 kB"
      }
    }
    throw new IOException(STATUS + " has no " + field);
  }
}
