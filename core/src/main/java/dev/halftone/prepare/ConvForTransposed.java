package dev.halftone.prepare;

import dev.halftone.graph.Attribute;
import dev.halftone.graph.GraphEdit;
import dev.halftone.graph.GraphIndex;
import dev.halftone.graph.Model;
import dev.halftone.graph.Node;
import dev.halftone.graph.TensorType;
import dev.halftone.graph.shape.ShapeInference;
import dev.halftone.graph.shape.Types;
import dev.halftone.tensor.DType;
import dev.halftone.tensor.Shape;
import dev.halftone.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Writes a ConvTranspose on images as a Conv whose channels a DepthToSpace lays side by side ([SubPixels]), for devices whose kernels,
/// and whatever is known of weighted layers, then serve it too. A clamp behind it stays behind the Conv.
///
/// Only where weights and bias are constant and the extents of rows and columns are known.
public final class ConvForTransposed implements Pass {

  private static final List<Long> ONES = List.of(1L, 1L);

  @Override
  public Model apply(Model model) {
    GraphIndex index = new GraphIndex(model.graph());
    Types types = ShapeInference.infer(model);
    GraphEdit edit = new GraphEdit(model.graph());
    boolean changed = false;
    for (Node node : model.graph().nodes()) {
      Optional<Tensor> weights =
          node.is("ConvTranspose") ? floats(node.input(1), index) : Optional.empty();
      Optional<long[]> in = image(node.input(0), types);
      Optional<long[]> out = image(node.output(), types);
      boolean hasBias = node.hasInput(2);
      Optional<Tensor> bias = hasBias ? floats(node.input(2), index) : Optional.empty();
      if (weights.isPresent() && in.isPresent() && out.isPresent() && bias.isPresent() == hasBias) {
        SubPixels parts =
            SubPixels.of(
                axis(node, 0, in.get(), out.get(), weights.get().shape()),
                axis(node, 1, in.get(), out.get(), weights.get().shape()));
        Node conv = conv(edit, node, parts, weights.get(), bias);
        rewrite(edit, index, node, conv, parts, out.get());
        changed = true;
      }
    }
    return changed ? model.withGraph(edit.build()) : model;
  }

  private static Optional<Tensor> floats(String name, GraphIndex index) {
    return index.constant(name).filter(tensor -> tensor.dtype() == DType.FLOAT);
  }

  /// Rows and columns of a batch of images; empty where they are not known.
  private static Optional<long[]> image(String value, Types types) {
    return types
        .type(value)
        .flatMap(TensorType::dims)
        .filter(dims -> dims.size() == 4 && dims.get(2).isKnown() && dims.get(3).isKnown())
        .map(dims -> new long[] {dims.get(2).size(), dims.get(3).size()});
  }

  /// @param axis 0 for rows, 1 for columns
  private static SubPixels.Transposed axis(
      Node node, int axis, long[] in, long[] out, Shape weights) {
    int kernel = (int) weights.dim(axis + 2);
    int stride = node.intsAttribute("strides").orElse(ONES).get(axis).intValue();
    int dilation = node.intsAttribute("dilations").orElse(ONES).get(axis).intValue();
    String auto = node.textAttribute("auto_pad", "NOTSET");
    boolean fitted = auto.startsWith("SAME") || node.attributes().containsKey("output_shape");
    int before =
        node.intsAttribute("pads")
            .filter(pads -> auto.equals("NOTSET"))
            .map(pads -> pads.get(axis).intValue())
            .orElse(0);
    if (fitted) {
      int extra =
          node.intsAttribute("output_padding")
              .map(padding -> padding.get(axis).intValue())
              .orElse(0);
      long whole = (in[axis] - 1) * stride + extra + (kernel - 1) * dilation + 1;
      int cut = (int) Math.max(0, whole - out[axis]);
      before = auto.equals("SAME_UPPER") ? cut / 2 : cut - cut / 2;
    }
    return new SubPixels.Transposed(
        (int) in[axis], (int) out[axis], kernel, stride, dilation, before);
  }

  private static void rewrite(
      GraphEdit edit, GraphIndex index, Node node, Node conv, SubPixels parts, long[] out) {
    Optional<Node> clamp =
        index
            .onlyConsumer(node.output())
            .filter(next -> next.is("Relu") || next.is("Clip"))
            .filter(next -> next.input(0).equals(node.output()));
    String output = clamp.orElse(node).output();
    List<Node> nodes = new ArrayList<>();
    if (parts.block() == 1) {
      edit.replace(node, conv.withOutputs(List.of(node.output())));
      return;
    }
    nodes.add(conv);
    if (clamp.isPresent()) {
      List<String> inputs = new ArrayList<>(clamp.get().inputs());
      inputs.set(0, conv.output());
      nodes.add(
          clamp.get().withInputs(inputs).withOutputs(List.of(edit.freshName(output + "_parts"))));
      edit.remove(clamp.get());
    }
    boolean whole = out[0] % parts.block() == 0 && out[1] % parts.block() == 0;
    String pixels = whole ? output : edit.freshName(output + "_whole");
    boolean grouped = node.intAttribute("group", 1) != 1;
    nodes.add(
        Node.of(
                "DepthToSpace",
                edit.freshName(node.name() + "_pixels"),
                List.of(nodes.getLast().output()),
                List.of(pixels))
            .with("blocksize", new Attribute.Int(parts.block()))
            .with("mode", new Attribute.Text(grouped ? "CRD" : "DCR")));
    if (!whole) {
      String from = edit.addConstant(output + "_from", Tensor.vector(0L, 0L));
      String to = edit.addConstant(output + "_to", Tensor.vector(out));
      String axes = edit.addConstant(output + "_axes", Tensor.vector(2L, 3L));
      nodes.add(
          Node.of(
              "Slice",
              edit.freshName(node.name() + "_cut"),
              List.of(pixels, from, to, axes),
              List.of(output)));
    }
    edit.replace(node, nodes.toArray(Node[]::new));
  }

  private static Node conv(
      GraphEdit edit, Node node, SubPixels parts, Tensor weights, Optional<Tensor> bias) {
    int groups = (int) node.intAttribute("group", 1);
    int inC = (int) weights.shape().dim(0);
    int outC = (int) weights.shape().dim(1) * groups;
    int kernelRows = (int) weights.shape().dim(2);
    int kernelColumns = (int) weights.shape().dim(3);
    float[] given = weights.toFloats();
    int[] positions = parts.weights(inC, outC, groups, kernelRows, kernelColumns);
    float[] values = new float[positions.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = positions[i] < 0 ? 0 : given[positions[i]];
    }
    int made = outC * parts.pixels();
    Shape shape = new Shape(made, inC / groups, parts.rows().extent(), parts.columns().extent());
    List<String> inputs = new ArrayList<>(List.of(node.input(0)));
    inputs.add(edit.addConstant(node.input(1) + "_parts", Tensor.of(shape, values)));
    if (bias.isPresent()) {
      float[] each = bias.get().toFloats();
      float[] all = new float[made];
      for (int c = 0; c < made; c++) {
        all[c] = each[parts.channel(c, outC, groups)];
      }
      inputs.add(edit.addConstant(node.input(2) + "_parts", Tensor.vector(all)));
    }
    return Node.of("Conv", node.name(), inputs, List.of(edit.freshName(node.output() + "_parts")))
        .with("group", new Attribute.Int(groups))
        .with("strides", Attribute.Ints.of(parts.rows().stride(), parts.columns().stride()))
        .with(
            "pads",
            Attribute.Ints.of(
                parts.rows().before(),
                parts.columns().before(),
                parts.rows().after(),
                parts.columns().after()));
  }
}
