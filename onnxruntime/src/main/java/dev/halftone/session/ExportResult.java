package dev.halftone.session;

import dev.halftone.DeviceFormat;
import dev.halftone.format.AtomicFile;
import dev.halftone.recipe.Recipe;
import dev.halftone.recipe.RecipeFile;
import dev.halftone.verify.Comparison;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;

/// A network for a device, measured beside the float model. Nothing is written before [#write] is called.
///
/// @param <N> a network in the form that the device takes
public final class ExportResult<N extends DeviceFormat.Network> {

  private final N network;
  private final Comparison comparison;
  private final RecipeFile used;
  private final List<String> missed;
  private final Words words;
  private final Function<OutputFiles, DeviceFiles> placed;

  /// A recipe that was tried where neither speed nor size tells recipes apart.
  ///
  /// @param quality of its answers beside the float model's on held-out samples, in words
  /// @param isGood whether that is as close as was wanted
  public record Attempt(String recipe, String quality, boolean isGood, boolean isChosen) {}

  /// What a reader must know.
  record Words(List<String> assumed, List<Attempt> tried, List<String> search) {}

  ExportResult(
      N network,
      Comparison comparison,
      RecipeFile used,
      List<String> missed,
      Words words,
      Function<OutputFiles, DeviceFiles> placed) {
    this.network = network;
    this.comparison = comparison;
    this.used = used;
    this.missed = List.copyOf(missed);
    this.words = words;
    this.placed = placed;
  }

  /// The network in the form that the device takes.
  public N network() {
    return network;
  }

  /// The answers of the device's integers beside those of the float model.
  public Comparison comparison() {
    return comparison;
  }

  /// The same in a few numbers.
  public Fidelity fidelity() {
    return Fidelity.of(comparison);
  }

  /// The recipe that was used, be it asked for or found.
  public Recipe recipe() {
    return used.recipe();
  }

  /// The limits of flash and memory that the network exceeds, each in a clause; none where it keeps to all.
  public List<String> missed() {
    return missed;
  }

  /// Sentences that say what was given and what was guessed.
  public List<String> assumed() {
    return words.assumed();
  }

  /// What a search tried, in that order.
  public List<Attempt> tried() {
    return words.tried();
  }

  /// Sentences on the search; none where there was none.
  public List<String> searchNotes() {
    return words.search();
  }

  /// Writes the network. Throws IllegalStateException where it exceeds a limit, UnusableInputException where a file is there already or
  /// cannot be written.
  ///
  /// @param destination the file, or the folder for several
  public void write(Path destination) {
    write(OutputFiles.model(destination));
  }

  /// Writes the network and, where it is wanted, the recipe.
  ///
  /// @param files of which the model is the file or the folder that the form takes
  public void write(OutputFiles files) {
    if (!missed.isEmpty()) {
      throw new IllegalStateException(
          "%s, so nothing was written".formatted(String.join(" and ", missed)));
    }
    placed.apply(files).write(network.contents());
    files.recipe().ifPresent(file -> AtomicFile.write(file, files.replaces(), used.bytes()));
  }
}
