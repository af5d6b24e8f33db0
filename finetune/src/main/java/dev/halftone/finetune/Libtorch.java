package dev.halftone.finetune;

import dev.halftone.UnusableInputException;
import dev.halftone.tensor.DType;
import dev.halftone.tensor.Shape;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.net.URL;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.javacpp.LongPointer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarOptional;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.StringViewOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;

/// The door to the native library: whoever comes through has it loaded.
///
/// Outside of this class the library's constructors and static methods are called with an object of the library in hand only, which
/// ArchitectureTest holds. The first such object comes from here, and this class loads the library before any of its methods runs.
final class Libtorch {

  /// Why there is none; null where it is loaded.
  private static final @Nullable UnusableInputException UNAVAILABLE = load();

  private Libtorch() {}

  /// Throws UnusableInputException where the library could not be loaded: to be told before long work, not in its midst.
  static void require() {
    UnusableInputException unavailable = UNAVAILABLE;
    if (unavailable != null) {
      throw unavailable;
    }
  }

  /// Every file is unpacked first: `libtorch_cpu.so`, loaded before its siblings lie beside it in the cache, crashes the JVM, which an
  /// older cache hides.
  private static @Nullable UnusableInputException load() {
    // JavaCPP would otherwise throw where the process holds more memory than twice the Java heap's
    // limit
    if (System.getProperty("org.bytedeco.javacpp.maxPhysicalBytes") == null) {
      System.setProperty("org.bytedeco.javacpp.maxPhysicalBytes", "0");
    }
    String platform = Loader.getPlatform();
    try {
      int found = unpack("/org/bytedeco/openblas/" + platform + "/");
      found += unpack("/org/bytedeco/pytorch/" + platform + "/");
      if (found < 2) {
        return new UnusableInputException(unavailable(platform, "its files are missing"));
      }
      Loader.load(torch.class);
      return null;
    } catch (IOException | LinkageError e) {
      return new UnusableInputException(unavailable(platform, String.valueOf(e.getMessage())), e);
    }
  }

  private static int unpack(String folder) throws IOException {
    int found = 0;
    for (URL url : Loader.findResources(torch.class, folder)) {
      if (Loader.cacheResource(url) != null) {
        found++;
      }
    }
    return found;
  }

  private static String unavailable(String platform, String why) {
    return "fine-tuning needs libtorch, which could not be loaded here (%s: %s): it exists for Linux and Windows on x86-64 and for macOS, and is unpacked into a folder that must hold 600 MB (-Dorg.bytedeco.javacpp.cachedir=...)"
        .formatted(platform, why);
  }

  /// Threads for each operation. Results depend on it in the last bits.
  static void threads(int count) {
    require();
    torch.set_num_threads(count);
  }

  /// What is made until its end is freed then.
  static PointerScope scope() {
    require();
    return new PointerScope();
  }

  /// Until its end no gradients are kept.
  static NoGradGuard withoutGradients() {
    require();
    return new NoGradGuard();
  }

  static Tensor tensor(float[] values, long... shape) {
    require();
    Tensor made = torch.empty(shape);
    if (values.length > 0) {
      made.data_ptr_float().put(values, 0, values.length);
    }
    return made;
  }

  static Tensor tensor(long[] values, long... shape) {
    require();
    Tensor made = empty(torch.ScalarType.Long, shape);
    if (values.length > 0) {
      made.data_ptr_long().put(values, 0, values.length);
    }
    return made;
  }

  static Tensor scalar(double value) {
    return tensor(new float[] {(float) value});
  }

  private static Tensor empty(torch.ScalarType type, long... shape) {
    return torch.empty(
        shape, new TensorOptions(type), new org.bytedeco.pytorch.MemoryFormatOptional());
  }

  /// The same elements: floats as FLOAT, integers as INT64, truth values as BOOL.
  static Tensor tensor(dev.halftone.tensor.Tensor source) {
    require();
    long[] shape = source.shape().dims();
    if (source.dtype() == DType.FLOAT) {
      Tensor made = torch.empty(shape);
      if (source.count() > 0) {
        segment(made.data_ptr_float(), source.byteSize()).copyFrom(source.data());
      }
      return made;
    }
    if (source.dtype().isFloat()) {
      return tensor(source.toFloats(), shape);
    }
    Tensor integers = tensor(source.toLongs(), shape);
    return source.dtype() == DType.BOOL ? integers.to(torch.ScalarType.Bool) : integers;
  }

  private static MemorySegment segment(Pointer pointer, long bytes) {
    return MemorySegment.ofAddress(pointer.address()).reinterpret(bytes);
  }

  /// Overwrites a tensor that lies in memory as its shape says, whether or not gradients are kept of it.
  static void fill(Tensor tensor, float[] values) {
    if (tensor.numel() != values.length) {
      throw new IllegalArgumentException(values.length + " values for " + tensor.numel());
    }
    tensor.data_ptr_float().put(values, 0, values.length);
  }

  static float[] floats(Tensor tensor) {
    Tensor plain = tensor.detach().to(torch.ScalarType.Float).contiguous();
    float[] values = new float[Math.toIntExact(plain.numel())];
    if (values.length > 0) {
      FloatPointer data = plain.data_ptr_float();
      data.get(values, 0, values.length);
    }
    return values;
  }

  static long[] longs(Tensor tensor) {
    Tensor plain = tensor.to(torch.ScalarType.Long).contiguous();
    long[] values = new long[Math.toIntExact(plain.numel())];
    if (values.length > 0) {
      LongPointer data = plain.data_ptr_long();
      data.get(values, 0, values.length);
    }
    return values;
  }

  /// A copy outside of the library.
  static dev.halftone.tensor.Tensor real(Tensor tensor) {
    return dev.halftone.tensor.Tensor.of(new Shape(shape(tensor)), floats(tensor));
  }

  static long[] shape(Tensor tensor) {
    long[] shape = new long[Math.toIntExact(tensor.dim())];
    for (int i = 0; i < shape.length; i++) {
      shape[i] = tensor.size(i);
    }
    return shape;
  }

  static Tensor ones(long... shape) {
    require();
    return torch.ones(shape);
  }

  static Scalar number(double value) {
    require();
    return new Scalar(value);
  }

  static Scalar whole(long value) {
    require();
    return new Scalar(value);
  }

  // arguments that may be left out

  static LongOptional given(long value) {
    require();
    return new LongOptional(value);
  }

  static StringViewOptional given(String value) {
    require();
    return new StringViewOptional(value);
  }

  static TensorOptional noTensor() {
    require();
    return new TensorOptional();
  }

  static ScalarOptional noNumber() {
    require();
    return new ScalarOptional();
  }

  /// The type of the operand.
  static ScalarTypeOptional sameType() {
    require();
    return new ScalarTypeOptional();
  }
}
