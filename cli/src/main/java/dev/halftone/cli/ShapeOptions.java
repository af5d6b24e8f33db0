package dev.halftone.cli;

import dev.halftone.tensor.Shape;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// Shapes that a model leaves open.
final class ShapeOptions {

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @Option(
      names = "--shape",
      paramLabel = "INPUT=SHAPE",
      description =
          "The shape of an input that the model leaves open, as in images=1x3x224x224. May be given several times. An open first extent is 1 where nothing is said.")
  private Map<String, String> shapes = new LinkedHashMap<>();

  Map<String, Shape> byInput() {
    Map<String, Shape> known = new LinkedHashMap<>();
    shapes.forEach((input, text) -> known.put(input, shape(text)));
    return known;
  }

  private Shape shape(String text) {
    if (!text.matches("[1-9][0-9]{0,8}([x,][1-9][0-9]{0,8})*")) {
      throw new ParameterException(
          spec.commandLine(),
          "--shape takes positive extents, as in images=1x3x224x224, not " + text);
    }
    long[] extents = Arrays.stream(text.split("[x,]")).mapToLong(Long::parseLong).toArray();
    if (!Shape.isPossible(extents)) {
      throw new ParameterException(
          spec.commandLine(), "--shape " + text + " is larger than any machine");
    }
    return new Shape(extents);
  }
}
