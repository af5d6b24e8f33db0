package dev.halftone.format.onnx;

import dev.halftone.graph.Dim;
import dev.halftone.graph.TensorType;
import dev.halftone.tensor.DType;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// `TypeProto`, where it describes a tensor, taken apart: the type itself and, level by level, the encoded fields that are not
/// interpreted (denotations, later additions).
///
/// @param tensorType empty where the type is a sequence, a map, an optional, sparse, or of unknown elements
/// @param dimRests one for each extent
record TypeCodec(
    Optional<TensorType> tensorType,
    MemorySegment typeRest,
    MemorySegment tensorRest,
    MemorySegment shapeRest,
    List<MemorySegment> dimRests) {

  private static final int TENSOR = 1;
  private static final int DENOTATION = 6;
  private static final int ELEM_TYPE = 1;
  private static final int SHAPE = 2;
  private static final int DIM = 1;
  private static final int DIM_VALUE = 1;
  private static final int DIM_PARAM = 2;

  static final TypeCodec NOTHING =
      new TypeCodec(
          Optional.empty(), MemorySegment.NULL, MemorySegment.NULL, MemorySegment.NULL, List.of());

  static TypeCodec read(MemorySegment message) {
    List<MemorySegment> tensors = new ArrayList<>();
    boolean other = false;
    WireWriter rest = new WireWriter();
    WireReader in = new WireReader(message);
    while (in.next()) {
      switch (in.field()) {
        case TENSOR -> tensors.add(in.bytes());
        case DENOTATION -> rest.encoded(in.opaque().encoded());
        default -> {
          other |= in.field() < 10; // the other kinds of the oneof
          rest.encoded(in.opaque().encoded());
        }
      }
    }
    if (tensors.isEmpty()) {
      return new TypeCodec(
          Optional.empty(), rest.toHeap(), MemorySegment.NULL, MemorySegment.NULL, List.of());
    }
    TypeCodec tensor = readTensor(WireReader.join(tensors));
    return new TypeCodec(
        other ? Optional.empty() : tensor.tensorType,
        rest.toHeap(),
        tensor.tensorRest,
        tensor.shapeRest,
        tensor.dimRests);
  }

  private static TypeCodec readTensor(MemorySegment message) {
    long elements = 0;
    List<MemorySegment> shapes = new ArrayList<>();
    WireWriter rest = new WireWriter();
    WireReader in = new WireReader(message);
    while (in.next()) {
      switch (in.field()) {
        case ELEM_TYPE -> elements = in.integer();
        case SHAPE -> shapes.add(in.bytes());
        default -> rest.encoded(in.opaque().encoded());
      }
    }
    DType dtype = elements == (int) elements ? DType.ofCode((int) elements) : null;
    List<Dim> dims = new ArrayList<>();
    List<MemorySegment> dimRests = new ArrayList<>();
    WireWriter shapeRest = new WireWriter();
    if (!shapes.isEmpty()) {
      WireReader shape = new WireReader(WireReader.join(shapes));
      while (shape.next()) {
        if (shape.field() == DIM) {
          dims.add(readDim(shape.bytes(), dimRests));
        } else {
          shapeRest.encoded(shape.opaque().encoded());
        }
      }
    }
    Optional<TensorType> type =
        Optional.ofNullable(dtype)
            .map(known ->
                new TensorType(known, shapes.isEmpty() ? Optional.empty() : Optional.of(dims)));
    return new TypeCodec(type, MemorySegment.NULL, rest.toHeap(), shapeRest.toHeap(), dimRests);
  }

  /// A negative extent, which some exporters write for a dynamic one, is read as unknown, as ONNX Runtime does.
  private static Dim readDim(MemorySegment message, List<MemorySegment> rests) {
    Dim dim = Dim.UNKNOWN;
    WireWriter rest = new WireWriter();
    WireReader in = new WireReader(message);
    while (in.next()) {
      switch (in.field()) {
        case DIM_VALUE -> {
          long size = in.integer();
          dim = size < 0 ? Dim.UNKNOWN : Dim.of(size);
        }
        case DIM_PARAM -> {
          String name = in.text();
          dim = name.isEmpty() ? Dim.UNKNOWN : new Dim.Named(name);
        }
        default -> rest.encoded(in.opaque().encoded());
      }
    }
    rests.add(rest.toHeap());
    return dim;
  }

  boolean hasRest() {
    return typeRest.byteSize() > 0
        || tensorRest.byteSize() > 0
        || shapeRest.byteSize() > 0
        || dimRests.stream().anyMatch(rest -> rest.byteSize() > 0);
  }

  /// The message of this type together with what is kept here; with no type, only what is kept. What is kept of extents is
  /// dropped where the rank is no longer the same.
  WireWriter write(Optional<TensorType> type) {
    WireWriter tensor = new WireWriter();
    type.ifPresent(known -> tensor.integer(ELEM_TYPE, known.dtype().code()));
    Optional<List<Dim>> dims = type.flatMap(TensorType::dims);
    if (dims.isPresent() || type.isEmpty() && !dimRests.isEmpty()) {
      WireWriter shape = new WireWriter();
      int rank = dims.map(List::size).orElse(dimRests.size());
      for (int i = 0; i < rank; i++) {
        WireWriter dim = new WireWriter();
        if (dims.isPresent()) {
          writeDim(dims.get().get(i), dim);
        }
        if (rank == dimRests.size()) {
          dim.encoded(dimRests.get(i));
        }
        shape.message(DIM, dim);
      }
      tensor.message(SHAPE, shape.encoded(shapeRest));
    }
    return new WireWriter().message(TENSOR, tensor.encoded(tensorRest)).encoded(typeRest);
  }

  private static void writeDim(Dim dim, WireWriter out) {
    switch (dim) {
      case Dim.Known(long size) -> out.integer(DIM_VALUE, size);
      case Dim.Named(String name) -> out.text(DIM_PARAM, name);
      case Dim.Unknown() -> {}
    }
  }
}
