package dev.halftone.onnxruntime;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxTensorLike;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.halftone.UnsupportedModelException;
import dev.halftone.engine.Runner;
import dev.halftone.graph.Value;
import dev.halftone.tensor.DType;
import dev.halftone.tensor.Shape;
import dev.halftone.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.function.Consumer;

/// A session of ONNX Runtime.
///
/// Inputs in native memory are read where they are. Outputs are written into memory that is kept from run to run, one set for each
/// caller at work at the same time. Outputs whose shape depends on the data, or that ONNX Runtime does not write in place, are copied.
final class OrtRunner implements Runner {

  private final OrtEnvironment environment;
  private final OrtSession session;
  private final String runtime;
  private final String model;
  private final List<Value> inputs;
  private final List<Value> outputs;
  private final InputCheck check;
  private final OutputShapes outputShapes;
  private final ConcurrentLinkedDeque<OutputBuffers> idle = new ConcurrentLinkedDeque<>();
  private int running;
  private boolean closed;

  /// @param runtime its name and version, for errors
  /// @param model how to speak of the model to a reader
  OrtRunner(
      OrtEnvironment environment,
      OrtSession session,
      String runtime,
      String model,
      List<Value> inputs,
      List<Value> outputs) {
    this.environment = environment;
    this.session = session;
    this.runtime = runtime;
    this.model = model;
    this.inputs = List.copyOf(inputs);
    this.outputs = List.copyOf(outputs);
    this.check = new InputCheck(this.inputs);
    this.outputShapes = new OutputShapes(this.inputs, this.outputs);
  }

  @Override
  public List<Value> inputs() {
    return inputs;
  }

  @Override
  public List<Value> outputs() {
    return outputs;
  }

  @Override
  public void run(Map<String, Tensor> fed, Consumer<Map<String, Tensor>> use) {
    List<Tensor> tensors = check.inOrder(fed);
    enter();
    OutputBuffers buffers =
        Optional.ofNullable(idle.pollFirst()).orElseGet(() -> new OutputBuffers(environment));
    try {
      use.accept(run(tensors, buffers));
    } finally {
      idle.addFirst(buffers);
      leave();
    }
  }

  private Map<String, Tensor> run(List<Tensor> fed, OutputBuffers buffers) {
    List<Shape> shapes = fed.stream().map(Tensor::shape).toList();
    Map<String, OnnxTensor> handed = new LinkedHashMap<>();
    try {
      for (int i = 0; i < fed.size(); i++) {
        handed.put(inputs.get(i).name(), handOver(fed.get(i)));
      }
      Map<String, OnnxTensor> pinned = pin(outputShapes.expect(shapes), buffers);
      if (!pinned.isEmpty()) {
        try {
          return runInto(pinned, handed, buffers);
        } catch (OrtException unexpected) {
          // An output came in another shape, or the run fails in any case: the next one shows.
        }
      }
      Map<String, Tensor> given = run(handed, Map.of(), buffers);
      outputShapes.learn(shapes, given, !pinned.isEmpty());
      return given;
    } catch (OrtException e) {
      throw Refusal.ofRun(model, runtime, e);
    } finally {
      handed.values().forEach(OnnxTensor::close);
    }
  }

  private Map<String, Tensor> runInto(
      Map<String, OnnxTensor> pinned, Map<String, OnnxTensor> handed, OutputBuffers buffers)
      throws OrtException {
    Map<String, Tensor> given = run(handed, pinned, buffers);
    Set<String> unwritten = new LinkedHashSet<>(pinned.keySet());
    unwritten.removeAll(given.keySet());
    if (unwritten.isEmpty()) {
      return given;
    }
    outputShapes.giveUp(unwritten);
    pinned.keySet().removeAll(unwritten);
    return run(handed, pinned, buffers);
  }

  private Map<String, OnnxTensor> pin(
      Map<String, OutputShapes.Expected> expected, OutputBuffers buffers) throws OrtException {
    Map<String, OnnxTensor> pinned = new LinkedHashMap<>();
    for (Map.Entry<String, OutputShapes.Expected> output : expected.entrySet()) {
      OutputShapes.Expected guess = output.getValue();
      if (OutputBuffers.fits(guess.dtype(), guess.shape())) {
        pinned.put(output.getKey(), buffers.pin(output.getKey(), guess.dtype(), guess.shape()));
      }
    }
    return pinned;
  }

  /// Every output but those that were pinned and not written.
  private Map<String, Tensor> run(
      Map<String, ? extends OnnxTensorLike> handed,
      Map<String, OnnxTensor> pinned,
      OutputBuffers buffers)
      throws OrtException {
    Set<String> others = new LinkedHashSet<>();
    outputs.forEach(output -> others.add(output.name()));
    others.removeAll(pinned.keySet());
    try (OrtSession.Result result = session.run(handed, others, pinned)) {
      Map<String, Tensor> given = new LinkedHashMap<>();
      for (Value output : outputs) {
        String name = output.name();
        if (pinned.containsKey(name)) {
          buffers.written(name).ifPresent(tensor -> given.put(name, tensor));
        } else {
          given.put(name, copy(name, result.get(name).orElseThrow()));
        }
      }
      return given;
    }
  }

  /// The tensor as ONNX Runtime's: the same memory where it is native and aligned, a copy in native memory otherwise.
  private OnnxTensor handOver(Tensor tensor) throws OrtException {
    MemorySegment data = tensor.data();
    if (!data.isNative() || data.address() % Math.max(1, tensor.dtype().bits() / 8) != 0) {
      data = Arena.ofAuto().allocate(Math.max(1, data.byteSize()), 64).asSlice(0, data.byteSize());
      data.copyFrom(tensor.data());
    }
    return OnnxTensor.createTensor(
        environment,
        data.asByteBuffer().order(ByteOrder.nativeOrder()),
        tensor.shape().dims(),
        ElementType.handedOver(tensor.dtype()).orElseThrow());
  }

  private static Tensor copy(String name, OnnxValue value) {
    if (!(value instanceof OnnxTensor tensor)) {
      throw new UnsupportedModelException(
          "the model's output \"%s\" is no tensor: remove what makes it (a ZipMap, a sequence) from the model"
              .formatted(name));
    }
    DType dtype = ElementType.of(tensor.getInfo()).orElseThrow();
    Shape shape = new Shape(tensor.getInfo().getShape());
    return shape.count() == 0
        ? Tensor.allocate(dtype, shape)
        : new Tensor(dtype, shape, MemorySegment.ofBuffer(tensor.getByteBuffer()));
  }

  private synchronized void enter() {
    if (closed) {
      throw new IllegalStateException("the runner is closed");
    }
    running++;
  }

  private synchronized void leave() {
    running--;
    if (closed && running == 0) {
      release();
    }
  }

  /// Runs under way end well; the last of them frees what the runner holds.
  @Override
  public synchronized void close() {
    if (!closed) {
      closed = true;
      if (running == 0) {
        release();
      }
    }
  }

  private void release() {
    idle.forEach(OutputBuffers::close);
    idle.clear();
    try {
      session.close();
    } catch (OrtException e) {
      throw new IllegalStateException("ONNX Runtime does not close a session", e);
    }
  }
}
