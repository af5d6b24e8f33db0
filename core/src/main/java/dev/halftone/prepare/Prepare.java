package dev.halftone.prepare;

import dev.halftone.device.Device;
import dev.halftone.engine.Backend;
import dev.halftone.graph.Model;
import dev.halftone.tensor.DType;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/// The passes that bring a float model into the form the later stages read. The list is the pass manager.
public final class Prepare {

  /// Per-channel DequantizeLinear came with this version of the standard operator set.
  private static final long OPSET = 13;

  private Prepare() {}

  /// @param runtime evaluates what is constant
  public static Model apply(Model model, Backend runtime, Device device) {
    Model prepared = model;
    for (Pass pass : passes(runtime, device)) {
      prepared = pass.apply(prepared);
    }
    return prepared;
  }

  /// What a reader must know of the preparation of this model, in sentences.
  public static List<String> notes(Model model) {
    Set<DType> others = ToFloat32.of(model);
    if (others.isEmpty()) {
      return List.of();
    }
    List<String> names =
        others.stream().map(dtype -> dtype.name().toLowerCase(Locale.ROOT)).sorted().toList();
    return List.of(
        "The weights are %s: the network is made of 32-bit floats before it is quantized; its inputs and outputs keep their types."
            .formatted(String.join(" and ", names)));
  }

  /// In the order they are applied.
  ///
  /// @param runtime evaluates what is constant
  public static List<Pass> passes(Backend runtime, Device device) {
    return List.of(
        new LiftConstants(),
        new CheckWeights(),
        new CheckSizes(),
        new ToFloat32(),
        model -> RaiseOpset.to(model, OPSET),
        new FoldConstants(runtime),
        new InlineIf(runtime),
        new LiftBodyWeights(runtime),
        new SettleReshapes(),
        new JoinMoves(),
        new RemoveIdentities(),
        new FusePad(),
        new PlainGemm(),
        new FuseMatMulAdd(),
        new FoldBatchNorm(),
        new MeansToPools(),
        new ExpandHardSigmoid(),
        new AddForSub(),
        device.hasFloats() ? new MaxForPRelu() : new ConvForTransposed());
  }
}
