package dev.halftone.session;

import dev.halftone.DeviceFormat;
import dev.halftone.data.Sample;
import dev.halftone.engine.integer.IntegerEngine;
import dev.halftone.engine.integer.IntegerRunner;
import dev.halftone.format.c.CSource;
import dev.halftone.integer.AccumulatorBound;
import dev.halftone.integer.IntegerGraph;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/// A C99 source and a header, without heap, stdio, libm and floats, in a folder.
///
/// @param name what files and functions are called; as the model where it is empty
public record CFormat(Optional<String> name) implements DeviceFormat<CFormat.Network> {

  /// Files and functions are called as the model.
  public static final CFormat NAMED_AS_THE_MODEL = new CFormat(Optional.empty());

  @Override
  public Network make(IntegerGraph graph, String model, String about, Sample sample) {
    IntegerEngine engine = new IntegerEngine(graph);
    byte[][] inputs = engine.quantized(sample.inputs());
    CSource.TestVector test = new CSource.TestVector(inputs, engine.run(inputs));
    return new Network(engine, CSource.of(graph, called(model), test, about));
  }

  @Override
  public List<Path> files(Path folder, String model) {
    return List.of(folder.resolve(called(model) + ".c"), folder.resolve(called(model) + ".h"));
  }

  private String called(String model) {
    return CSource.identifier(name.orElse(model));
  }

  /// A network in C. The engine stands for the compiled program, which gives its bits.
  public record Network(IntegerEngine engine, CSource source) implements DeviceFormat.Network {

    @Override
    public IntegerRunner open() {
      return engine;
    }

    @Override
    public long flashBytes() {
      return source.constantBytes();
    }

    @Override
    public OptionalLong ramBytes() {
      return OptionalLong.of(source.ramBytes());
    }

    @Override
    public List<byte[]> contents() {
      return List.of(
          source.source().getBytes(StandardCharsets.UTF_8),
          source.header().getBytes(StandardCharsets.UTF_8));
    }

    /// Bits that hold every sum of every layer, whatever the input.
    public int accumulatorBits() {
      IntegerGraph graph = engine.graph();
      return graph.weighted().mapToInt(op -> AccumulatorBound.of(graph, op).bits()).max().orElse(0);
    }
  }
}
