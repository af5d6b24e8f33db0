package dev.halftone.diagnose;

import static java.util.Objects.requireNonNull;

import dev.halftone.Quantized;
import dev.halftone.Quantizer;
import dev.halftone.calibrate.Statistics;
import dev.halftone.data.Dataset;
import dev.halftone.engine.Progress;
import dev.halftone.graph.GraphIndex;
import dev.halftone.graph.Model;
import dev.halftone.graph.Node;
import dev.halftone.plan.LayerPlan;
import dev.halftone.plan.Placement;
import dev.halftone.recipe.ActivationScheme;
import dev.halftone.recipe.Observer;
import dev.halftone.recipe.Recipe;
import dev.halftone.recipe.RecipeFile;
import dev.halftone.recipe.Rounding;
import dev.halftone.recipe.Rule;
import dev.halftone.search.Candidate;
import dev.halftone.search.CandidateScore;
import dev.halftone.search.SearchTerms;
import dev.halftone.verify.Losses;
import dev.halftone.verify.NetworkOutputs;
import dev.halftone.verify.VerifyOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Where the error of the output is made, why, and what a remedy gives.
///
/// The weights of each layer and the values of each tensor are quantized alone, the rest being float; what that adds to the output,
/// over the sum of all, is the part's share. (Small errors of parts that are independent of each other add up. What is the same in every
/// sample does not count, for the biases of layers make up for what comes before them.)
///
/// @param parts the worst first
/// @param asItIs what remedies are measured against, on the same samples
public record Diagnosis(List<Finding> parts, Candidate asItIs) {

  /// What is made of what: as many parts are told of ...
  private static final int TOLD = 5;

  /// ... and for as many of these a remedy is tried.
  private static final int TRIED = 3;

  /// A part of less is not worth a word.
  private static final double LEAST_SHARE = 0.01;

  /// Samples that shares and causes are measured on.
  private static final int TO_MEASURE = 8;

  /// Samples that remedies are judged on.
  private static final int TO_JUDGE = 100;

  public Diagnosis {
    parts = List.copyOf(parts);
  }

  /// @param part as in `weights`
  /// @param node the operation they belong to or are made by, or the input of the network
  /// @param share of the error of the output, in [0, 1]
  /// @param cure the recipe with the remedy applied, and what it gave on the samples of [Diagnosis#asItIs]; empty where none was tried
  public record Finding(String part, String node, double share, Cause cause, Optional<Cure> cure) {}

  /// @param remedy as it stands in a recipe file
  public record Cure(String remedy, Candidate trial) {}

  /// @param model the float model as it was read
  /// @param quantized what the quantizer made of it
  /// @param calibrated the samples that its statistics are of; none where there were only statistics
  /// @param heldOut samples to measure on
  /// @param answers what the model's answers are
  public static Diagnosis of(
      Quantizer quantizer,
      Model model,
      Quantized quantized,
      Dataset calibrated,
      Dataset heldOut,
      VerifyOptions answers) {
    SearchTerms wanted = new SearchTerms(answers, Optional.empty(), Duration.ZERO);
    Dataset judging = heldOut.spread(TO_JUDGE);
    try (CandidateScore examiner =
        new CandidateScore(
            quantizer.runtime(), model, wanted.withThreads(quantizer.threads()), judging)) {
      return new Patient(quantizer, quantized, calibrated, judging.spread(TO_MEASURE), examiner)
          .diagnose();
    }
  }

  /// By which the SQNR of the worst output rises, in dB.
  public double gain(Cure cure) {
    return cure.trial().comparison().decibels() - asItIs.comparison().decibels();
  }

  private record Patient(
      Quantizer quantizer,
      Quantized quantized,
      Dataset calibrated,
      Dataset few,
      CandidateScore examiner) {

    Diagnosis diagnose() {
      Placement placement = quantizer.place(quantized.prepared(), quantized.statistics());
      GraphIndex index = new GraphIndex(quantized.prepared().graph());
      Map<Part, Double> shares = shares(placement);
      List<Part> worst =
          shares.keySet().stream()
              .filter(part -> requireNonNull(shares.get(part)) >= LEAST_SHARE)
              .sorted(Comparator.comparing((Part part) -> shares.get(part)).reversed())
              .limit(TOLD)
              .toList();
      CauseFinder causes = new CauseFinder(quantizer, quantized, index, few);
      Candidate asItIs = examine("as it is", quantized, quantizer);
      List<Finding> findings = new ArrayList<>();
      for (Part part : worst) {
        Cause cause = causes.of(part);
        Optional<Node> maker = maker(part, placement, index);
        Optional<Cure> cure =
            findings.size() < TRIED
                ? maker.flatMap(node -> remedy(part, cause, node.label())).flatMap(this::tried)
                : Optional.empty();
        findings.add(
            new Finding(
                part instanceof Part.Weights ? "weights" : "values",
                maker.map(Node::label).orElse(part.shownBy()),
                requireNonNull(shares.get(part)),
                cause,
                cure));
      }
      return new Diagnosis(findings, asItIs);
    }

    private Map<Part, Double> shares(Placement placement) {
      List<Part> parts = parts(placement);
      Progress progress = quantizer.stages().stage("Looking for what errs", parts.size());
      Map<Part, Double> noise = new LinkedHashMap<>();
      NetworkOutputs outputs =
          NetworkOutputs.besides(
              quantizer.runtime(), quantized.prepared(), few, quantizer.threads());
      for (Part part : parts) {
        double alone = Losses.of(outputs.wanted(), outputs.of(part.alone(quantized))).mean();
        noise.put(part, Double.isFinite(alone) ? alone : 0);
        progress.step();
      }
      double all = noise.values().stream().mapToDouble(Double::doubleValue).sum();
      noise.replaceAll((_, alone) -> all > 0 ? alone / all : 0);
      return noise;
    }

    private List<Part> parts(Placement placement) {
      List<Part> parts = new ArrayList<>();
      quantized.plan().layers().forEach(planned -> parts.add(new Part.Weights(planned)));
      placement.sharing().forEach((tensor, all) -> parts.add(new Part.Values(tensor, all)));
      return parts;
    }

    private static Optional<Node> maker(Part part, Placement placement, GraphIndex index) {
      return switch (part) {
        case Part.Weights(LayerPlan planned) -> Optional.of(planned.layer().node());
        case Part.Values(String tensor, _) -> placement.maker(tensor, index);
      };
    }

    /// What is changed in the recipe, and nothing else.
    private record Remedy(String words, Recipe recipe) {}

    private Optional<Remedy> remedy(Part part, Cause cause, String node) {
      Recipe recipe = quantizer.recipe();
      Observer widest = new Observer.MinMax();
      if (cause instanceof Cause.Clipped && !recipe.rules().observer().equals(widest)) {
        return Optional.of(
            new Remedy("observer %s".formatted(widest.text()), recipe.withObserver(widest)));
      }
      return switch (part) {
        case Part.Values(String tensor, _) -> {
          boolean isNarrow =
              requireNonNull(quantized.plan().activations().get(tensor)).type().isNarrow();
          ActivationScheme more =
              new ActivationScheme.Static(isNarrow ? 8 : 16, recipe.rules().observer());
          yield Optional.of(rule(Rule.activations(node, more)));
        }
        case Part.Weights(LayerPlan planned) -> {
          if (planned.type().bits() < 8) {
            yield Optional.of(rule(Rule.weights(node, 8)));
          }
          yield Optional.of(
              recipe.rounding() == Rounding.NEAREST && calibrated.size() > 0
                  ? new Remedy(
                      "\"rounding\": \"%s\"".formatted(Rounding.LEAST_SQUARES.text()),
                      recipe.withRounding(Rounding.LEAST_SQUARES))
                  : rule(Rule.keepFloat(node)));
        }
      };
    }

    private Remedy rule(Rule rule) {
      return new Remedy(
          "\"rules\": [%s]".formatted(RecipeFile.text(rule)),
          quantizer.recipe().overriding(List.of(rule)));
    }

    /// Empty where it takes samples and there are none.
    private Optional<Cure> tried(Remedy remedy) {
      Progress.Stages told = quantizer.stages();
      Quantizer changed =
          quantizer
              .withRecipe(remedy.recipe())
              .withStages((title, steps) -> told.stage("Trying a remedy: " + title, steps));
      Model prepared = quantized.prepared();
      Statistics known = quantized.statistics();
      boolean suffices = known.tensors().keySet().containsAll(changed.place(prepared).observed());
      if (!suffices && calibrated.size() == 0) {
        return Optional.empty();
      }
      Statistics statistics =
          suffices ? known : asItIs(changed).calibrate(prepared, calibrated).statistics();
      Quantized cured = changed.quantize(prepared, statistics, calibrated);
      return Optional.of(new Cure(remedy.words(), examine(remedy.words(), cured, changed)));
    }

    /// What is prepared is equalized already.
    private static Quantizer asItIs(Quantizer quantizer) {
      return quantizer.withRecipe(quantizer.recipe().withoutEqualization());
    }

    private Candidate examine(String what, Quantized candidate, Quantizer by) {
      return examiner.examine(what, by, candidate);
    }
  }
}
