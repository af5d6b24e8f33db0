package dev.halftone.cli;

import dev.halftone.recipe.Recipe;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// The option that names a recipe, or a file of one.
final class RecipeOption {

  /// What the help of a command says about recipe files.
  static final String HELP =
      """
      A JSON object, // comments allowed. No field is required; what is not given is
      as in the named recipe 'basedOn' (w8a8 if that is missing too):
        "basedOn"         w8a8, w6a8, w4a8, w4a4, w8a16, w4a16, w8a32, w4g32a32,
                          fixed, dynamic, rows, transformer, transformer-small
                          or transformer-smallest
        "name"            for reports
        "rules"           in order: of those that match an operation, the first that
                          gives weights counts for its weights, and the first that
                          gives activations for its activations, as in
            [{"nodes": "/head/*", "weights": "float", "activations": "float"},
             {"operation": "MatMul", "activations": "float"},
             {"nodes": "*/dw/*", "weights": {"bits": 6}},
             {"weights": {"bits": 4}, "activations": {"bits": 8}}]
          "nodes"         names, * for anything; inputs of the network too
          "operation"     a rule with neither is for everything, and the last
          "weights"       "float", or "bits" of 2 to 8, and "group": 16 to 256
                          weights of a matrix with a scale of their own
          "activations"   "float" (only weights are integers), or "bits" of 2 to 8
                          or 16, and "observer": minmax, moving-average,
                          percentile[:99.99], entropy, mse or output; or
                          {"product": ...}: products read integers of 8 bits and
                          make floats, with scales that are dynamic, row, static
                          or measured (a scale a row where observed ranges do not do)
        "equalization"    true or false: bring channels that differ in size to one
        "scales"          any or powers-of-two
        "rounding"        nearest, least-squares or codebook
        "biasCorrection"  true or false
        "samples"         1 to 256: how many rounding, bias correction and ranges by
                          output error measure with, at most
        "preprocessing"   the preprocessing text, or its parts, as in {"resize": 256}
      What the command line says counts more than the file.\
      """;

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @Option(
      names = "--recipe",
      paramLabel = "NAME|FILE",
      description =
          "How to quantize: w8a8, w6a8, w4a8, w4a4, w8a16, w4a16 or w8a32, the bits of weights and of activations (w4a4 leaves the first and the last layer, what is added and outputs at 8; w8a32 leaves activations float: smaller, not faster); w4g32a32, 4-bit weights with a scale for each 32 of a matrix; fixed, w8a8 with scales that are powers of two, for devices that rescale by shifts. For transformers, whose products alone read 8-bit integers: transformer, with observed ranges that are smoothed across normalizations; transformer-small, the same with tables of words of 4 bits; transformer-smallest, with 5-bit weights too; rows, with a scale for each row (a token), which needs no samples; dynamic, with a scale that each run finds, which needs none either, but makes a result depend on its batch. Or auto, which tries several of these on held-out samples and, where none is good enough, lets the layers that do the damage compute with floats, or in an export with activations of 16 bits (see --max-minutes). Or a recipe file (see below). Default: w8a8; of a transformer 'quantize' takes transformer, and rows without samples.")
  private Optional<String> recipe = Optional.empty();

  /// Has the recipe searched for.
  private static final String AUTO = "auto";

  /// Whether the recipe is to be searched for.
  boolean isAuto() {
    return recipe.filter(AUTO::equalsIgnoreCase).isPresent();
  }

  /// Sets the recipe of a request, where one is named and is not to be searched for. Throws InvalidRecipeException where a file says no recipe.
  ///
  /// @param byRecipe sets one that has a name
  /// @param byFile sets what a file says
  void set(Consumer<Recipe> byRecipe, Consumer<Path> byFile) {
    recipe.filter(_ -> !isAuto()).ifPresent(text -> set(text, byRecipe, byFile));
  }

  private void set(String text, Consumer<Recipe> byRecipe, Consumer<Path> byFile) {
    if (Recipe.NAMES.contains(text.toLowerCase(Locale.ROOT))) {
      byRecipe.accept(Recipe.named(text));
    } else if (text.endsWith(".json") || Files.exists(Path.of(text))) {
      byFile.accept(Path.of(text));
    } else {
      throw unknown(text);
    }
  }

  private ParameterException unknown(String text) {
    return new ParameterException(
        spec.commandLine(),
        "--recipe is one of %s, %s, or a recipe file; there is neither a recipe nor a file '%s'.%s"
            .formatted(
                String.join(", ", Recipe.NAMES),
                AUTO,
                text,
                meant(text).map(name -> " Do you mean --recipe " + name + "?").orElse("")));
  }

  /// The recipe that goes by such a name elsewhere, or is spelled much like it.
  static Optional<String> meant(String text) {
    String plain = text.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", "");
    if (plain.matches("(weightonly|woq|w8|w8only|int8weightonly|int8wo|w8afp?)")) {
      return Optional.of(Recipe.W8A32.name());
    } else if (plain.matches("dyn(amic)?(int8|quant(ized?|ization)?|qint8|quint8|ptq)?")) {
      return Optional.of(Recipe.DYNAMIC.name());
    } else if (plain.matches("(per)?(token|row)(wise|s)?")) {
      return Optional.of(Recipe.ROWS.name());
    } else if (plain.matches("smooth(quant)?|bert|encoder|transformers")) {
      return Optional.of(Recipe.TRANSFORMER.name());
    } else if (plain.matches(
        "(u|q|qu|s|a)?(int)?8(bits?)?|static|qoperator|qdq|default|s8|u8s8|ptq")) {
      return Optional.of(Recipe.W8A8.name());
    } else if (plain.matches("(u|q|qu)?(int)?4(bits?)?|w4")) {
      return Optional.of(Recipe.W4A8.name());
    } else if (plain.matches("(u|q|qu)?int16|a16|16(bits?)?|int16x8|16x8")) {
      return Optional.of(Recipe.W8A16.name());
    }
    return Stream.concat(Stream.of(AUTO), Recipe.NAMES.stream())
        .filter(name -> name.length() == plain.length() && differing(name, plain) <= 1)
        .min(Comparator.comparing(name -> differing(name, plain)));
  }

  private static long differing(String one, String other) {
    return IntStream.range(0, one.length()).filter(i -> one.charAt(i) != other.charAt(i)).count();
  }
}
