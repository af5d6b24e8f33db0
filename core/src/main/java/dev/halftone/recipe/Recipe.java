package dev.halftone.recipe;

import dev.halftone.InvalidRecipeException;
import dev.halftone.scheme.Scales;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// A quantization as the user asks for it: rules for weights and activations, and how the numbers are found.
///
/// @param name for reports
/// @param rules for which operations which schemes
/// @param scales which numbers scales may be
/// @param method how the numbers are found
public record Recipe(String name, Rules rules, Scales scales, Method method) {

  public static final int MAX_SAMPLES = Method.MAX_SAMPLES;

  private static final int GROUP = 32;
  private static final WeightScheme FOUR_BIT_GROUPS =
      new WeightScheme.Integers(4, Optional.of(GROUP));

  /// 8-bit weights and activations: what every runtime has kernels for.
  public static final Recipe W8A8 = of("w8a8", 8, observed(8));

  /// 6-bit weights: three quarters of the size, at nearly the same answers.
  public static final Recipe W6A8 = of("w6a8", 6, observed(8));

  /// 4-bit weights: half the size, at a loss that the verdict tells.
  public static final Recipe W4A8 = of("w4a8", 4, observed(8));

  /// 4-bit weights and 4-bit activations, but 8 bits in the first and the last layer and for what is not multiplied: see
  /// `dev.halftone.plan.NarrowActivations` and `NarrowCopies`.
  public static final Recipe W4A4 = of("w4a4", 4, observed(4));

  /// 8-bit weights and 16-bit activations: for networks whose activations do not fit in 8 bits.
  public static final Recipe W8A16 = of("w8a16", 8, observed(16));

  /// 4-bit weights and 16-bit activations.
  public static final Recipe W4A16 = of("w4a16", 4, observed(16));

  /// 8-bit weights and float activations: a quarter of the size at the speed of float, for networks whose activations do not fit in
  /// integers, as those of many transformers.
  public static final Recipe W8A32 = of("w8a32", 8, new ActivationScheme.Float());

  /// 4-bit weights with a scale for each 32 of a matrix, and float activations: a sixth of the size, for large products of few rows. Runtimes
  /// have kernels that read such weights as they are.
  public static final Recipe W4G32A32 =
      of("w4g32a32", new WeightScheme.Integers(4, Optional.of(32)), new ActivationScheme.Float());

  /// 8-bit weights and activations whose scales are powers of two: integers are rescaled by shifts, for devices without multipliers to
  /// spare.
  public static final Recipe FIXED = of("fixed", 8, observed(8)).withScales(Scales.POWERS_OF_TWO);

  /// 8-bit weights, and 8-bit inputs of products with a scale that each run finds: what is published of most transformers. It needs no
  /// samples. The result for one sample depends on the others of its batch.
  public static final Recipe DYNAMIC =
      of("dynamic", 8, new ActivationScheme.Product(ProductScale.DYNAMIC));

  /// 8-bit weights, and 8-bit inputs of products with a scale for each row, such as a token. It needs no samples, and what it makes of a
  /// sample is the same in every batch.
  public static final Recipe ROWS = of("rows", 8, new ActivationScheme.Product(ProductScale.ROW));

  /// 8-bit weights that are solved for, and 8-bit inputs of products: with observed ranges, smoothed across normalizations, and with a scale
  /// for each row where these do not do. Convolutions are quantized as by [#W8A8]. For transformers.
  public static final Recipe TRANSFORMER =
      transformer("transformer", Optional.empty(), 8, ProductScale.MEASURED);

  /// The same, with a scale for each row wherever products read integers: a little more exact, a little slower.
  public static final Recipe TRANSFORMER_EXACT =
      transformer("transformer-exact", Optional.empty(), 8, ProductScale.SMOOTHED_ROW);

  /// The same, with tables of words of 4 bits: these are half of a small encoder.
  public static final Recipe TRANSFORMER_SMALL =
      transformer("transformer-small", Optional.of(FOUR_BIT_GROUPS), 8, ProductScale.MEASURED);

  /// The same again, with 5-bit weights in products.
  public static final Recipe TRANSFORMER_SMALLEST =
      transformer("transformer-smallest", Optional.of(FOUR_BIT_GROUPS), 5, ProductScale.MEASURED);

  private static final List<Recipe> NAMED =
      List.of(
          W8A8,
          W6A8,
          W4A8,
          W4A4,
          W8A16,
          W4A16,
          W8A32,
          W4G32A32,
          FIXED,
          DYNAMIC,
          ROWS,
          TRANSFORMER,
          TRANSFORMER_EXACT,
          TRANSFORMER_SMALL,
          TRANSFORMER_SMALLEST);

  public static final List<String> NAMES = NAMED.stream().map(Recipe::name).toList();

  /// @param words of tables of words, where they have not 8 bits
  /// @param bits of the weights of products
  private static Recipe transformer(
      String name, Optional<WeightScheme> words, int bits, ProductScale scale) {
    ActivationScheme products = new ActivationScheme.Product(scale);
    WeightScheme weights =
        new WeightScheme.Integers(bits, bits < 8 ? Optional.of(GROUP) : Optional.empty());
    List<Rule> rules = new ArrayList<>();
    for (String operation : List.of("MatMul", "Gemm")) {
      rules.add(Rule.operation(operation, Optional.of(weights), Optional.of(products)));
    }
    words.ifPresent(
        scheme -> rules.add(Rule.operation("Gather", Optional.of(scheme), Optional.empty())));
    rules.add(Rule.forEverything(new WeightScheme.Integers(8), observed(8)));
    Method method = new Method(true, Rounding.LEAST_SQUARES, true, bits < 8 ? MAX_SAMPLES : 64);
    return new Recipe(name, new Rules(rules), Scales.ANY, method);
  }

  private static ActivationScheme observed(int bits) {
    return new ActivationScheme.Static(bits, new Observer.Mse());
  }

  /// Low weights need the solver, and the solver more samples than bias correction.
  private static Recipe of(String name, int weightBits, ActivationScheme activations) {
    return of(name, new WeightScheme.Integers(weightBits), activations);
  }

  private static Recipe of(
      String name, WeightScheme.Integers weights, ActivationScheme activations) {
    Method method =
        weights.bits() < 8
            ? new Method(true, Rounding.CODEBOOK, true, MAX_SAMPLES)
            : new Method(true, Rounding.NEAREST, true, 64);
    return new Recipe(
        name, new Rules(List.of(Rule.forEverything(weights, activations))), Scales.ANY, method);
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

  public Rounding rounding() {
    return method.rounding();
  }

  public boolean biasCorrection() {
    return method.biasCorrection();
  }

  public int samples() {
    return method.samples();
  }

  /// True where channels are to be equalized: activations of 16 bits and more do not need it.
  public boolean equalizes() {
    return method.equalization()
        && rules.activations().integers().filter(scheme -> scheme.bits() <= 8).isPresent();
  }

  /// True where channels of normalizations are shifted and scaled for the products that read them.
  public boolean smooths() {
    return rules.observesProducts();
  }

  /// True where ranges of activations are chosen: samples of these must be given.
  public boolean observes() {
    return rules.observes();
  }

  /// True where the numbers depend on what the network does with samples, beyond the statistics of its activations.
  public boolean needsSamples() {
    return settlesLayers() || !rules.observer().equals(rules.observer().withoutSamples());
  }

  /// True where weights or biases depend on what the network does with samples.
  public boolean settlesLayers() {
    return method.biasCorrection() || method.rounding().solves();
  }

  /// The same as far as it can be done without samples.
  public Recipe withoutSamples() {
    return withoutBiasCorrection()
        .withRounding(Rounding.NEAREST)
        .with(rules.observing(Observer::withoutSamples));
  }

  public Recipe withName(String other) {
    return new Recipe(other, rules, scales, method);
  }

  public Recipe withScales(Scales other) {
    return new Recipe(name, rules, other, method);
  }

  private Recipe with(Method other) {
    return new Recipe(name, rules, scales, other);
  }

  public Recipe with(Rules other) {
    return new Recipe(name, other, scales, method);
  }

  /// The same where weights alone are integers, but where a rule names integers of other operations.
  public Recipe withFloatActivations() {
    return with(rules.withoutNamedProducts().withActivations(new ActivationScheme.Float()));
  }

  /// The same where operations that no rule names make such activations.
  public Recipe withActivations(ActivationScheme other) {
    return with(rules.withActivations(other));
  }

  public Recipe withEqualization() {
    return with(method.equalizing(true));
  }

  public Recipe withoutEqualization() {
    return with(method.equalizing(false));
  }

  /// The same where all ranges are chosen so.
  public Recipe withObserver(Observer other) {
    return with(rules.observing(_ -> other));
  }

  /// The same with other rounding; with as many samples as can be had where that solves for weights and this does not.
  public Recipe withRounding(Rounding other) {
    return with(method.withRounding(other));
  }

  /// One that solves for weights: the same where it does, else with this rounding.
  public Recipe solvingBy(Rounding otherwise) {
    return rounding().solves() ? this : withRounding(otherwise);
  }

  public Recipe withBiasCorrection() {
    return with(method.correctingBiases(true));
  }

  public Recipe withoutBiasCorrection() {
    return with(method.correctingBiases(false));
  }

  public Recipe withSamples(int other) {
    return with(method.withSamples(other));
  }

  /// The same where these rules come before all others but those that keep nodes float.
  public Recipe overriding(List<Rule> first) {
    return with(rules.overriding(first));
  }

  /// The same where these, beside those that keep nodes float, are all the rules that name nodes or kinds for their weights.
  public Recipe overridingWeights(List<Rule> others) {
    return with(rules.overridingWeights(others));
  }

  /// The same where nodes that match these patterns stay float as well.
  public Recipe keepingFloat(List<String> more) {
    return with(rules.keepingFloat(more));
  }
}
