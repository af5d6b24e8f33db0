package dev.halftone.report;

import dev.halftone.judge.Tolerance;
import dev.halftone.judge.Verdict;
import dev.halftone.meaning.OutputKind;
import dev.halftone.metric.PairedAccuracy;
import dev.halftone.metric.Proportion;
import dev.halftone.metric.Sqnr;
import dev.halftone.verify.Agreement;
import dev.halftone.verify.Comparison;
import dev.halftone.verify.Comparison.NamedClass;
import dev.halftone.verify.Latency;
import dev.halftone.verify.LayerError;
import dev.halftone.verify.LayerErrors;
import dev.halftone.verify.MadeFigures;
import dev.halftone.verify.Premises;
import dev.halftone.verify.Speed;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import javax.imageio.ImageIO;

/// A made-up run with everything a report can show.
final class Example {

  private static final List<String> CLASSES =
      List.of(
          "T-shirt",
          "trousers",
          "pullover",
          "dress",
          "coat",
          "sandal",
          "shirt",
          "sneaker",
          "bag",
          "ankle boot");

  private Example() {}

  static RunSummary summary() {
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("recipe", "w8a8");
    facts.put("calibrated on", "200 pictures of fashion-mnist/calibration");
    facts.put("date", "2026-11-30T18:00:00Z");
    facts.put("processor", "Some CPU, 2 cores, AVX2, no VNNI");
    facts.put("versions", "halftone 0.1.0, ONNX Runtime 1.29.0, Java 25.0.3");
    facts.put("seed", "1");
    return new RunSummary(
        "fashion-mnist, 8 bits",
        verdict(),
        new RunSummary.Decided(
            plan(),
            List.of(
                new RunSummary.KeptFloat(
                    "/head/Softmax", "Softmax", "ONNX Runtime has no integer kernel for it"),
                new RunSummary.KeptFloat(
                    "/stem/Mul",
                    "Mul",
                    "its other input is a constant that one scale cannot hold")),
            histograms()),
        List.of(),
        Optional.of(diagnosis()),
        new RunSummary.Provenance(
            "halftone quantize fashion.onnx -o fashion-int8.onnx --recipe w8a8 --data calibration --labels labels.csv --report report.html",
            facts));
  }

  private static RunSummary.Diagnosis diagnosis() {
    return new RunSummary.Diagnosis(
        List.of(
            new RunSummary.Finding(
                "weights of /blocks/blocks.3/Conv",
                0.312,
                "channel 37 of 96 makes 62.0 % of its error",
                Optional.of(
                    new RunSummary.Cure(
                        new RunSummary.Tried(
                            "\"keepFloat\": [\"/blocks/blocks.3/Conv\"]",
                            "same answer 99.8 %, 37.9 dB",
                            300_100,
                            2.0,
                            new RunSummary.Standing(true, false, List.of())),
                        2.1))),
            new RunSummary.Finding(
                "values of /concat",
                0.1,
                "Concat forces one scale on unlike inputs, of 0.02 and 3.1 in root mean square",
                Optional.empty())),
        new RunSummary.Tried(
            "as it is",
            "same answer 99.5 %, 35.8 dB",
            281_400,
            2.1,
            new RunSummary.Standing(true, true, List.of())));
  }

  static Verdict verdict() {
    return Verdict.of(
            new Verdict.ModelFile("fashion.onnx", 1_052_311),
            new Verdict.ModelFile("fashion-int8.onnx", 281_400),
            Tolerance.DEFAULT,
            List.of("The float model was exported with BatchNorm unfolded; it was folded first."))
        .measured(
            Optional.of(comparison()),
            layers(),
            Optional.of(
                new Speed(
                    new Latency("fashion.onnx", 1000, 0.312, 0.305, 0.338, 1),
                    new Latency("fashion-int8.onnx", 1000, 0.149, 0.146, 0.163, 0.476),
                    "ONNX Runtime 1.29.0, 1 thread, batch 1, models in turns",
                    List.of())),
            Optional.of(new Verdict.Memory(21_400_000, 14_900_000)))
        .with(
            Premises.assuming(
                "Preprocessing was guessed: resize=auto,crop=28,order=gray,layout=nchw,mean=0,std=255. Compare it with what the model was trained with; --preprocess says another."));
  }

  private static Comparison comparison() {
    Random random = new Random(7);
    List<Comparison.Flip> flips = new ArrayList<>();
    for (int i = 0; i < 22; i++) {
      int label = random.nextInt(10);
      int other = (label + 1 + random.nextInt(9)) % 10;
      int third = (other + 1) % 10;
      flips.add(
          new Comparison.Flip(
              i * 83 + 5,
              "test-%04d.png".formatted(i * 83 + 5),
              0,
              Optional.of(named(label)),
              new Comparison.BothAnswers(
                  named(i % 5 < 3 ? label : other),
                  2.4 / (i + 1),
                  named(i % 5 < 2 ? other : i % 5 == 2 ? third : i % 5 == 3 ? label : third),
                  0.3 * random.nextDouble())));
    }
    List<Comparison.ClassAccuracy> classes = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      classes.add(
          new Comparison.ClassAccuracy(
              named(i), 200, 190 - 5 * (i % 4), 190 - 5 * (i % 4) - (i * 7) % 4 + 1));
    }
    return new Comparison(
        "2,000 pictures of fashion-mnist/test",
        2000,
        List.of(
            MadeFigures.answering(
                MadeFigures.output(
                    "logits",
                    OutputKind.CLASSES,
                    "it ends in Gemm of fixed width",
                    10,
                    new Sqnr(4_000_000, 9_100, 3_991_000, 3_990_000, 20_000, 0)),
                Optional.of(new PairedAccuracy(2000, 1868, 1865, 12, 9)),
                Optional.of(new PairedAccuracy(2000, 1995, 1994, 1, 0)),
                Optional.of(
                    new Agreement(new Proportion(1973, 2000), new Proportion(1973, 2000))))),
        List.of(),
        new Comparison.Changes(classes, flips),
        List.of());
  }

  private static NamedClass named(int index) {
    return new NamedClass(index, Optional.of(CLASSES.get(index)));
  }

  private static List<LayerError> layers() {
    Random random = new Random(3);
    List<LayerError> layers = new ArrayList<>();
    for (int i = 0; i < 34; i++) {
      double weights = 44 - 0.45 * i + 5 * random.nextGaussian();
      double activations = 46 - 0.6 * i + 4 * random.nextGaussian();
      double noise = Math.pow(10, -weights / 10) + Math.pow(10, -activations / 10);
      Map<String, LayerError.Variant> variants = new LinkedHashMap<>();
      variants.put(LayerErrors.QUANTIZED, variant(noise, random));
      if (i > 0) {
        variants.put(LayerErrors.WEIGHTS_ONLY, variant(Math.pow(10, -weights / 10), random));
      }
      variants.put(LayerErrors.ACTIVATIONS_ONLY, variant(Math.pow(10, -activations / 10), random));
      layers.add(
          new LayerError(
              "/features/features.%d/conv/conv.%d/Conv_output_0".formatted(i / 3, i % 3),
              i % 3 == 2 ? "Add" : "Conv",
              variants));
    }
    return layers;
  }

  private static LayerError.Variant variant(double noise, Random random) {
    return new LayerError.Variant(
        new Sqnr(1, noise, 1, 1, 1000, 0),
        Optional.of(
            new LayerError.WorstChannel(random.nextInt(64), 64, 0.05 + 0.4 * random.nextDouble())));
  }

  private static List<RunSummary.PlanRow> plan() {
    List<RunSummary.PlanRow> plan = new ArrayList<>();
    for (int i = 0; i < 30; i++) {
      String tensor = "/features/features.%d/conv/Conv".formatted(i);
      plan.add(
          new RunSummary.PlanRow(
              tensor + ".weight",
              "Conv",
              "weights",
              new RunSummary.GridWords("int8", "per channel", "[-0.41, 0.41]"),
              "symmetric, greatest magnitude of each channel"));
      plan.add(
          new RunSummary.PlanRow(
              tensor + "_output_0",
              "Conv",
              "activation",
              new RunSummary.GridWords("uint8", "per tensor", "[0, 6]"),
              "least squared error; the Clip behind it is covered by the range"));
    }
    return plan;
  }

  private static List<RunSummary.RangeHistogram> histograms() {
    Random random = new Random(11);
    List<RunSummary.RangeHistogram> histograms = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      long[] counts = new long[512];
      double low = i % 3 == 0 ? 0 : -6;
      double high = 8 + i % 4;
      for (int k = 0; k < 20_000; k++) {
        double value = i % 3 == 0 ? Math.abs(random.nextGaussian()) * 1.6 : random.nextGaussian();
        int bin = (int) ((value - low) / (high - low) * counts.length);
        counts[Math.clamp(bin, 0, counts.length - 1)]++;
      }
      counts[counts.length - 1] += 2;
      double least = i % 3 == 0 ? 0 : -3.1;
      histograms.add(
          new RunSummary.RangeHistogram(
              "/features/features.%d/conv/Conv_output_0".formatted(i),
              new RunSummary.Bins(low, high, java.util.Arrays.stream(counts).boxed().toList()),
              new RunSummary.Covered(least, i % 2 == 0 ? 6 : 3.4, 0.0235, i % 3 == 0 ? 0 : 121)));
    }
    return histograms;
  }

  /// 28x28 blobs.
  static Pictures pictures() {
    return index -> {
      BufferedImage image = new BufferedImage(28, 28, BufferedImage.TYPE_BYTE_GRAY);
      Random random = new Random(index);
      double cx = 10 + 8 * random.nextDouble();
      double cy = 10 + 8 * random.nextDouble();
      double size = 5 + 6 * random.nextDouble();
      for (int y = 0; y < 28; y++) {
        for (int x = 0; x < 28; x++) {
          double d = Math.hypot((x - cx) * (1 + index % 3 * 0.4), y - cy) / size;
          int grey = (int) (255 * Math.exp(-d * d * d) * (0.8 + 0.2 * random.nextDouble()));
          image.setRGB(x, y, grey << 16 | grey << 8 | grey);
        }
      }
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      try {
        ImageIO.write(image, "png", bytes);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      return Optional.of(bytes.toByteArray());
    };
  }
}
