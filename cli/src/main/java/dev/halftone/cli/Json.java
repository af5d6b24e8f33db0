package dev.halftone.cli;

import dev.halftone.format.JsonOrder;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/// Results for programs.
final class Json {

  /// Of every result: a field that is taken away or changes its meaning makes it grow.
  static final int SCHEMA_VERSION = 1;

  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .addModule(JsonOrder.module())
          .disable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
          .enable(SerializationFeature.INDENT_OUTPUT)
          .build();

  private Json() {}

  static String text(Object result) {
    return MAPPER.writeValueAsString(result);
  }
}
