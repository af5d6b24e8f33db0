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
import dev.halftone.tensor.Tensor;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.LongStream;

/// Writes a ReduceMean over all spatial axes, and an AveragePool whose window is the whole input, as GlobalAveragePool: for that
/// one there are integer kernels. Rank 4 and more only: the mean over the last axis of rank 3 is how a layer norm begins. A mean that drops the axes is followed by a Flatten.
public final class MeansToPools implements Pass {

  @Override
  public Model apply(Model model) {
    GraphIndex index = new GraphIndex(model.graph());
    Types types = ShapeInference.infer(model);
    GraphEdit edit = new GraphEdit(model.graph());
    boolean changed = false;
    for (Node node : model.graph().nodes()) {
      boolean floats =
          types.type(node.input(0)).filter(type -> type.dtype() == DType.FLOAT).isPresent();
      if (floats && isSpatialMean(node, types.rank(node.input(0)), index, model.opset())) {
        if (node.intAttribute("keepdims", 1) != 0) {
          edit.replace(node, pool(node, node.output()));
        } else {
          String pooled = edit.freshName(node.output() + "_pooled");
          Node flat =
              Node.of(
                      "Flatten",
                      edit.freshName(node.name() + "_flatten"),
                      List.of(pooled),
                      List.of(node.output()))
                  .with("axis", new Attribute.Int(1));
          edit.replace(node, pool(node, pooled), flat);
        }
        changed = true;
      } else if (floats && isWholePool(node, types)) {
        edit.replace(node, pool(node, node.output()));
        changed = true;
      }
    }
    return changed ? model.withGraph(edit.build()) : model;
  }

  private static Node pool(Node node, String output) {
    return new Node(
        node.name(),
        "GlobalAveragePool",
        "",
        List.of(node.input(0)),
        List.of(output),
        Map.of(),
        node.opaque());
  }

  private static boolean isSpatialMean(Node node, int rank, GraphIndex index, long opset) {
    if (!node.is("ReduceMean") || rank < 4) {
      return false;
    }
    Optional<long[]> axes =
        opset < 18
            ? node.intsAttribute("axes").map(list -> list.stream().mapToLong(i -> i).toArray())
            : index
                .constant(node.input(1))
                .filter(tensor -> tensor.dtype().isInteger())
                .map(Tensor::toLongs);
    return axes.map(list ->
            java.util.Arrays.equals(
                LongStream.of(list).map(axis -> axis < 0 ? axis + rank : axis).sorted().toArray(),
                LongStream.range(2, rank).toArray()))
        .orElse(false);
  }

  private static boolean isWholePool(Node node, Types types) {
    Optional<List<Long>> kernel = node.intsAttribute("kernel_shape");
    Optional<List<dev.halftone.graph.Dim>> dims =
        types.type(node.input(0)).flatMap(TensorType::dims);
    if (!node.is("AveragePool") || kernel.isEmpty() || dims.isEmpty()) {
      return false;
    }
    String auto = node.textAttribute("auto_pad", "NOTSET");
    boolean unpadded =
        auto.equals("VALID")
            || auto.equals("NOTSET")
                && node.intsAttribute("pads").orElse(List.of()).stream().allMatch(i -> i == 0);
    boolean dense =
        node.intsAttribute("dilations").orElse(List.of()).stream().allMatch(i -> i == 1);
    List<Long> spatial = dims.get().stream().skip(2).map(dev.halftone.graph.Dim::size).toList();
    return unpadded && dense && spatial.equals(kernel.get()) && !spatial.isEmpty();
  }
}
