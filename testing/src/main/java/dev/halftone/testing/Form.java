package dev.halftone.testing;

import static dev.halftone.testing.Models.random;

import dev.halftone.graph.Model;
import dev.halftone.graph.Sketch;
import dev.halftone.tensor.DType;
import dev.halftone.tensor.Shape;
import dev.halftone.tensor.Tensor;
import java.util.List;
import java.util.stream.Stream;

/// An operation in one form: it reads `c`, `[1][4][6][6]`, perhaps `d` of the same shape, and constants, and makes `m`.
///
/// @param reads names of its inputs, as in a [Sketch]
/// @param makes `m`, and what else it makes
/// @param last the last extent of `m`
/// @param kernel what ONNX Runtime makes of it
public record Form(
    String operation,
    String reads,
    String makes,
    List<Object> attributes,
    int last,
    String kernel) {

  /// What forms read that is no constant.
  private static final String COMPUTED = "[cd]|flat|flat2|bias|low|computed";

  /// Constants that forms read, by their names.
  private static final List<Constant> CONSTANTS =
      List.of(
          new Constant("w33", random(4, 4, 3, 3)),
          new Constant("w11", random(5, 4, 1, 1)),
          new Constant("wdw", random(4, 1, 3, 3)),
          new Constant("wg2", random(4, 2, 1, 1)),
          new Constant("wt", random(4, 3, 2, 2)),
          new Constant("b4", random(4)),
          new Constant("b5", random(5)),
          new Constant("b1", random(1)),
          new Constant("b15", random(1, 5)),
          new Constant("w52", random(5, 2, 1, 1)),
          new Constant("k54", random(5, 4)),
          new Constant("k65", random(6, 5)),
          new Constant("k56", random(5, 6)),
          new Constant("k45", random(4, 5)),
          new Constant("k66", random(6, 6)),
          new Constant("k466", random(4, 6, 6)),
          new Constant("k6", random(6)),
          new Constant("c411", random(4, 1, 1)),
          new Constant("c1466", random(1, 4, 6, 6)),
          new Constant("slopes", random(4, 1, 1)),
          new Constant("zero", Tensor.scalar(0)),
          new Constant("one", Tensor.scalar(1)),
          new Constant("bounds", random(0)),
          new Constant("picks", picks()),
          new Constant("to", Tensor.vector(1L, 4, 36)),
          new Constant("expanded", Tensor.vector(2L, 4, 6, 6)),
          new Constant("times", Tensor.vector(1L, 1, 2, 1)),
          new Constant("axis0", Tensor.vector(0L)),
          new Constant("axis2", Tensor.vector(2L)),
          new Constant("axis3", Tensor.vector(3L)),
          new Constant("starts", Tensor.vector(1L)),
          new Constant("ends", Tensor.vector(5L)),
          new Constant("back", Tensor.vector(-1L)),
          new Constant("ones", Tensor.vector(1L)),
          new Constant("rows", Tensor.vector(2L, 0)),
          new Constant("each", Tensor.of(new Shape(1, 4, 6, 6), new long[144])),
          new Constant("halves", Tensor.vector(2L, 2)),
          new Constant("around", Tensor.vector(0L, 0, 1, 1, 0, 0, 1, 1)),
          new Constant("inside", Tensor.vector(0L, 0, -1, -1, 0, 0, 0, 0)),
          new Constant("scales", Tensor.vector(1f, 1, 2, 2)));

  private record Constant(String name, Tensor value) {}

  public static Form of(
      String operation, String reads, int last, String kernel, Object... attributes) {
    return new Form(operation, reads, "m", List.of(attributes), last, kernel);
  }

  /// Of an operation that makes more than `m`.
  public Form making(String all) {
    return new Form(operation, reads, all, attributes, last, kernel);
  }

  /// A model of this operation alone.
  public Model alone() {
    return alone(21);
  }

  /// The same of another version of the standard operator set, where the operation may be defined otherwise.
  public Model alone(long opset) {
    Sketch sketch = Sketch.opset(opset);
    names().stream().filter(name -> name.matches(COMPUTED)).forEach(name -> input(sketch, name));
    drawn(sketch);
    Stream.of(makes.split(" ")).filter(output -> !output.equals("unread")).forEach(sketch::output);
    return sketch.model();
  }

  private static void input(Sketch sketch, String name) {
    if (name.startsWith("flat")) {
      sketch.input(name, 4, 6);
    } else if (name.equals("bias")) {
      sketch.input(name, 5);
    } else if (name.equals("low")) {
      sketch.input(name);
    } else if (name.equals("computed")) {
      sketch.input(name, DType.INT64, 1);
    } else {
      sketch.input(name, 1, 4, 6, 6);
    }
  }

  /// A model that has it between a convolution and a product.
  public Model between() {
    Sketch sketch = Sketch.opset(21).input("x", 1, 4, 6, 6);
    names().stream().filter(name -> name.matches(COMPUTED)).forEach(name -> made(sketch, name));
    drawn(sketch);
    if (makes.equals("m n")) {
      sketch.constant("more", random(last, 2)).node("MatMul", "n more", "also").output("also");
    }
    return sketch
        .constant("last", random(last, 3))
        .node("MatMul", "m last", "y")
        .output("y")
        .model();
  }

  private static void made(Sketch sketch, String name) {
    String image = name + "_image";
    switch (name) {
      case "c", "d" ->
          sketch.constant(name + "_w", random(4, 4, 1, 1)).node("Conv", "x " + name + "_w", name);
      case "flat", "flat2" ->
          sketch
              .constant(name + "_w", random(4, 4, 1, 1))
              .constant(name + "_v", random(6, 1))
              .ints(name + "_to", 4, 6)
              .node("Conv", "x " + name + "_w", image)
              .node("MatMul", image + " " + name + "_v", name + "_column")
              .node("Reshape", name + "_column " + name + "_to", name);
      case "bias" ->
          sketch
              .constant("bias_w", random(5, 4, 6, 6))
              .ints("bias_to", 5)
              .node("Conv", "x bias_w", image)
              .node("Reshape", image + " bias_to", name);
      case "low" ->
          sketch
              .constant("low_w", random(1, 4, 6, 6))
              .constant("low_to", Tensor.vector(new long[0]))
              .node("Conv", "x low_w", image)
              .node("Reshape", image + " low_to", name);
      default ->
          sketch
              .constant("first", Tensor.vector(0L))
              .node("Shape", "x", "extents")
              .node("Gather", "extents first", name);
    }
  }

  private Sketch drawn(Sketch sketch) {
    CONSTANTS.stream()
        .filter(constant -> names().contains(constant.name()))
        .forEach(constant -> sketch.constant(constant.name(), constant.value()));
    return sketch.node(operation, reads, makes, attributes.toArray());
  }

  private List<String> names() {
    return Stream.of(reads.split(" ")).distinct().toList();
  }

  private static Tensor picks() {
    return Tensor.of(
        DType.BOOL, new Shape(6), (byte) 1, (byte) 0, (byte) 1, (byte) 1, (byte) 0, (byte) 1);
  }

  @Override
  public String toString() {
    return operation + " " + reads + " " + attributes;
  }
}
