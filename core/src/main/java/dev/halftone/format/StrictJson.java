package dev.halftone.format;

import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.exc.InputCoercionException;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.cfg.MapperConfig;
import tools.jackson.databind.introspect.AnnotatedMember;
import tools.jackson.databind.introspect.JacksonAnnotationIntrospector;
import tools.jackson.databind.json.JsonMapper;

/// JSON that this toolkit wrote and a person may have edited: every field that is not optional is there, once, known, and of its type, or the fault names it.
public final class StrictJson {

  private static final int LONGEST = 200;

  private static final Pattern ABSENT =
      Pattern.compile("(?:Null value for|Missing(?: required)?) creator property '([^']*)'.*");
  private static final Pattern UNKNOWN = Pattern.compile("Unrecognized property \"([^\"]*)\".*");
  private static final Pattern DUPLICATE = Pattern.compile("Duplicate Object property .*");

  /// Fields that came later are Optional, or say what they are where they are null: only those may be absent.
  private static final JacksonAnnotationIntrospector REQUIRED =
      new JacksonAnnotationIntrospector() {
        @Override
        public Boolean hasRequiredMarker(MapperConfig<?> config, AnnotatedMember member) {
          return !Optional.class.equals(member.getRawType())
              && !member.hasAnnotation(JsonSetter.class);
        }
      };

  private StrictJson() {}

  /// The builder, so that what it builds reads nothing else.
  public static JsonMapper.Builder strict(JsonMapper.Builder builder) {
    return builder
        .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
        .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
        .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
        .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
        .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
        .annotationIntrospector(REQUIRED)
        .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
        .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
        .changeDefaultNullHandling(_ -> JsonSetter.Value.forContentNulls(Nulls.FAIL));
  }

  /// What is wrong, in a clause that names the field.
  public static String fault(JacksonException e) {
    String field = field(e.getPath());
    String message = first(e);
    if (e instanceof StreamReadException) {
      String line = e.getLocation() == null ? "" : " at line " + e.getLocation().getLineNr();
      String what =
          DUPLICATE.matcher(message).matches()
              ? "a field stands twice"
              : e instanceof InputCoercionException || e instanceof StreamConstraintsException
                  ? message
                  : "it is no JSON";
      return (field.isEmpty() ? "" : "field " + field + ": ") + what + line;
    }
    Matcher absent = ABSENT.matcher(message);
    if (absent.matches()) {
      return "field " + within(field, absent.group(1)) + " is missing or null";
    }
    Matcher unknown = UNKNOWN.matcher(message);
    if (unknown.matches()) {
      return "field " + within(field, unknown.group(1)) + " is not known";
    }
    Throwable cause = e.getCause();
    String why =
        cause instanceof IllegalArgumentException && cause.getMessage() != null
            ? cause.getMessage()
            : message;
    return (field.isEmpty() ? "" : "field " + field + ": ")
        + (why.length() > LONGEST ? why.substring(0, LONGEST) + "..." : why);
  }

  private static String first(JacksonException e) {
    return String.valueOf(e.getOriginalMessage())
        .lines()
        .findFirst()
        .orElse("")
        .replaceAll("`(?:\\w+\\.)*([^`]*)`", "$1")
        .replaceAll(" \\((?:set|but) .*", "");
  }

  private static String within(String field, String name) {
    return field.isEmpty() || field.equals(name) || field.endsWith("." + name)
        ? field.isEmpty() ? name : field
        : field + "." + name;
  }

  private static String field(List<JacksonException.Reference> path) {
    StringBuilder field = new StringBuilder();
    for (JacksonException.Reference step : path) {
      if (step.getPropertyName() == null) {
        field.append('[').append(step.getIndex()).append(']');
      } else {
        field.append(field.isEmpty() ? "" : ".").append(step.getPropertyName());
      }
    }
    return field.toString();
  }
}
