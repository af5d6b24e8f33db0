package dev.halftone.session;

import dev.halftone.recipe.Recipe;
import dev.halftone.recipe.RecipeFile;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.UnaryOperator;

/// The recipe of a request, and what its file says of pictures.
///
/// @param named the recipe that was asked for; empty where none was, so that the model decides
/// @param change what was asked for besides
/// @param preprocessing counts where the samples say nothing
/// @param origin the file, for a reader; empty where there is none
record AskedRecipe(
    Optional<Recipe> named,
    UnaryOperator<Recipe> change,
    Optional<String> preprocessing,
    String origin) {

  static final AskedRecipe DEFAULT =
      new AskedRecipe(Optional.empty(), UnaryOperator.identity(), Optional.empty(), "");

  static AskedRecipe of(Recipe recipe) {
    return new AskedRecipe(Optional.of(recipe), UnaryOperator.identity(), Optional.empty(), "");
  }

  static AskedRecipe read(Path file) {
    RecipeFile read = RecipeFile.read(file);
    return new AskedRecipe(
        Optional.of(read.recipe()), UnaryOperator.identity(), read.preprocessing(), file + ": ");
  }

  /// The recipe with all that was asked for.
  ///
  /// @param otherwise where none was
  Recipe or(Recipe otherwise) {
    return change.apply(named.orElse(otherwise));
  }

  /// The same; where nothing else was asked for, called as the search.
  AskedRecipe namedForSearch() {
    return changed(recipe -> recipe.equals(Recipe.W8A8) ? recipe.withName("auto") : recipe);
  }

  AskedRecipe changed(UnaryOperator<Recipe> other) {
    return new AskedRecipe(
        named, recipe -> other.apply(change.apply(recipe)), preprocessing, origin);
  }
}
