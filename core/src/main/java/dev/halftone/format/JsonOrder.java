package dev.halftone.format;

import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import tools.jackson.databind.BeanDescription;
import tools.jackson.databind.SerializationConfig;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.module.SimpleModule;
import tools.jackson.databind.ser.BeanPropertyWriter;
import tools.jackson.databind.ser.ValueSerializerModifier;

/// An order of JSON fields that is the same in every run: the components of a record as they are declared, then what follows from them by
/// the alphabet. Reflection hands out methods in an order that changes.
public final class JsonOrder {

  /// Writes indented JSON for programs, and reads it.
  public static final JsonMapper MAPPER =
      JsonMapper.builder()
          .addModule(new SimpleModule("order of fields").setSerializerModifier(new Ordered()))
          .enable(SerializationFeature.INDENT_OUTPUT)
          .build();

  private JsonOrder() {}

  private static final class Ordered extends ValueSerializerModifier {

    private static final long serialVersionUID = 1;

    @Override
    public List<BeanPropertyWriter> orderProperties(
        SerializationConfig config,
        BeanDescription.Supplier type,
        List<BeanPropertyWriter> properties) {
      RecordComponent[] components = type.getBeanClass().getRecordComponents();
      List<String> declared =
          components == null
              ? List.of()
              : Arrays.stream(components).map(RecordComponent::getName).toList();
      return properties.stream()
          .sorted(
              Comparator.comparingInt(
                      (BeanPropertyWriter property) -> place(declared, property.getName()))
                  .thenComparing(BeanPropertyWriter::getName))
          .toList();
    }

    private static int place(List<String> declared, String name) {
      int place = declared.indexOf(name);
      return place < 0 ? declared.size() : place;
    }
  }
}
