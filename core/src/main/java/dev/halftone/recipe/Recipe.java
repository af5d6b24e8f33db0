package dev.halftone.recipe;

import dev.halftone.InvalidRecipeException;
import dev.halftone.scheme.QuantizedType;
import dev.halftone.scheme.Scales;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;

/// The user's wishes for a quantization.
///
/// @param name for reports
/// @param weightBits bits of a weight, 2 to 8
/// @param activationBits bits of an activation: 2 to 8, 16, or 32, which stays float
/// @param equalization whether channels that differ in size are brought to one size before they share a scale
/// @param observer how activation ranges are chosen
/// @param scales which numbers scales may be
/// @param rounding how the integers of the weights are chosen
/// @param biasCorrection whether biases make up for the mean error of each layer, measured after its activation
/// @param samples how many samples rounding, bias correction and the choice of ranges measure with, at most: 1 to 256
/// @param keepFloat patterns of node names (`*` for anything) that stay float
/// @param overrides nodes that have other bits; the first whose pattern matches and that says something of these bits counts
public record Recipe(
    String name,
    int weightBits,
    int activationBits,
    boolean equalization,
    Observer observer,
    Scales scales,
    Rounding rounding,
    boolean biasCorrection,
    int samples,
    List<String> keepFloat,
    List<NodeBits> overrides) {

  public static final int MAX_SAMPLES = 256;

  public Recipe {
    NodeBits.checkWeightBits("weightBits", weightBits);
    NodeBits.checkActivationBits("activationBits", activationBits);
    if (samples < 1 || samples > MAX_SAMPLES) {
      throw new InvalidRecipeException(
          "recipe field samples is 1 to " + MAX_SAMPLES + ", not " + samples);
    }
    keepFloat = List.copyOf(keepFloat);
    overrides = List.copyOf(overrides);
  }

  /// 8-bit weights and activations: what every runtime has kernels for.
  public static final Recipe W8A8 = of("w8a8", 8, 8);

  /// 6-bit weights: three quarters of the size, at nearly the same answers.
  public static final Recipe W6A8 = of("w6a8", 6, 8);

  /// 4-bit weights: half the size, at a loss that the verdict tells.
  public static final Recipe W4A8 = of("w4a8", 4, 8);

  /// 4-bit weights and 4-bit activations, but 8 bits in the first and the last layer and for what is not multiplied: see
  /// `dev.halftone.plan.NarrowActivations` and `NarrowCopies`.
  public static final Recipe W4A4 = of("w4a4", 4, 4);

  /// 8-bit weights and 16-bit activations: for networks whose activations do not fit in 8 bits.
  public static final Recipe W8A16 = of("w8a16", 8, 16);

  /// 4-bit weights and 16-bit activations.
  public static final Recipe W4A16 = of("w4a16", 4, 16);

  /// 8-bit weights and float activations: a quarter of the size at the speed of float, for networks whose activations do not fit in
  /// integers, as those of many transformers.
  public static final Recipe W8A32 = of("w8a32", 8, NodeBits.FLOAT_BITS);

  /// 8-bit weights and activations whose scales are powers of two: integers are rescaled by shifts, for devices without multipliers to
  /// spare.
  public static final Recipe FIXED = of("fixed", 8, 8).withScales(Scales.POWERS_OF_TWO);

  private static final List<Recipe> NAMED =
      List.of(W8A8, W6A8, W4A8, W4A4, W8A16, W4A16, W8A32, FIXED);

  public static final List<String> NAMES = NAMED.stream().map(Recipe::name).toList();

  /// Low weights need the solver, and the solver more samples than bias correction.
  private static Recipe of(String name, int weightBits, int activationBits) {
    boolean low = weightBits < 8;
    return new Recipe(
        name,
        weightBits,
        activationBits,
        true,
        new Observer.Mse(),
        Scales.ANY,
        low ? Rounding.CODEBOOK : Rounding.NEAREST,
        true,
        low ? MAX_SAMPLES : 64,
        List.of(),
        List.of());
  }

  /// The recipe of this name.
  public static Recipe named(String name) {
    return NAMED.stream()
        .filter(recipe -> recipe.name().equals(name.toLowerCase(Locale.ROOT)))
        .findFirst()
        .orElseThrow(() ->
            new InvalidRecipeException(
                "recipe is one of " + String.join(", ", NAMES) + "; not " + name));
  }

  /// Integers of the weights of the node with this label.
  public QuantizedType weightType(String nodeLabel) {
    return QuantizedType.weight(override(nodeLabel, NodeBits::weightBits).orElse(weightBits));
  }

  /// Integers of the activations that the node with this label makes, or the network's input of this name, where something reads them as
  /// integers.
  public QuantizedType activationType(String nodeLabel) {
    return activationType(activationBits(nodeLabel));
  }

  /// True where the node with this label computes with floats.
  public boolean hasFloatActivations(String nodeLabel) {
    return activationBits(nodeLabel) == NodeBits.FLOAT_BITS;
  }

  private int activationBits(String nodeLabel) {
    return override(nodeLabel, NodeBits::activationBits).orElse(activationBits);
  }

  private static QuantizedType activationType(int bits) {
    return QuantizedType.activation(bits == NodeBits.FLOAT_BITS ? 8 : bits);
  }

  /// True where the weight bits of the node with this label are asked for by its name.
  public boolean overridesWeights(String nodeLabel) {
    return override(nodeLabel, NodeBits::weightBits).isPresent();
  }

  /// True where the bits of what the node with this label makes are asked for by its name.
  public boolean overridesActivations(String nodeLabel) {
    return override(nodeLabel, NodeBits::activationBits).isPresent();
  }

  /// True where channels are to be equalized: activations of 16 bits and more do not need it.
  public boolean equalizes() {
    return equalization && activationBits <= 8;
  }

  /// True where activations have fewer than 8 bits, but for exceptions.
  public boolean hasNarrowActivations() {
    return activationBits < 8;
  }

  /// True where some activations have 16 bits.
  public boolean hasWideActivations() {
    return activationBits == 16
        || overrides.stream().anyMatch(override -> override.activationBits().orElse(8) == 16);
  }

  private OptionalInt override(String nodeLabel, Function<NodeBits, OptionalInt> which) {
    return overrides.stream()
        .filter(override ->
            which.apply(override).isPresent() && NodePattern.matches(override.nodes(), nodeLabel))
        .mapToInt(override -> which.apply(override).getAsInt())
        .findFirst();
  }

  /// True where the pattern list keeps the node with this label float.
  public boolean keepsFloat(String nodeLabel) {
    return keepFloat.stream().anyMatch(pattern -> NodePattern.matches(pattern, nodeLabel));
  }

  /// Patterns that match none of these nodes: they do nothing, and are mistyped or of another model.
  public List<String> idlePatterns(Collection<String> nodeLabels) {
    return Stream.concat(keepFloat.stream(), overrides.stream().map(NodeBits::nodes))
        .distinct()
        .filter(
            pattern -> nodeLabels.stream().noneMatch(label -> NodePattern.matches(pattern, label)))
        .toList();
  }

  /// True where the numbers depend on what the network does with samples, beyond the statistics of its activations.
  public boolean needsSamples() {
    return settlesLayers() || !observer.equals(observer.withoutSamples());
  }

  /// True where weights or biases depend on what the network does with samples.
  public boolean settlesLayers() {
    return biasCorrection || rounding.solves();
  }

  /// The same as far as it can be done without samples.
  public Recipe withoutSamples() {
    return withBiasCorrection(false)
        .withRounding(Rounding.NEAREST)
        .withObserver(observer.withoutSamples());
  }

  public Recipe withName(String other) {
    return with(draft -> draft.name = other);
  }

  public Recipe withActivationBits(int other) {
    return with(draft -> draft.activationBits = other);
  }

  public Recipe withEqualization(boolean other) {
    return with(draft -> draft.equalization = other);
  }

  public Recipe withObserver(Observer other) {
    return with(draft -> draft.observer = other);
  }

  public Recipe withScales(Scales other) {
    return with(draft -> draft.scales = other);
  }

  /// The same with other rounding; with as many samples as can be had where that solves for weights and this does not.
  public Recipe withRounding(Rounding other) {
    return with(draft -> {
      draft.rounding = other;
      draft.samples = samples(this, other);
    });
  }

  /// One that solves for weights: the same where it does, else with this rounding.
  public Recipe solvingBy(Rounding otherwise) {
    return rounding.solves() ? this : withRounding(otherwise);
  }

  /// How many samples a recipe takes that differs from `base` by its rounding: solving chooses many more numbers than biases are.
  static int samples(Recipe base, Rounding rounding) {
    return rounding.solves() && !base.rounding.solves() ? MAX_SAMPLES : base.samples;
  }

  public Recipe withBiasCorrection(boolean other) {
    return with(draft -> draft.biasCorrection = other);
  }

  public Recipe withSamples(int other) {
    return with(draft -> draft.samples = other);
  }

  public Recipe withKeepFloat(List<String> other) {
    return with(draft -> draft.keepFloat = other);
  }

  public Recipe withOverrides(List<NodeBits> other) {
    return with(draft -> draft.overrides = other);
  }

  /// The same where nodes that match these patterns stay float as well.
  public Recipe keepingFloat(List<String> more) {
    return withKeepFloat(Stream.concat(keepFloat.stream(), more.stream()).toList());
  }

  /// The same where these come before the overrides that there are.
  public Recipe overriding(List<NodeBits> first) {
    return withOverrides(Stream.concat(first.stream(), overrides.stream()).toList());
  }

  private Recipe with(Consumer<RecipeDraft> change) {
    RecipeDraft draft = new RecipeDraft(this);
    change.accept(draft);
    return draft.recipe();
  }
}
