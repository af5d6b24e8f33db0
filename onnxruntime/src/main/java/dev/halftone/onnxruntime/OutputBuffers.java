package dev.halftone.onnxruntime;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import dev.halftone.tensor.DType;
import dev.halftone.tensor.Shape;
import dev.halftone.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// Memory that ONNX Runtime writes the outputs of one run into, and the next run again: nothing is allocated or copied in between.
///
/// One run at a time may hold it. It grows to the largest shapes seen and stays there.
final class OutputBuffers implements AutoCloseable {

  private static final long ALIGNMENT = 64;

  /// What unwritten memory is full of: 1.5e16 in float32, no BOOL, and unlikely to be all of any output.
  private static final byte UNWRITTEN = 0x5A;

  private final OrtEnvironment environment;
  private final Map<String, Buffer> buffers = new LinkedHashMap<>();

  OutputBuffers(OrtEnvironment environment) {
    this.environment = environment;
  }

  /// True of outputs that can be written in place; the others are copied.
  static boolean fits(DType dtype, Shape shape) {
    return ElementType.handedOver(dtype).isPresent()
        && shape.count() > 0
        && dtype.bytes(shape.count()) <= Integer.MAX_VALUE - ALIGNMENT;
  }

  /// Makes room for an output of this type and shape, for which [#fits] holds.
  OnnxTensor pin(String output, DType dtype, Shape shape) throws OrtException {
    Buffer buffer = buffers.computeIfAbsent(output, _ -> new Buffer());
    return buffer.pin(environment, dtype, shape);
  }

  /// What the last run wrote to an output that was pinned for it. Empty where it wrote nothing: ONNX Runtime leaves the memory alone,
  /// and says nothing, where an output is an input or a constant of the (optimized) model.
  Optional<Tensor> written(String output) {
    return Optional.ofNullable(buffers.get(output)).flatMap(Buffer::written);
  }

  @Override
  public void close() {
    buffers.values().forEach(Buffer::close);
    buffers.clear();
  }

  /// The memory of one output, as our tensor and as ONNX Runtime's.
  private static final class Buffer {

    private Optional<Arena> arena = Optional.empty();
    private MemorySegment memory = MemorySegment.NULL;
    private Optional<Tensor> tensor = Optional.empty();
    private Optional<OnnxTensor> pinned = Optional.empty();
    private boolean provenWritten;

    OnnxTensor pin(OrtEnvironment environment, DType dtype, Shape shape) throws OrtException {
      if (pinned.isPresent()
          && tensor.filter(now -> now.dtype() == dtype && now.shape().equals(shape)).isPresent()) {
        return pinned.get();
      }
      long bytes = dtype.bytes(shape.count());
      pinned.ifPresent(OnnxTensor::close);
      pinned = Optional.empty();
      if (memory.byteSize() < bytes) {
        arena.ifPresent(Arena::close);
        arena = Optional.of(freshArena());
        memory = arena.get().allocate(bytes, ALIGNMENT);
      }
      MemorySegment part = memory.asSlice(0, bytes).fill(UNWRITTEN);
      provenWritten = false;
      OnnxTensor view =
          OnnxTensor.createTensor(
              environment,
              part.asByteBuffer().order(ByteOrder.nativeOrder()),
              shape.dims(),
              ElementType.handedOver(dtype).orElseThrow());
      tensor = Optional.of(new Tensor(dtype, shape, part));
      pinned = Optional.of(view);
      return view;
    }

    Optional<Tensor> written() {
      provenWritten = provenWritten || tensor.stream().noneMatch(Buffer::isUnwritten);
      return provenWritten ? tensor : Optional.empty();
    }

    private static boolean isUnwritten(Tensor tensor) {
      MemorySegment data = tensor.data();
      for (long at = 0; at < data.byteSize(); at++) {
        if (data.get(ValueLayout.JAVA_BYTE, at) != UNWRITTEN) {
          return false;
        }
      }
      return true;
    }

    @SuppressWarnings("MustBeClosedChecker") // closed when the buffer grows, and with the buffer
    private static Arena freshArena() {
      return Arena.ofShared();
    }

    void close() {
      pinned.ifPresent(OnnxTensor::close);
      arena.ifPresent(Arena::close);
    }
  }
}
