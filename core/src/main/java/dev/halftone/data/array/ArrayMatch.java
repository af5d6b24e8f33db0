package dev.halftone.data.array;

import dev.halftone.UnusableInputException;
import dev.halftone.data.label.FolderListing;
import dev.halftone.tensor.Tensor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Pairs the arrays of a file with the inputs that they feed.
final class ArrayMatch {

  /// Names that the one input's array may have among others.
  private static final List<String> USUAL = List.of("images", "x");

  private ArrayMatch() {}

  /// The arrays of a `.npz` file by name, or the one of a `.npy` file under the name of the file.
  ///
  /// @param inputs names of the model's inputs: arrays that cannot matter are not read
  static Map<String, Tensor> read(Path file, Set<String> inputs) {
    requireFile(file);
    if (!FolderListing.extension(file).equals("npz")) {
      return Map.of(String.valueOf(file.getFileName()), Npy.read(file));
    }
    boolean any = inputs.size() == 1;
    return Npy.readZip(
        file, name -> any || inputs.contains(name) || ArrayLabels.NAMES.contains(name));
  }

  /// What can be labels among the arrays of a `.npz` file, without reading the others; a `.npy` file has none.
  ///
  /// @param inputs names of the model's inputs, which are no labels
  static Map<String, Tensor> labels(Path file, Set<String> inputs) {
    requireFile(file);
    return FolderListing.extension(file).equals("npz")
        ? Npy.readZip(file, name -> ArrayLabels.NAMES.contains(name) && !inputs.contains(name))
        : Map.of();
  }

  private static void requireFile(Path file) {
    if (!Files.isRegularFile(file)) {
      throw new UnusableInputException(
          "there is no file " + file + ": give the path of a .npy or .npz file");
    }
  }

  static Map<ArrayInput, Tensor> match(
      List<ArrayInput> inputs, Map<String, Tensor> arrays, Path file) {
    Map<String, Tensor> data = new LinkedHashMap<>(arrays);
    Set<String> names = Set.copyOf(inputs.stream().map(ArrayInput::name).toList());
    ArrayLabels.name(arrays.keySet(), names).ifPresent(data::remove);
    Map<ArrayInput, Tensor> matched = new LinkedHashMap<>();
    for (ArrayInput input : inputs) {
      matched.put(input, find(input, inputs.size() == 1, data, file));
    }
    return matched;
  }

  private static Tensor find(ArrayInput input, boolean only, Map<String, Tensor> data, Path file) {
    Tensor named = data.get(input.name());
    if (named != null) {
      return named;
    }
    if (only && data.size() == 1) {
      return data.values().iterator().next();
    }
    for (String usual : USUAL) {
      Tensor tensor = data.get(usual);
      if (only && tensor != null) {
        return tensor;
      }
    }
    throw new UnusableInputException(
        file
            + " has no array for the model's input '"
            + input.name()
            + "' ("
            + input.input().type()
            + "), only "
            + (data.isEmpty() ? "none" : String.join(", ", data.keySet()))
            + ": save an .npz file with arrays named as the inputs are");
  }
}
