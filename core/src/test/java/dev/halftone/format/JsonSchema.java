package dev.halftone.format;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.annotation.JsonGetter;
import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.io.IOException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// The JSON schema of a record as this project writes records: components, and what follows from them (read-only). Schemas that stand beside the
/// docs are compared with what is made here; with `-Dhalftone.schemas=write` they are written anew.
public final class JsonSchema {

  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
  private static final Path DOCS = Path.of("..", "docs");

  private final Map<String, ObjectNode> definitions = new TreeMap<>();

  private JsonSchema() {}

  /// Holds the file beside the docs to the record, and an example to the file.
  public static void check(String file, String title, Class<?> record, String example)
      throws IOException {
    JsonSchema schema = new JsonSchema();
    ObjectNode made = NODES.objectNode();
    made.put("$schema", "https://json-schema.org/draft/2020-12/schema");
    made.put("title", title);
    made.setAll(schema.of(record));
    ObjectNode definitions = made.putObject("$defs");
    schema.definitions.forEach(definitions::set);
    Path path = DOCS.resolve(file);
    if ("write".equals(System.getProperty("halftone.schemas"))) {
      Files.writeString(path, made.toPrettyString().replace(System.lineSeparator(), "\n") + "\n");
    }
    assertThat(JsonMapper.shared().readTree(path.toFile()))
        .as("%s: run this test with -Dhalftone.schemas=write", path)
        .isEqualTo(JsonMapper.shared().readTree(made.toString()));
    conforms(JsonMapper.shared().readTree(example), made, made, "$");
  }

  private ObjectNode of(Type type) {
    if (type instanceof ParameterizedType generic) {
      Class<?> raw = (Class<?>) generic.getRawType();
      Type[] arguments = generic.getActualTypeArguments();
      if (Collection.class.isAssignableFrom(raw)) {
        ObjectNode array = typed("array");
        array.set("items", of(arguments[0]));
        return array;
      }
      if (Map.class.isAssignableFrom(raw)) {
        ObjectNode map = typed("object");
        map.set("additionalProperties", of(arguments[1]));
        return map;
      }
      if (raw == Optional.class) {
        ObjectNode either = NODES.objectNode();
        either.putArray("anyOf").add(of(arguments[0])).add(typed("null"));
        return either;
      }
      throw new IllegalArgumentException("no schema for " + type);
    }
    Class<?> plain = (Class<?>) type;
    if (plain.isArray()) {
      ObjectNode array = typed("array");
      array.set("items", of(plain.componentType()));
      return array;
    }
    if (plain.isRecord()) {
      return record(plain);
    }
    if (plain.isEnum()) {
      ObjectNode named = NODES.objectNode();
      ArrayNode names = named.putArray("enum");
      Arrays.stream(plain.getEnumConstants()).forEach(each -> names.add(((Enum<?>) each).name()));
      return named;
    }
    return switch (plain.getSimpleName()) {
      case "String" -> typed("string");
      case "boolean", "Boolean" -> typed("boolean");
      case "int", "long", "short", "byte", "Integer", "Long" -> typed("integer");
      case "float", "double", "Float", "Double" -> number();
      case "OptionalInt", "OptionalDouble" -> {
        ObjectNode either = NODES.objectNode();
        either
            .putArray("anyOf")
            .add(plain == OptionalInt.class ? typed("integer") : number())
            .add(typed("null"));
        yield either;
      }
      default -> throw new IllegalArgumentException("no schema for " + plain);
    };
  }

  private static ObjectNode typed(String type) {
    return NODES.objectNode().put("type", type);
  }

  /// What is no finite number is written as text.
  private static ObjectNode number() {
    ObjectNode undefined = NODES.objectNode();
    undefined.putArray("enum").add("NaN").add("Infinity").add("-Infinity");
    ObjectNode either = NODES.objectNode();
    either.putArray("anyOf").add(typed("number")).add(undefined);
    return either;
  }

  private ObjectNode record(Class<?> type) {
    String name =
        type.getEnclosingClass() == null
            ? type.getSimpleName()
            : type.getEnclosingClass().getSimpleName() + "." + type.getSimpleName();
    ObjectNode reference = NODES.objectNode().put("$ref", "#/$defs/" + name);
    if (definitions.containsKey(name)) {
      return reference;
    }
    ObjectNode object = typed("object");
    definitions.put(name, object);
    ObjectNode properties = object.putObject("properties");
    List<String> required = new ArrayList<>();
    fields(type, properties, required);
    ArrayNode names = object.putArray("required");
    required.forEach(names::add);
    object.put("additionalProperties", false);
    return reference;
  }

  /// Those of an unwrapped record stand among those of the record that has it.
  private void fields(Class<?> type, ObjectNode properties, List<String> required) {
    for (RecordComponent component : type.getRecordComponents()) {
      if (component.getAccessor().isAnnotationPresent(JsonUnwrapped.class)) {
        fields(component.getType(), properties, required);
      } else {
        properties.set(component.getName(), of(component.getGenericType()));
        required.add(component.getName());
      }
    }
    Arrays.stream(type.getDeclaredMethods())
        .sorted(Comparator.comparing(Method::getName))
        .forEach(method ->
            derived(method)
                .filter(field -> !properties.has(field))
                .ifPresent(field ->
                    properties.set(
                        field, of(method.getGenericReturnType()).put("readOnly", true))));
  }

  /// The field that a method without arguments makes: a getter by annotation, or a public one that answers yes or no.
  private static Optional<String> derived(Method method) {
    if (method.isAnnotationPresent(JsonGetter.class)) {
      return Optional.of(method.getAnnotation(JsonGetter.class).value());
    }
    boolean answers =
        method.getName().matches("is[A-Z].*")
            && method.getReturnType() == boolean.class
            && method.getParameterCount() == 0
            && Modifier.isPublic(method.getModifiers())
            && !method.isAnnotationPresent(JsonIgnore.class);
    return answers
        ? Optional.of(
            method.getName().substring(2, 3).toLowerCase(Locale.ROOT)
                + method.getName().substring(3))
        : Optional.empty();
  }

  /// As much of JSON schema as is made above.
  private static void conforms(JsonNode value, JsonNode schema, JsonNode root, String at) {
    assertThat(fault(value, schema, root, at)).as(at).isEmpty();
  }

  private static Optional<String> fault(JsonNode value, JsonNode schema, JsonNode root, String at) {
    if (schema.has("$ref")) {
      return fault(value, root.at(schema.get("$ref").stringValue().substring(1)), root, at);
    }
    if (schema.has("anyOf")) {
      List<Optional<String>> faults =
          schema.get("anyOf").valueStream().map(one -> fault(value, one, root, at)).toList();
      return faults.stream().anyMatch(Optional::isEmpty) ? Optional.empty() : faults.getFirst();
    }
    if (schema.has("enum")) {
      return schema.get("enum").valueStream().anyMatch(value::equals)
          ? Optional.empty()
          : Optional.of(at + " is " + value);
    }
    return switch (schema.get("type").stringValue()) {
      case "null" -> when(value.isNull(), value, at);
      case "string" -> when(value.isString(), value, at);
      case "boolean" -> when(value.isBoolean(), value, at);
      case "integer" -> when(value.isIntegralNumber(), value, at);
      case "number" -> when(value.isNumber(), value, at);
      case "array" ->
          value.isArray()
              ? value
                  .valueStream()
                  .flatMap(item -> fault(item, schema.get("items"), root, at + "[]").stream())
                  .findFirst()
              : when(false, value, at);
      default -> object(value, schema, root, at);
    };
  }

  private static Optional<String> when(boolean fits, JsonNode value, String at) {
    return fits ? Optional.empty() : Optional.of(at + " is " + value);
  }

  private static Optional<String> object(
      JsonNode value, JsonNode schema, JsonNode root, String at) {
    if (!value.isObject()) {
      return when(false, value, at);
    }
    for (Map.Entry<String, JsonNode> field : value.properties()) {
      JsonNode known = schema.path("properties").path(field.getKey());
      JsonNode each = known.isMissingNode() ? schema.get("additionalProperties") : known;
      if (each.isBoolean()) {
        return Optional.of(at + " has " + field.getKey());
      }
      Optional<String> fault = fault(field.getValue(), each, root, at + "." + field.getKey());
      if (fault.isPresent()) {
        return fault;
      }
    }
    return schema
        .path("required")
        .valueStream()
        .map(JsonNode::stringValue)
        .filter(name -> !value.has(name))
        .map(name -> at + " lacks " + name)
        .findFirst();
  }
}
