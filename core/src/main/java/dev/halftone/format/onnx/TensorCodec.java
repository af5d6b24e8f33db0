package dev.halftone.format.onnx;

import dev.halftone.tensor.DType;
import dev.halftone.tensor.Shape;
import dev.halftone.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// `TensorProto`. Read in every form the specification allows; written with `raw_data`.
final class TensorCodec {

  private static final int DIMS = 1;
  private static final int DATA_TYPE = 2;
  private static final int FLOAT_DATA = 4;
  private static final int INT32_DATA = 5;
  private static final int INT64_DATA = 7;
  private static final int NAME = 8;
  private static final int RAW_DATA = 9;
  private static final int DOUBLE_DATA = 10;
  private static final int UINT64_DATA = 11;
  private static final int EXTERNAL_DATA = 13;
  private static final int DATA_LOCATION = 14;

  private TensorCodec() {}

  /// @param tensor empty where the type is text, or one this build does not know
  /// @param rest fields that are not interpreted (doc string, metadata, later additions), encoded
  record Parsed(String name, Optional<Tensor> tensor, MemorySegment rest) {}

  static Parsed read(MemorySegment message, ExternalData external) {
    List<Long> dims = new ArrayList<>();
    Map<Integer, List<MemorySegment>> typed = new HashMap<>();
    Map<String, String> location = new HashMap<>();
    @Nullable MemorySegment raw = null;
    String name = "";
    long type = 0;
    boolean outside = false;
    WireWriter rest = new WireWriter();
    WireReader in = new WireReader(message);
    while (in.next()) {
      switch (in.field()) {
        case DIMS -> in.integers(dims::add);
        case DATA_TYPE -> type = in.integer();
        case FLOAT_DATA -> add(typed, in, WireReader.FIXED32);
        case DOUBLE_DATA -> add(typed, in, WireReader.FIXED64);
        case INT32_DATA, INT64_DATA, UINT64_DATA -> add(typed, in, WireReader.VARINT);
        case NAME -> name = in.text();
        case RAW_DATA -> raw = in.bytes();
        case EXTERNAL_DATA -> Entry.read(in.bytes()).putInto(location);
        case DATA_LOCATION -> outside = in.integer() == 1;
        default -> rest.encoded(in.opaque().encoded());
      }
    }
    DType dtype = type == (int) type ? DType.ofCode((int) type) : null;
    if (dtype == null || dtype == DType.STRING) {
      if (outside) {
        throw new Malformed(
            "tensor " + name + " has the unknown type " + type + " and lies outside the file");
      }
      return new Parsed(name, Optional.empty(), rest.toHeap());
    }
    Shape shape = shape(name, dims);
    long size = dtype.bytes(shape.count());
    MemorySegment data;
    if (outside) {
      data = external.resolve(name, location, size);
    } else {
      List<MemorySegment> elements = typed.getOrDefault(field(dtype), List.of());
      data =
          raw != null && (raw.byteSize() > 0 || elements.isEmpty())
              ? raw
              : TypedData.toRaw(name, dtype, size, elements);
    }
    if (data.byteSize() != size) {
      throw new Malformed(
          "tensor %s, %s of shape %s, takes %d bytes, but has %d"
              .formatted(name, dtype, shape, size, data.byteSize()));
    }
    return new Parsed(name, Optional.of(new Tensor(dtype, shape, data)), rest.toHeap());
  }

  private static void add(Map<Integer, List<MemorySegment>> typed, WireReader in, int scalar) {
    typed.computeIfAbsent(in.field(), _ -> new ArrayList<>()).add(in.elements(scalar));
  }

  /// The field that holds elements of this type where they are not in `raw_data`.
  private static int field(DType dtype) {
    return switch (dtype) {
      case FLOAT, COMPLEX64 -> FLOAT_DATA;
      case DOUBLE, COMPLEX128 -> DOUBLE_DATA;
      case INT64 -> INT64_DATA;
      case UINT32, UINT64 -> UINT64_DATA;
      default -> INT32_DATA;
    };
  }

  private static Shape shape(String name, List<Long> dims) {
    if (dims.stream().anyMatch(dim -> dim < 0)) {
      throw new Malformed("tensor " + name + " has a negative extent: " + dims);
    }
    long[] extents = dims.stream().mapToLong(Long::longValue).toArray();
    if (!Shape.isPossible(extents)) {
      throw new Malformed("tensor " + name + " has an impossible size: " + dims);
    }
    return new Shape(extents);
  }

  /// @param rest encoded fields to keep beside the data
  static WireWriter write(Tensor tensor, MemorySegment rest) {
    return header(tensor).encoded(rest).bytes(RAW_DATA, tensor.data());
  }

  static WireWriter write(String name, Tensor tensor, MemorySegment rest) {
    return header(tensor).text(NAME, name).bytes(RAW_DATA, tensor.data()).encoded(rest);
  }

  /// A tensor whose elements lie in another file.
  static WireWriter write(
      String name, Tensor tensor, MemorySegment rest, String location, long offset) {
    WireWriter out = header(tensor).text(NAME, name);
    out.message(EXTERNAL_DATA, new Entry("location", location).write());
    out.message(EXTERNAL_DATA, new Entry("offset", Long.toString(offset)).write());
    out.message(EXTERNAL_DATA, new Entry("length", Long.toString(tensor.byteSize())).write());
    return out.integer(DATA_LOCATION, 1).encoded(rest);
  }

  /// A tensor of no type: a name and what is kept beside it.
  static WireWriter writeRest(String name, MemorySegment rest) {
    return new WireWriter().text(NAME, name).encoded(rest);
  }

  private static WireWriter header(Tensor tensor) {
    WireWriter out = new WireWriter();
    for (long dim : tensor.shape().dims()) {
      out.integer(DIMS, dim);
    }
    return out.integer(DATA_TYPE, tensor.dtype().code());
  }
}
