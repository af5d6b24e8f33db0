package dev.halftone.device;

import dev.halftone.graph.GraphIndex;
import dev.halftone.graph.Node;
import dev.halftone.scheme.Range;
import dev.halftone.tensor.Shape;
import java.util.Optional;

/// The kind of device or runtime that the integer model shall run on.
public enum Target {

  /// ONNX Runtime's CPU provider: what it has no integer kernel for stays float between conversions.
  ONNX_RUNTIME {
    @Override
    public IntegerKernel kernel(Node node) {
      return OrtCpu.kernel(node);
    }

    @Override
    public Optional<String> objection(Node node, GraphIndex index) {
      return OrtCpu.objection(node, index);
    }

    @Override
    public Optional<PairedProducts> paired(Node node, Shape weight) {
      return OrtCpu.paired(node, weight);
    }
  },

  /// Devices without floats: everything must be integer, from the input to the output.
  INTEGERS {
    @Override
    public IntegerKernel kernel(Node node) {
      return IntegerOnly.kernel(node);
    }

    @Override
    public Optional<String> objection(Node node, GraphIndex index) {
      return IntegerOnly.objection(node, index);
    }

    @Override
    public boolean takesWide(Node node, GraphIndex index) {
      return IntegerOnly.takesWide(node, index);
    }

    @Override
    public Optional<Range> range(Node node) {
      return IntegerOnly.range(node);
    }
  };

  public abstract IntegerKernel kernel(Node node);

  /// Why an operation of a kind that has no kernel here stays float, in words that follow its name.
  public String noKernel(Node node) {
    return switch (this) {
      case ONNX_RUNTIME -> OrtCpu.noKernel(node);
      case INTEGERS -> "an integer-only device has no integer kernel for " + node.opType();
    };
  }

  /// Why the operation has no integer kernel here although its kind has one; empty where it has.
  public abstract Optional<String> objection(Node node, GraphIndex index);

  /// True where the kernel computes on activations of 16 bits too.
  public boolean takesWide(Node node, GraphIndex index) {
    return true;
  }

  /// What the integers of the operation's output cover by the kernel's definition, whatever values occur; empty where the data decide.
  public Optional<Range> range(Node node) {
    return Optional.empty();
  }

  /// Which products of a weighted operation the kernel may add in 16 bits; empty where all sums have 32.
  public Optional<PairedProducts> paired(Node node, Shape weight) {
    return Optional.empty();
  }

  /// True where operations on constants are done when the model is loaded, and cost nothing when it runs.
  public boolean foldsConstants() {
    return switch (this) {
      case ONNX_RUNTIME -> true;
      case INTEGERS -> false;
    };
  }

  /// True where an operation may stay float.
  public boolean hasFloats() {
    return switch (this) {
      case ONNX_RUNTIME -> true;
      case INTEGERS -> false;
    };
  }
}
