package dev.halftone.cli;

import java.nio.file.Path;
import java.util.Optional;

/// Files of what was found before: it is not found anew.
record EarlierFiles(Optional<Path> statistics, Optional<Path> plan) {
  static final EarlierFiles NONE = new EarlierFiles(Optional.empty(), Optional.empty());
}
