package dev.halftone.prepare;

import dev.halftone.engine.Runtime;
import dev.halftone.graph.Model;
import java.util.List;

/// The passes that bring a float model into the form the later stages read. The list is the pass manager.
public final class Prepare {

  /// Per-channel DequantizeLinear came with this version of the standard operator set.
  private static final long OPSET = 13;

  private Prepare() {}

  /// @param runtime evaluates what is constant
  public static Model apply(Model model, Runtime runtime) {
    List<Pass> passes =
        List.of(
            new CheckWeights(),
            new LiftConstants(),
            other -> RaiseOpset.to(other, OPSET),
            new RemoveIdentities(),
            new FusePad(),
            new FoldBatchNorm(),
            new ExpandHardSigmoid(),
            new AddForSub());
    Model prepared = model;
    for (Pass pass : passes) {
      prepared = pass.apply(prepared);
    }
    return prepared;
  }
}
