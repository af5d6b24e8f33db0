package dev.halftone.judge;

import dev.halftone.meaning.OutputKind;
import dev.halftone.metric.PairedAccuracy;
import dev.halftone.metric.Proportion;
import dev.halftone.metric.Sqnr;
import dev.halftone.verify.Agreement;
import dev.halftone.verify.Comparison;
import dev.halftone.verify.Latency;
import dev.halftone.verify.MadeFigures;
import dev.halftone.verify.Speed;
import java.util.List;
import java.util.Optional;

/// Verdicts put together from numbers.
public final class Verdicts {

  public static final Speed TWICE_AS_FAST = speed(0.31, 0.15);

  private Verdicts() {}

  public static Verdict of(
      long floatBytes, long bytes, Optional<Speed> speed, Optional<Comparison> comparison) {
    return Verdict.of(
            new Verdict.ModelFile("float.onnx", floatBytes),
            new Verdict.ModelFile("int8.onnx", bytes),
            Tolerance.DEFAULT,
            List.of())
        .measured(comparison, List.of(), speed, Optional.empty());
  }

  static Speed speed(double before, double after) {
    return new Speed(
        new Latency("float.onnx", 100, before, before, before, 1),
        new Latency("int8.onnx", 100, after, after, after, after / before),
        "a fake, 1 thread",
        List.of());
  }

  static Comparison labelled(int classes, int inputs, int floatRight, int lost, int gained) {
    PairedAccuracy top1 =
        new PairedAccuracy(inputs, floatRight, floatRight - lost + gained, lost, gained);
    return comparison(
        OutputKind.CLASSES,
        classes,
        inputs,
        lost + gained,
        Optional.of(top1),
        new Sqnr(1000, 1, 1000, 1000, 10, 0));
  }

  static Comparison unlabelled(int inputs, int changed) {
    return comparison(
        OutputKind.CLASSES,
        10,
        inputs,
        changed,
        Optional.empty(),
        new Sqnr(1000, 1, 1000, 1000, 10, 0));
  }

  static Comparison values(Sqnr sqnr) {
    return comparison(OutputKind.VALUES, 0, 100, 0, Optional.empty(), sqnr);
  }

  private static Comparison comparison(
      OutputKind kind,
      int classes,
      int inputs,
      int changed,
      Optional<PairedAccuracy> top1,
      Sqnr sqnr) {
    Proportion same = new Proportion(inputs - changed, inputs);
    return MadeFigures.comparison(
        "a fake",
        inputs,
        MadeFigures.answering(
            MadeFigures.output("y", kind, classes, sqnr),
            top1,
            Optional.empty(),
            kind == OutputKind.VALUES ? Optional.empty() : Optional.of(new Agreement(same, same))));
  }
}
