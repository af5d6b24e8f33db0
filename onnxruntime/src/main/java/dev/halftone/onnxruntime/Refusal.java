package dev.halftone.onnxruntime;

import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtException.OrtErrorCode;
import dev.halftone.UnsupportedModelException;
import dev.halftone.UnusableInputException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// ONNX Runtime's complaints as one sentence for a reader: what is wrong, trimmed to one line, and what to do.
final class Refusal {

  private static final int MAX_REASON = 300;

  /// What ONNX Runtime wraps around its reasons: its error code, our own path, its source lines and checks.
  private static final Pattern WRAPPING =
      Pattern.compile(
          "^Error code - \\w+ - message: "
              + "|^Load model from .*? failed: ?"
              + "|/onnxruntime_src/\\S+:\\d+ .*? was false\\. ?"
              + "|/onnxruntime_src/\\S+:\\d+ .*?\\)(?: const)? (?=[A-Z])"
              + "|/onnxruntime_src/\\S+:\\d+ "
              + "|\\b\\w+\\.(?:cc|h):\\d+ \\w+ "
              + "|Non-zero status code returned while running (?=\\w+ node)"
              + "|ONNX Runtime only \\*guarantees\\* support for models stamped with official released onnx opset versions\\. "
              + "| and support for this is limited\\. The operator schemas .*? backward compatibility(?=\\.)"
              + "|Fatal error: |This is an invalid model\\. (?:Error: )?|Invalid model\\. |Status Message: ");

  private static final Pattern TOO_NEW =
      Pattern.compile("Unsupported model IR version|Current official support for domain");
  private static final Pattern UNKNOWN_OPERATION =
      Pattern.compile("is not a registered function/op|No Op registered for|No opset import for");
  private static final Pattern EXTERNAL_DATA = Pattern.compile("(?i)external data");

  private Refusal() {}

  /// @param model how to speak of the model to a reader
  /// @param runtime name and version
  static UnusableInputException ofModel(String model, String runtime, OrtException e) {
    String reason = oneLine(e);
    if (e.getCode() == OrtErrorCode.ORT_INVALID_PROTOBUF
        || reason.startsWith("ModelProto does not have a graph")) {
      return new UnusableInputException(
          "%s is no ONNX model, or a damaged one: export or download it again".formatted(model), e);
    }
    if (matches(TOO_NEW, reason)) {
      return unsupported(
          "%s is newer than %s can read (%s): export it for an older ONNX version",
          e, model, runtime, reason);
    }
    if (matches(UNKNOWN_OPERATION, reason)) {
      return unsupported(
          "%s holds an operation that %s does not have (%s): export it with standard operations",
          e, model, runtime, reason);
    }
    if (e.getCode() == OrtErrorCode.ORT_NOT_IMPLEMENTED) {
      return unsupported(
          "%s holds something that %s cannot run on the CPU (%s): export it in float32 and with tensors only",
          e, model, runtime, reason);
    }
    if (matches(EXTERNAL_DATA, reason)) {
      return new UnusableInputException(
          "%s keeps weights in a file that %s cannot read (%s): put that file beside the model, whole and under its own name"
              .formatted(model, runtime, reason),
          e);
    }
    return new UnusableInputException(
        "%s refuses %s (%s): correct the model where this points, or export it again"
            .formatted(runtime, model, reason),
        e);
  }

  static UnusableInputException ofRun(String model, String runtime, OrtException e) {
    String reason = oneLine(e);
    return e.getCode() == OrtErrorCode.ORT_NOT_IMPLEMENTED
        ? unsupported(
            "%s holds something that %s cannot run on the CPU (%s): export it in float32",
            e, model, runtime, reason)
        : new UnusableInputException(
            "%s cannot run %s on this input (%s): feed shapes and values that the model is made for"
                .formatted(runtime, model, reason),
            e);
  }

  /// The reason without its wrapping, on one line of at most 300 characters.
  static String oneLine(Throwable e) {
    String text = String.valueOf(e.getMessage()).replaceAll("\\s+", " ");
    for (Matcher matcher = WRAPPING.matcher(text); matcher.find(); ) {
      text = text.substring(0, matcher.start()) + text.substring(matcher.end());
      matcher.reset(text);
    }
    text = text.strip().replaceAll("\\.$", "");
    return text.length() <= MAX_REASON ? text : text.substring(0, MAX_REASON).strip() + " ...";
  }

  private static boolean matches(Pattern pattern, String text) {
    return pattern.matcher(text).find();
  }

  private static UnsupportedModelException unsupported(
      String sentence, OrtException e, String model, String runtime, String reason) {
    UnsupportedModelException unsupported =
        new UnsupportedModelException(sentence.formatted(model, runtime, reason));
    unsupported.initCause(e);
    return unsupported;
  }
}
