package dev.halftone.measure;

import dev.halftone.device.Surroundings;
import dev.halftone.graph.GraphIndex;
import dev.halftone.tensor.Tensor;
import java.util.Optional;

/// The surroundings of operations in a quantized graph, as they were in the float one.
record BehindDequantize(GraphIndex index) implements Surroundings {

  @Override
  public Optional<Tensor> constant(String name) {
    return index
        .constant(name)
        .or(() ->
            index
                .producer(name)
                .filter(maker -> maker.is("DequantizeLinear"))
                .flatMap(dequantize -> index.constant(dequantize.input(0))));
  }

  @Override
  public boolean isRead(String value) {
    return Surroundings.of(index).isRead(value);
  }
}
