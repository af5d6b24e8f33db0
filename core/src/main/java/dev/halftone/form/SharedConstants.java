package dev.halftone.form;

import dev.halftone.graph.GraphEdit;
import dev.halftone.tensor.DType;
import dev.halftone.tensor.Shape;
import dev.halftone.tensor.Tensor;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;

/// Small constants that many nodes read: scales, zero points, shapes, tables. Each content is stored once.
public final class SharedConstants {

  private record Content(DType dtype, Shape shape, ByteBuffer bytes) {}

  private final GraphEdit edit;
  private final Map<Content, String> names = new HashMap<>();

  public SharedConstants(GraphEdit edit) {
    this.edit = edit;
  }

  /// The name of a constant of this content; `wanted`, or nearly, where it is new.
  public String add(String wanted, Tensor tensor) {
    Content content =
        new Content(tensor.dtype(), tensor.shape(), ByteBuffer.wrap(tensor.toBytes()));
    return names.computeIfAbsent(content, _ -> edit.addConstant(wanted, tensor));
  }
}
