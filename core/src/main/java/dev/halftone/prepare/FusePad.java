package dev.halftone.prepare;

import dev.halftone.graph.Attribute;
import dev.halftone.graph.GraphEdit;
import dev.halftone.graph.GraphIndex;
import dev.halftone.graph.Model;
import dev.halftone.graph.Node;
import dev.halftone.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// Lets a Conv do the zero padding that a Pad before it does: exporters write TensorFlow's SAME padding so.
public final class FusePad implements Pass {

  @Override
  public Model apply(Model model) {
    GraphIndex index = new GraphIndex(model.graph());
    GraphEdit edit = new GraphEdit(model.graph());
    for (Node conv : model.graph().nodes()) {
      if (conv.is("Conv") && conv.textAttribute("auto_pad", "NOTSET").equals("NOTSET")) {
        index
            .producer(conv.input(0))
            .filter(pad -> pad.is("Pad") && index.onlyConsumer(pad.output()).isPresent())
            .ifPresent(pad -> spatial(pad, index).ifPresent(pads -> fuse(edit, conv, pad, pads)));
      }
    }
    return model.withGraph(edit.build());
  }

  private static void fuse(GraphEdit edit, Node conv, Node pad, List<Long> pads) {
    List<Long> own = conv.intsAttribute("pads").orElse(List.of());
    if (!own.isEmpty() && own.size() != pads.size()) {
      return;
    }
    List<Long> sum = new ArrayList<>();
    for (int i = 0; i < pads.size(); i++) {
      sum.add(pads.get(i) + (own.isEmpty() ? 0 : own.get(i)));
    }
    List<String> inputs = new ArrayList<>(conv.inputs());
    inputs.set(0, pad.input(0));
    edit.replace(conv, conv.withInputs(inputs).with("pads", new Attribute.Ints(sum)));
    edit.remove(pad);
  }

  /// The begins and ends of the spatial axes, where nothing else is padded and the padding is zero.
  private static Optional<List<Long>> spatial(Node pad, GraphIndex index) {
    if (!pad.textAttribute("mode", "constant").equals("constant")
        || pad.hasInput(3)
        || value(pad, index) != 0) {
      return Optional.empty();
    }
    Optional<List<Long>> all =
        pad.intsAttribute("pads")
            .or(() -> index.constant(pad.input(1)).map(Tensor::toLongs).map(FusePad::boxed));
    return all.filter(pads -> pads.size() >= 6 && pads.stream().allMatch(size -> size >= 0))
        .filter(pads -> pads.get(0) == 0 && pads.get(1) == 0)
        .filter(pads -> pads.get(pads.size() / 2) == 0 && pads.get(pads.size() / 2 + 1) == 0)
        .map(pads -> {
          List<Long> spatial = new ArrayList<>(pads.subList(2, pads.size() / 2));
          spatial.addAll(pads.subList(pads.size() / 2 + 2, pads.size()));
          return spatial;
        });
  }

  /// What the padding is filled with; not a number where that is computed.
  private static float value(Node pad, GraphIndex index) {
    if (!pad.hasInput(2)) {
      return pad.floatAttribute("value", 0);
    }
    return index
        .constant(pad.input(2))
        .filter(fill -> fill.count() == 1)
        .map(fill -> fill.toFloats()[0])
        .orElse(Float.NaN);
  }

  private static List<Long> boxed(long[] values) {
    return Arrays.stream(values).boxed().toList();
  }
}
