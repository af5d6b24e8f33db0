package dev.halftone.prepare;

import dev.halftone.graph.Attribute;
import dev.halftone.graph.GraphEdit;
import dev.halftone.graph.GraphIndex;
import dev.halftone.graph.Model;
import dev.halftone.graph.Node;
import dev.halftone.tensor.DType;
import dev.halftone.tensor.Shape;
import dev.halftone.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Writes products with constant weights in the one form that integer kernels take: alpha and beta of a Gemm are in its weights and
/// its bias, the bias is one number an output, the activations are not transposed, and a vector of weights is a matrix of one column.
///
/// A bias that is computed, or differs from row to row, is added behind the product; transposed activations are transposed before it.
public final class PlainGemm implements Pass {

  @Override
  public Model apply(Model model) {
    Rewriting rewriting = new Rewriting(model);
    for (Node node : model.graph().nodes()) {
      if (node.is("Gemm")) {
        rewriting.gemm(node);
      } else if (node.is("MatMul")) {
        rewriting.vector(node);
      }
    }
    return rewriting.changed ? model.withGraph(rewriting.edit.build()) : model;
  }

  private static final class Rewriting {

    private final GraphIndex index;
    private final GraphEdit edit;
    private final Map<String, String> scaled = new HashMap<>(); // by name and factor
    private boolean changed;

    Rewriting(Model model) {
      this.index = new GraphIndex(model.graph());
      this.edit = new GraphEdit(model.graph());
    }

    void gemm(Node node) {
      Optional<Tensor> weights = constant(node, 1).filter(tensor -> tensor.shape().rank() == 2);
      float alpha = node.floatAttribute("alpha", 1);
      float beta = node.floatAttribute("beta", 1);
      if (weights.isEmpty() || node.outputs().size() != 1 || node.inputs().size() > 3) {
        return;
      }
      boolean transposed = node.intAttribute("transA", 0) != 0;
      int outputs = (int) weights.get().shape().dim(node.intAttribute("transB", 0) == 0 ? 1 : 0);
      Optional<Tensor> bias = constant(node, 2);
      boolean plainBias = !node.hasInput(2) || bias.filter(b -> isPlain(b, outputs)).isPresent();
      if (alpha == 1 && beta == 1 && !transposed && plainBias
          || !isFinite(weights.get(), alpha)
          || bias.isPresent() && !isFinite(bias.get(), beta)) {
        return;
      }
      List<Node> nodes = new ArrayList<>();
      String input = node.input(0);
      if (transposed) {
        String turned = edit.freshName(node.output() + "_transposed");
        nodes.add(
            Node.of(
                    "Transpose",
                    edit.freshName(node.label() + "_transpose"),
                    List.of(input),
                    List.of(turned))
                .with("perm", Attribute.Ints.of(1, 0)));
        input = turned;
      }
      List<String> inputs = new ArrayList<>(List.of(input, scaled(node.input(1), alpha)));
      Optional<Tensor> row = bias.flatMap(tensor -> row(tensor, outputs));
      boolean added = node.hasInput(2) && beta != 0 && row.isEmpty();
      if (row.isPresent() && beta != 0) {
        inputs.add(
            plainBias
                ? scaled(node.input(2), beta)
                : edit.addConstant(node.input(2) + "_row", times(row.get(), beta)));
      }
      String product = added ? edit.freshName(node.output() + "_product") : node.output();
      nodes.add(
          node.without("alpha")
              .without("beta")
              .without("transA")
              .withInputs(inputs)
              .withOutputs(List.of(product)));
      if (added) {
        add(node, product, beta, nodes);
      }
      edit.replace(node, nodes.toArray(Node[]::new));
      changed = true;
    }

    /// The bias of a Gemm as an Add behind it.
    private void add(Node node, String product, float beta, List<Node> nodes) {
      String bias = node.input(2);
      if (constant(node, 2).isPresent()) {
        bias = scaled(bias, beta);
      } else if (beta != 1) {
        String larger = edit.freshName(bias + "_scaled");
        String factor = edit.addConstant(bias + "_beta", Tensor.scalar(beta));
        nodes.add(
            Node.of(
                "Mul",
                edit.freshName(node.label() + "_beta"),
                List.of(bias, factor),
                List.of(larger)));
        bias = larger;
      }
      nodes.add(
          Node.of(
              "Add",
              edit.freshName(node.label() + "_bias"),
              List.of(product, bias),
              node.outputs()));
    }

    /// A vector `[K]` as the matrix `[K][1]`, and its axis taken out of the result.
    void vector(Node node) {
      Optional<Tensor> weights = constant(node, 1).filter(tensor -> tensor.shape().rank() == 1);
      if (weights.isEmpty()) {
        return;
      }
      String matrix =
          edit.addConstant(
              node.input(1) + "_column",
              weights.get().reshape(new Shape(weights.get().count(), 1)));
      String column = edit.freshName(node.output() + "_column");
      String axis = edit.addConstant(node.output() + "_axis", Tensor.vector(-1L));
      edit.replace(
          node,
          node.withInputs(List.of(node.input(0), matrix)).withOutputs(List.of(column)),
          Node.of(
              "Squeeze",
              edit.freshName(node.label() + "_squeeze"),
              List.of(column, axis),
              node.outputs()));
      changed = true;
    }

    private Optional<Tensor> constant(Node node, int input) {
      return index.constant(node.input(input)).filter(tensor -> tensor.dtype() == DType.FLOAT);
    }

    /// The name of the constant times the factor.
    private String scaled(String name, float factor) {
      return factor == 1
          ? name
          : scaled.computeIfAbsent(
              name + "\n" + factor,
              _ ->
                  edit.addConstant(
                      name + "_scaled", times(index.constant(name).orElseThrow(), factor)));
    }
  }

  /// True where the bias is one number an output already.
  private static boolean isPlain(Tensor bias, int outputs) {
    Shape shape = bias.shape();
    return shape.rank() > 0 && shape.dim(-1) == outputs && bias.count() == outputs;
  }

  /// The bias as `[outputs]`; empty where it differs from row to row.
  static Optional<Tensor> row(Tensor bias, int outputs) {
    if (isPlain(bias, outputs)) {
      return Optional.of(bias.reshape(new Shape(outputs)));
    }
    if (bias.count() != 1) {
      return Optional.empty();
    }
    float[] row = new float[outputs];
    Arrays.fill(row, bias.toFloats()[0]);
    return Optional.of(Tensor.vector(row));
  }

  private static Tensor times(Tensor tensor, float factor) {
    float[] values = tensor.toFloats();
    for (int i = 0; i < values.length; i++) {
      values[i] *= factor;
    }
    return Tensor.of(tensor.shape(), values);
  }

  private static boolean isFinite(Tensor tensor, float factor) {
    for (float value : tensor.toFloats()) {
      if (!Float.isFinite(value * factor)) {
        return false;
      }
    }
    return true;
  }
}
