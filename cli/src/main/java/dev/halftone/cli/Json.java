package dev.halftone.cli;

import dev.halftone.format.JsonOrder;

/// Results for programs.
final class Json {

  /// Of every result: a field that is taken away or changes its meaning makes it grow.
  static final int SCHEMA_VERSION = 1;

  private Json() {}

  static String text(Object result) {
    return JsonOrder.MAPPER.writeValueAsString(result);
  }
}
