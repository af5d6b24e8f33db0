package dev.halftone.litert;

import dev.halftone.DeviceFormat;
import dev.halftone.data.Sample;
import dev.halftone.engine.integer.IntegerRunner;
import dev.halftone.integer.IntegerGraph;
import dev.halftone.integer.IntegerTensor;
import dev.halftone.integer.Port;
import dev.halftone.tensor.DType;
import dev.halftone.tensor.Shape;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;

/// A .tflite file, measured as LiteRT loads and runs it.
public final class LiteRtFormat implements DeviceFormat<LiteRtFormat.Network> {

  /// Inputs and outputs are int8, and every weight has a byte.
  public static final LiteRtFormat DEFAULT = new LiteRtFormat(PortType.INT8, false);

  private final PortType ports;
  private final boolean packed;

  private LiteRtFormat(PortType ports, boolean packed) {
    this.ports = ports;
    this.packed = packed;
  }

  /// The same with inputs and outputs of this type.
  public LiteRtFormat ports(PortType other) {
    return new LiteRtFormat(other, packed);
  }

  /// The same where weights of 4 bits or fewer lie two in a byte: half the file, but LiteRT unpacks them at every run.
  public LiteRtFormat packed() {
    return new LiteRtFormat(ports, true);
  }

  /// The runtime that loads and measures the files, as in `LiteRT 2.20.0`.
  public static String runtime() {
    return LiteRtRunner.version();
  }

  @Override
  public Network make(IntegerGraph graph, String name, String about, Sample sample) {
    return new Network(graph, ports, LiteRtWriter.bytes(graph, ports, packed, about));
  }

  @Override
  public List<Path> files(Path file, String name) {
    return List.of(file);
  }

  /// A network as a .tflite file holds it.
  public static final class Network implements DeviceFormat.Network {

    private final IntegerGraph graph;
    private final PortType ports;
    private final byte[] bytes;

    private Network(IntegerGraph graph, PortType ports, byte[] bytes) {
      this.graph = graph;
      this.ports = ports;
      this.bytes = bytes;
    }

    @Override
    public IntegerRunner open() {
      return LiteRtRunner.of(bytes, graph, Kernels.DEFAULT);
    }

    @Override
    public long flashBytes() {
      return bytes.length;
    }

    @Override
    public OptionalLong ramBytes() {
      return OptionalLong.empty();
    }

    @Override
    public List<byte[]> contents() {
      return List.of(bytes);
    }

    /// What is to be fed.
    public List<PortFacts> inputs() {
      return facts(graph.inputs());
    }

    /// What comes out.
    public List<PortFacts> outputs() {
      return facts(graph.outputs());
    }

    private List<PortFacts> facts(List<Port> all) {
      return all.stream().map(this::facts).toList();
    }

    private PortFacts facts(Port port) {
      IntegerTensor tensor = graph.tensor(port.tensor());
      boolean unsigned = ports == PortType.UINT8 && tensor.type() == DType.INT8;
      return new PortFacts(
          port.name(),
          unsigned ? "uint8" : tensor.type().name().toLowerCase(Locale.ROOT),
          Arrays.stream(tensor.shape().dims()).mapToObj(Math::toIntExact).toList(),
          tensor.grid().scale(),
          tensor.zeroPoint() + (unsigned ? 128 : 0));
    }
  }

  /// An input or output: real = scale * (integer - zeroPoint).
  ///
  /// @param shape as in the file, pictures NHWC
  public record PortFacts(
      String name, String type, List<Integer> shape, float scale, int zeroPoint) {

    public PortFacts {
      shape = List.copyOf(shape);
    }

    /// As in `image: int8 1x28x28x1, real = 0.007 * (integer + 1)`.
    public String sentence() {
      String integer =
          zeroPoint == 0
              ? "integer"
              : "(integer %s %d)".formatted(zeroPoint < 0 ? "+" : "-", Math.abs(zeroPoint));
      Shape extents = new Shape(shape.stream().mapToLong(i -> i).toArray());
      return "%s: %s %s, real = %s * %s".formatted(name, type, extents, scale, integer);
    }
  }
}
