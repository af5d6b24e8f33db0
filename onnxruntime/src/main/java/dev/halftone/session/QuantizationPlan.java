package dev.halftone.session;

import dev.halftone.graph.Model;
import dev.halftone.plan.Plan;
import dev.halftone.plan.PlanFile;
import dev.halftone.recipe.Recipe;
import dev.halftone.recipe.RecipeFile;
import dev.halftone.wording.Figures;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Everything that a quantization would do, decided and not done.
///
/// @param prepared the float model that the plan speaks of
/// @param recipe that was used, be it asked for or found
/// @param preprocessing how pictures become inputs, as text; empty where nothing says
/// @param assumed sentences that say what was given and what was guessed
/// @param notes sentences that a reader of the plan must know
public record QuantizationPlan(
    Model prepared,
    Plan plan,
    Recipe recipe,
    Optional<String> preprocessing,
    List<String> assumed,
    List<String> notes) {

  public QuantizationPlan {
    assumed = List.copyOf(assumed);
    notes = List.copyOf(notes);
  }

  static QuantizationPlan of(Model prepared, Plan plan, RecipeChoice choice, UsedSamples samples) {
    List<String> assumed = new ArrayList<>(choice.assumed());
    assumed.addAll(samples.measured().premises().assumed());
    List<String> notes = new ArrayList<>(choice.notes());
    notes.add("The weights will take %s in the file.".formatted(Figures.bytes(plan.weightBytes())));
    notes.addAll(IdlePatterns.notes(choice.recipe(), prepared));
    return new QuantizationPlan(
        prepared, plan, choice.recipe(), samples.measured().preprocessing(), assumed, notes);
  }

  /// Writes the files of plan and recipe among these, both or neither.
  public void write(OutputFiles files) {
    files.writeDecisions(PlanFile.bytes(plan), new RecipeFile(recipe, preprocessing).bytes());
  }
}
