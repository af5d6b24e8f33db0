package dev.halftone.device;

import dev.halftone.graph.Node;
import dev.halftone.scheme.Range;
import dev.halftone.tensor.Shape;
import java.util.List;
import java.util.Optional;

/// A runtime, or a kind of hardware, that the integer model shall run on. What it makes of operations stands in one table; placement,
/// rewriting and the reasons in reports all read it here.
public interface Device {

  /// Whether the operation runs in integers in the form that it has, or why not.
  Support support(Node node, Surroundings around);

  /// The kernel for operations of this kind, whatever the form; NONE where there is none.
  IntegerKernel kernel(Node node);

  /// True where some kernel for operations of this kind behaves so, whatever the form.
  boolean has(Node node, Trait trait);

  /// True where plans make integers for operations of this kind.
  default boolean isUsed(Node node) {
    return kernel(node) != IntegerKernel.NONE && !has(node, Trait.UNUSED);
  }

  /// True where the operation runs in integers in the form that it has, and the kernel for this form behaves so.
  default boolean has(Node node, Surroundings around, Trait trait) {
    return support(node, around) instanceof Support.Supported supported
        && supported.traits().contains(trait);
  }

  /// The inputs that hold activations or weights and not how to treat these, where its kind has a kernel; empty where it has none.
  Optional<List<String>> data(Node node);

  /// The axis of a weighted operation's weights that its output channels lie along; 1 for other operations.
  int outputAxis(Node node);

  /// Which products of a weighted operation the kernel may add in 16 bits; empty where all sums have 32.
  Optional<PairedProducts> paired(Node node, Shape weight);

  /// What the integers of the operation's output cover by the kernel's definition, whatever values occur; empty where the data decide.
  Optional<Range> range(Node node);

  /// True where an operation may stay float.
  boolean hasFloats();

  /// True where operations on constants are done when the model is loaded, and cost nothing when it runs.
  boolean foldsConstants();
}
