package dev.halftone.prepare.opset;

import dev.halftone.graph.Attribute;
import dev.halftone.graph.Node;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/// Every change from opset 7 on that a node must be rewritten for. Where an operation has a newer version and no step here, the new
/// version means the same for every node the old one allowed.
public final class Steps {

  /// The newest opset whose changes are known here.
  public static final long LATEST = 26;

  private static final List<Step> ALL = all();
  private static final Map<String, NavigableMap<Long, Step>> BY_OP = byOp();

  private Steps() {}

  /// The first change of this operation in (`after`, `upTo`].
  public static Optional<Step> next(String op, long after, long upTo) {
    NavigableMap<Long, Step> steps = BY_OP.get(op);
    return Optional.ofNullable(steps == null ? null : steps.higherEntry(after))
        .filter(entry -> entry.getKey() <= upTo)
        .map(Map.Entry::getValue);
  }

  private static List<Step> all() {
    List<Step> steps = new ArrayList<>();
    steps.add(Step.of("Upsample", 9, ResizeSteps::upsampleScales));
    steps.add(new Step("BatchNormalization", 9, Normalizing::spatial));
    steps.add(Step.of("MeanVarianceNormalization", 9, Normalizing::meanVariance));
    steps.add(Step.of("Scan", 9, BatchedScan::rewrite));

    steps.add(Step.of("Upsample", 10, ResizeSteps::upsampleIsResize));
    steps.add(Step.of("Slice", 10, AttributesToInputs::slice));
    steps.add(Step.of("TopK", 10, AttributesToInputs::topK));
    steps.add(new Step("Dropout", 10, AttributesToInputs::dropoutMaskIsBool));
    steps.add(new Step("Affine", 10, Experimental::affine));
    steps.add(new Step("Scale", 10, Experimental::scale));
    steps.add(new Step("ScaledTanh", 10, Experimental::scaledTanh));
    steps.add(new Step("ParametricSoftplus", 10, Experimental::parametricSoftplus));
    steps.add(new Step("ImageScaler", 10, Normalizing::imageScaler));
    for (String op :
        List.of("ATen", "ConstantFill", "Crop", "DynamicSlice", "GRUUnit", "GivenTensorFill")) {
      steps.add(new Step(op, 10, Experimental::gone));
    }

    steps.add(new Step("Resize", 11, ResizeSteps::coordinates));
    steps.add(Step.of("Clip", 11, AttributesToInputs::clip));
    steps.add(Step.of("Pad", 11, AttributesToInputs::pad));
    steps.add(Step.of("Scatter", 11, (node, _) -> renamed(node, "ScatterElements")));
    steps.add(new Step("Dropout", 12, AttributesToInputs::dropoutMaskIsTrue));

    for (String op : List.of("Softmax", "LogSoftmax", "Hardmax")) {
      steps.add(new Step(op, 13, CoercedSoftmax::rewrite));
    }
    for (String op : List.of("Squeeze", "Unsqueeze", "ReduceSum")) {
      steps.add(Step.of(op, 13, AttributesToInputs::axes));
    }
    steps.add(Step.of("Split", 13, AttributesToInputs::splitLengths));
    steps.add(Step.of("Resize", 13, ResizeSteps::leftOut));
    steps.add(Step.of("BatchNormalization", 14, Normalizing::training));
    // half_pixel, the new default, shifts what was not shifted before
    steps.add(
        Step.of(
            "RoiAlign",
            16,
            (node, _) ->
                node.with(
                    "coordinate_transformation_mode", new Attribute.Text("output_half_pixel"))));

    for (String op :
        List.of(
            "ReduceL1",
            "ReduceL2",
            "ReduceLogSum",
            "ReduceLogSumExp",
            "ReduceMax",
            "ReduceMean",
            "ReduceMin",
            "ReduceProd",
            "ReduceSumSquare")) {
      steps.add(Step.of(op, 18, AttributesToInputs::axes));
    }
    steps.add(Step.of("Split", 18, AttributesToInputs::splitCount));
    steps.add(Step.of("GridSample", 20, (node, _) -> gridSampleMode(node)));
    steps.add(Step.of("DFT", 20, AttributesToInputs::dft));
    steps.add(new Step("GroupNormalization", 21, Normalizing::groups));
    return List.copyOf(steps);
  }

  private static Map<String, NavigableMap<Long, Step>> byOp() {
    Map<String, NavigableMap<Long, Step>> byOp = new HashMap<>();
    for (Step step : ALL) {
      byOp.computeIfAbsent(step.op(), _ -> new TreeMap<>()).put(step.version(), step);
    }
    return byOp;
  }

  private static Node renamed(Node node, String op) {
    return new Node(
        node.name(),
        op,
        node.domain(),
        node.inputs(),
        node.outputs(),
        node.attributes(),
        node.opaque());
  }

  private static Node gridSampleMode(Node node) {
    String mode = node.textAttribute("mode", "bilinear");
    return switch (mode) {
      case "bilinear" -> node.with("mode", new Attribute.Text("linear"));
      case "bicubic" -> node.with("mode", new Attribute.Text("cubic"));
      default -> node;
    };
  }
}
