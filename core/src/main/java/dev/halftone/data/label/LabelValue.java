package dev.halftone.data.label;

import dev.halftone.UnusableInputException;
import java.util.OptionalInt;

/// Understands what stands in a table as the label of a sample: the number of a class, or the name of one.
public record LabelValue(Labelling labelling) {

  /// The class; empty where nothing is said, or where it is not understood and need not be.
  ///
  /// @param where begins the sentence of an error, as in `labels.csv, line 3`
  public OptionalInt of(String value, String where) {
    if (value.isEmpty()) {
      return OptionalInt.empty();
    }
    if (ClassList.isNumber(value)) {
      return OptionalInt.of(Integer.parseInt(value));
    }
    OptionalInt named = labelling.classes().indexOf(value);
    if (named.isEmpty() && labelling.isNeeded()) {
      throw new UnusableInputException(
          where
              + " has label '"
              + value
              + "', which is no class number (a whole number from 0 on)"
              + ClassNameHelp.noName(labelling.classes()));
    }
    return named;
  }
}
