package dev.halftone.litert;

import dev.halftone.UnusableInputException;
import dev.halftone.engine.integer.IntegerRunner;
import dev.halftone.format.AtomicFile;
import dev.halftone.integer.IntegerGraph;
import dev.halftone.integer.Port;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.tensorflowlite.BuiltinOpResolver;
import org.bytedeco.tensorflowlite.BuiltinOpResolverWithoutDefaultDelegates;
import org.bytedeco.tensorflowlite.FlatBufferModel;
import org.bytedeco.tensorflowlite.Interpreter;
import org.bytedeco.tensorflowlite.InterpreterBuilder;
import org.bytedeco.tensorflowlite.TfLiteTensor;
import org.bytedeco.tensorflowlite.global.tensorflowlite;
import org.jspecify.annotations.Nullable;

/// A .tflite file that an integer graph was written to, run by LiteRT. Each thread that runs it at the same time has an interpreter of
/// its own, on one thread.
final class LiteRtRunner implements IntegerRunner {

  private final Path file;
  private final IntegerGraph graph;
  private final FlatBufferModel model;
  private final BuiltinOpResolver resolver;
  private final Queue<Interpreter> idle = new ConcurrentLinkedQueue<>();

  /// @param file goes with the runner
  private LiteRtRunner(Path file, IntegerGraph graph, Kernels kernels) {
    NativeLibrary.symbols();
    this.file = file;
    this.graph = graph;
    FlatBufferModel read = FlatBufferModel.VerifyAndBuildFromFile(file.toString());
    if (read == null || read.isNull() || !read.initialized()) {
      throw refused("it is no .tflite file");
    }
    this.model = read;
    this.resolver =
        switch (kernels) {
          case DEFAULT -> new BuiltinOpResolver();
          case OPTIMIZED -> new BuiltinOpResolverWithoutDefaultDelegates();
          case REFERENCE -> ReferenceKernels.resolver();
        };
    Interpreter first = open();
    graph.inputs().forEach(port -> input(first, port));
    graph.outputs().forEach(port -> output(first, port));
    idle.add(first);
  }

  /// Of the bytes of a file, which lie in a temporary one as long as the runner is open. Throws UnusableInputException where LiteRT refuses
  /// it.
  ///
  /// @param graph what the file was written from
  static LiteRtRunner of(byte[] bytes, IntegerGraph graph, Kernels kernels) {
    Path file;
    try {
      file = Files.createTempFile("halftone-", ".tflite");
    } catch (IOException e) {
      throw new UnusableInputException(
          "no temporary file can be made (" + e + "): say with -Djava.io.tmpdir where", e);
    }
    try {
      AtomicFile.write(file, true, bytes);
      return new LiteRtRunner(file, graph, kernels);
    } catch (RuntimeException | Error e) {
      AtomicFile.delete(file);
      throw e;
    }
  }

  /// As in `LiteRT 2.20.0`.
  static String version() {
    NativeLibrary.symbols();
    return "LiteRT " + tensorflowlite.TfLiteVersion().getString();
  }

  private Interpreter open() {
    Interpreter interpreter = new Interpreter((Pointer) null);
    try (InterpreterBuilder builder = new InterpreterBuilder(model, resolver)) {
      builder.SetNumThreads(1);
      if (builder.apply(interpreter) != tensorflowlite.kTfLiteOk) {
        throw refused("it has an operation that this runtime has not");
      }
    }
    if (interpreter.AllocateTensors() != tensorflowlite.kTfLiteOk) {
      throw refused("an operation does not take what it is fed");
    }
    return interpreter;
  }

  @Override
  public IntegerGraph graph() {
    return graph;
  }

  @Override
  public byte[][] run(byte[]... inputs) {
    Interpreter found = idle.poll();
    Interpreter interpreter = found == null ? open() : found;
    for (int i = 0; i < inputs.length; i++) {
      TfLiteTensor tensor = input(interpreter, graph.inputs().get(i));
      if (tensor.bytes() != inputs[i].length) {
        throw new IllegalArgumentException(
            inputs[i].length + " integers for " + tensor.bytes() + " of input " + i);
      }
      bytes(tensor).put(signed(tensor, inputs[i]));
    }
    if (interpreter.Invoke() != tensorflowlite.kTfLiteOk) {
      throw refused("it does not run");
    }
    byte[][] outputs = new byte[graph.outputs().size()][];
    for (int i = 0; i < outputs.length; i++) {
      TfLiteTensor tensor = output(interpreter, graph.outputs().get(i));
      byte[] made = new byte[(int) tensor.bytes()];
      bytes(tensor).get(made);
      outputs[i] = signed(tensor, made);
    }
    idle.add(interpreter);
    return outputs;
  }

  private TfLiteTensor input(Interpreter interpreter, Port port) {
    return found(interpreter.input_tensor_by_signature(port.name(), FlatFile.SIGNATURE), port);
  }

  private TfLiteTensor output(Interpreter interpreter, Port port) {
    return found(interpreter.output_tensor_by_signature(port.name(), FlatFile.SIGNATURE), port);
  }

  /// The binding gives null where there is none.
  private TfLiteTensor found(@Nullable TfLiteTensor tensor, Port port) {
    if (tensor == null || tensor.isNull()) {
      throw refused("its signature has no " + port.name());
    }
    return tensor;
  }

  private static BytePointer bytes(TfLiteTensor tensor) {
    return tensor.data().int8();
  }

  /// Between the file's integers and the graph's, whose int8 are less by 128 than uint8: the same in both directions.
  private static byte[] signed(TfLiteTensor tensor, byte[] integers) {
    if (tensor.type() != tensorflowlite.kTfLiteUInt8) {
      return integers;
    }
    byte[] flipped = new byte[integers.length];
    for (int i = 0; i < flipped.length; i++) {
      flipped[i] = (byte) (integers[i] ^ 0x80);
    }
    return flipped;
  }

  private UnusableInputException refused(String reason) {
    return new UnusableInputException(
        "LiteRT refuses " + file + ": " + reason + ", so write it again with 'halftone export'");
  }

  @Override
  public void close() {
    idle.forEach(Pointer::close);
    resolver.close();
    model.close();
    AtomicFile.delete(file);
  }
}
