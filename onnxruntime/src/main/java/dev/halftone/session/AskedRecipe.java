package dev.halftone.session;

import dev.halftone.recipe.Recipe;
import dev.halftone.recipe.RecipeFile;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.UnaryOperator;

/// The recipe of a request, and what its file says of pictures.
///
/// @param preprocessing counts where the samples say nothing
/// @param origin the file, for a reader; empty where there is none
record AskedRecipe(Recipe recipe, Optional<String> preprocessing, String origin) {

  static final AskedRecipe DEFAULT = of(Recipe.W8A8);

  static AskedRecipe of(Recipe recipe) {
    return new AskedRecipe(recipe, Optional.empty(), "");
  }

  static AskedRecipe read(Path file) {
    RecipeFile read = RecipeFile.read(file);
    return new AskedRecipe(read.recipe(), read.preprocessing(), file + ": ");
  }

  /// The same; where nothing else was asked for, called as the search.
  AskedRecipe namedForSearch() {
    return recipe.equals(Recipe.W8A8) ? changed(plain -> plain.withName("auto")) : this;
  }

  AskedRecipe changed(UnaryOperator<Recipe> change) {
    return new AskedRecipe(change.apply(recipe), preprocessing, origin);
  }
}
