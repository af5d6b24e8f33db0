package dev.halftone.recipe;

import dev.halftone.scheme.Scales;
import java.util.List;

/// A recipe in the making, of which one thing is changed.
final class RecipeDraft {

  String name;
  int weightBits;
  int activationBits;
  boolean equalization;
  Observer observer;
  Scales scales;
  Rounding rounding;
  boolean biasCorrection;
  int samples;
  List<String> keepFloat;
  List<NodeBits> overrides;

  RecipeDraft(Recipe recipe) {
    this.name = recipe.name();
    this.weightBits = recipe.weightBits();
    this.activationBits = recipe.activationBits();
    this.equalization = recipe.equalization();
    this.observer = recipe.observer();
    this.scales = recipe.scales();
    this.rounding = recipe.rounding();
    this.biasCorrection = recipe.biasCorrection();
    this.samples = recipe.samples();
    this.keepFloat = recipe.keepFloat();
    this.overrides = recipe.overrides();
  }

  Recipe recipe() {
    return new Recipe(
        name,
        weightBits,
        activationBits,
        equalization,
        observer,
        scales,
        rounding,
        biasCorrection,
        samples,
        keepFloat,
        overrides);
  }
}
