package dev.halftone.text;

import dev.halftone.UnusableInputException;
import dev.halftone.text.TextTable.Row;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Reads texts that are JSON values behind each other, one a line, or one array of them: strings, or objects whose keys are columns.
final class JsonTexts {

  /// The column that strings stand in.
  private static final String TEXT = "text";

  private JsonTexts() {}

  static TextTable read(Path file) throws IOException {
    List<Long> lines = new ArrayList<>();
    List<Map<String, String>> objects = new ArrayList<>();
    Set<String> columns = new LinkedHashSet<>();
    RowCollector room = new RowCollector();
    boolean isWhole = true;
    try (BufferedReader reader = Utf8.reader(file);
        JsonParser parser = JsonMapper.shared().createParser(reader)) {
      for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
        if (token == JsonToken.START_ARRAY || token == JsonToken.END_ARRAY) {
          continue; // around all values
        }
        long line = parser.currentTokenLocation().getLineNr();
        Map<String, String> fields = fields(parser.readValueAsTree(), file, line);
        isWhole = room.add(new Row(line, List.copyOf(fields.values())));
        if (!isWhole) {
          break;
        }
        lines.add(line);
        objects.add(fields);
        columns.addAll(fields.keySet());
      }
    } catch (JacksonException e) {
      throw new UnusableInputException(
          "%s, line %d is no JSON (%s): give an object or a string a line, as in {\"text\": \"...\"}"
              .formatted(
                  file,
                  e.getLocation() == null ? 1 : e.getLocation().getLineNr(),
                  e.getOriginalMessage().replaceFirst(" \\(start marker.*", "")),
          e);
    }
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < objects.size(); i++) {
      Map<String, String> fields = objects.get(i);
      rows.add(
          new Row(
              lines.get(i),
              columns.stream().map(column -> fields.getOrDefault(column, "")).toList()));
    }
    return new TextTable(file, List.copyOf(columns), rows, isWhole);
  }

  private static Map<String, String> fields(JsonNode value, Path file, long line) {
    if (value.isString()) {
      return Map.of(TEXT, value.stringValue());
    }
    if (!value.isObject()) {
      throw new UnusableInputException(
          "%s, line %d holds neither a JSON object nor a string: give one a line, as in {\"text\": \"...\"}"
              .formatted(file, line));
    }
    Map<String, String> fields = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> field : value.properties()) {
      JsonNode content = field.getValue();
      if (content.isString() || content.isNumber() || content.isBoolean()) {
        fields.put(field.getKey().toLowerCase(Locale.ROOT), content.asString());
      }
    }
    return fields;
  }
}
