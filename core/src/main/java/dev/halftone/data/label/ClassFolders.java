package dev.halftone.data.label;

import dev.halftone.UnusableInputException;
import dev.halftone.wording.Counted;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/// The classes of subfolders: by number, where all names are numbers; by name, where there is a list of names; else by the
/// alphabet, where there are as many subfolders as classes.
///
/// @param labels by the subfolder's name; none where its class is not known
/// @param names of classes by number; an empty name is not known
record ClassFolders(Map<String, Integer> labels, List<String> notes, List<String> names) {

  private static final ClassFolders NONE = new ClassFolders(Map.of(), List.of(), List.of());

  /// @param all subfolders, sorted
  /// @param filled those of them that hold samples
  static ClassFolders of(Path folder, List<String> all, List<String> filled, Labelling labelling) {
    if (!labelling.isRead() || filled.isEmpty()) {
      return NONE;
    }
    if (filled.stream().allMatch(ClassList::isNumber)) {
      Map<String, Integer> labels = new HashMap<>();
      filled.forEach(name -> labels.put(name, Integer.parseInt(name)));
      return new ClassFolders(labels, List.of(), List.of());
    }
    if (!labelling.classes().names().isEmpty()) {
      return byName(folder, filled, labelling);
    }
    int count = labelling.classes().count();
    if (count == 0 || count == all.size()) {
      return byAlphabet(all);
    }
    if (labelling.isNeeded()) {
      throw new UnusableInputException(
          "folder %s has %s (%s) and the model %d classes, so there is no telling which class each of them is: name them by the numbers of their classes, give the names of all classes with --classes FILE (a name a line, in the order of the classes), or leave labels out with --no-labels"
              .formatted(
                  folder,
                  Counted.of(all.size(), "subfolder"),
                  new ClassList(all, 0, "").text(),
                  count));
    }
    return NONE;
  }

  private static ClassFolders byName(Path folder, List<String> filled, Labelling labelling) {
    Map<String, Integer> labels = new HashMap<>();
    for (String name : filled) {
      OptionalInt index = labelling.classes().indexOf(name);
      if (index.isEmpty() && labelling.isNeeded()) {
        throw new UnusableInputException(
            "the subfolder '%s' of %s is no class number%s"
                .formatted(name, folder, ClassNameHelp.noName(labelling.classes())));
      }
      index.ifPresent(number -> labels.put(name, number));
    }
    return new ClassFolders(
        labels,
        List.of(
            "Labels: subfolders by the names of classes in %s."
                .formatted(labelling.classes().origin())),
        List.of());
  }

  private static ClassFolders byAlphabet(List<String> all) {
    Map<String, Integer> labels = new HashMap<>();
    List<String> numbered = new ArrayList<>();
    for (int i = 0; i < all.size(); i++) {
      labels.put(all.get(i), i);
      numbered.add(all.get(i) + " = " + i);
    }
    String shown =
        numbered.size() > 4
            ? numbered.get(0) + ", " + numbered.get(1) + ", ..., " + numbered.getLast()
            : String.join(", ", numbered);
    return new ClassFolders(
        labels,
        List.of(
            "Labels were guessed: subfolders are numbered by the alphabet (%s); --classes FILE gives another order."
                .formatted(shown)),
        Collections.unmodifiableList(all));
  }

  OptionalInt label(String folder) {
    Integer label = labels.get(folder);
    return label == null ? OptionalInt.empty() : OptionalInt.of(label);
  }
}
