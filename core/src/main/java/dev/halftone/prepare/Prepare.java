package dev.halftone.prepare;

import dev.halftone.engine.Runtime;
import dev.halftone.graph.Model;
import java.util.List;

/// The passes every model goes through before it is calibrated, in order.
public final class Prepare {

  private Prepare() {}

  /// @param runtime evaluates constant parts of the graph
  public static List<Pass> passes(Runtime runtime) {
    return List.of(
        new LiftConstants(),
        new CheckWeights(),
        new FoldConstants(runtime),
        new SettleReshapes(),
        new JoinMoves(),
        new RemoveIdentities(),
        new FusePad(),
        new FuseMatMulAdd(),
        new FoldBatchNorm(),
        new MeansToPools());
  }

  public static Model apply(Model model, List<Pass> passes) {
    Model prepared = model;
    for (Pass pass : passes) {
      prepared = pass.apply(prepared);
    }
    return prepared;
  }
}
