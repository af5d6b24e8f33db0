package dev.halftone.prepare;

import dev.halftone.graph.Attribute;
import dev.halftone.graph.GraphEdit;
import dev.halftone.graph.GraphIndex;
import dev.halftone.graph.Model;
import dev.halftone.graph.Node;
import dev.halftone.graph.shape.ShapeInference;
import dev.halftone.graph.shape.Types;
import dev.halftone.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// Lets a Conv pad by itself what a Pad with zeros before it padded: exporters write the uneven padding of strided
/// convolutions so. Also an AveragePool that counts its padding.
public final class FusePad implements Pass {

  @Override
  public Model apply(Model model) {
    GraphIndex index = new GraphIndex(model.graph());
    Types types = ShapeInference.infer(model);
    GraphEdit edit = new GraphEdit(model.graph());
    boolean changed = false;
    for (Node pad : model.graph().nodes()) {
      Optional<Node> reader = pad.is("Pad") ? index.onlyConsumer(pad.output()) : Optional.empty();
      int rank = types.rank(pad.input(0));
      if (reader.isEmpty() || rank < 3 || !padsItself(reader.get(), pad.output())) {
        continue;
      }
      Optional<Node> padded =
          zeros(pad, rank, index, model.opset())
              .filter(all -> isSpatial(all, rank))
              .map(all -> padded(reader.get(), pad, all, rank))
              .filter(FusePad::isAccepted);
      if (padded.isPresent()) {
        edit.remove(pad).replace(reader.get(), padded.get());
        changed = true;
      }
    }
    return changed ? model.withGraph(edit.build()) : model;
  }

  private static boolean padsItself(Node node, String value) {
    String auto = node.textAttribute("auto_pad", "NOTSET");
    boolean explicit = auto.equals("NOTSET") || auto.equals("VALID");
    boolean pool =
        node.is("AveragePool")
            && node.intAttribute("count_include_pad", 0) != 0
            && node.intAttribute("ceil_mode", 0) == 0;
    return (node.is("Conv") || pool) && explicit && node.input(0).equals(value);
  }

  /// Pads of every axis, `[2 * rank]`: all fronts, then all backs; empty where they are not constant, or not filled with zeros.
  private static Optional<long[]> zeros(Node pad, int rank, GraphIndex index, long opset) {
    if (!pad.textAttribute("mode", "constant").equals("constant")) {
      return Optional.empty();
    }
    if (opset < 11) {
      return pad.floatAttribute("value", 0) == 0
          ? pad.intsAttribute("pads").map(list -> list.stream().mapToLong(i -> i).toArray())
          : Optional.empty();
    }
    Optional<long[]> given = integers(pad.input(1), index);
    boolean zero =
        !pad.hasInput(2)
            || index
                .constant(pad.input(2))
                .filter(value -> value.count() == 1 && value.toFloats()[0] == 0)
                .isPresent();
    if (given.isEmpty() || !zero) {
      return Optional.empty();
    }
    if (!pad.hasInput(3)) {
      return given;
    }
    return integers(pad.input(3), index).flatMap(axes -> spread(given.get(), axes, rank));
  }

  private static Optional<long[]> integers(String name, GraphIndex index) {
    return index.constant(name).filter(tensor -> tensor.dtype().isInteger()).map(Tensor::toLongs);
  }

  private static Optional<long[]> spread(long[] given, long[] axes, int rank) {
    long[] all = new long[2 * rank];
    boolean fit = given.length == 2 * axes.length;
    for (int i = 0; fit && i < axes.length; i++) {
      long axis = axes[i] < 0 ? axes[i] + rank : axes[i];
      fit = axis >= 0 && axis < rank;
      if (fit) {
        all[(int) axis] = given[i];
        all[(int) axis + rank] = given[i + axes.length];
      }
    }
    return fit ? Optional.of(all) : Optional.empty();
  }

  private static boolean isSpatial(long[] pads, int rank) {
    return pads.length == 2 * rank
        && pads[0] == 0
        && pads[1] == 0
        && pads[rank] == 0
        && pads[rank + 1] == 0
        && Arrays.stream(pads).allMatch(size -> size >= 0);
  }

  /// Runtimes refuse pools whose padding is not smaller than the window.
  private static boolean isAccepted(Node node) {
    List<Long> kernel = node.intsAttribute("kernel_shape").orElse(List.of());
    List<Long> pads = node.intsAttribute("pads").orElse(List.of());
    for (int i = 0; node.is("AveragePool") && i < pads.size(); i++) {
      if (pads.get(i) >= kernel.get(i % kernel.size())) {
        return false;
      }
    }
    return true;
  }

  private static Node padded(Node node, Node pad, long[] pads, int rank) {
    int spatial = rank - 2;
    boolean valid = node.textAttribute("auto_pad", "NOTSET").equals("VALID");
    List<Long> own = valid ? List.of() : node.intsAttribute("pads").orElse(List.of());
    long[] sum = new long[2 * spatial];
    for (int i = 0; i < spatial; i++) {
      sum[i] = pads[i + 2] + (own.isEmpty() ? 0 : own.get(i));
      sum[i + spatial] = pads[rank + i + 2] + (own.isEmpty() ? 0 : own.get(i + spatial));
    }
    List<String> inputs = new java.util.ArrayList<>(node.inputs());
    inputs.set(0, pad.input(0));
    return node.withInputs(inputs).without("auto_pad").with("pads", Attribute.Ints.of(sum));
  }
}
