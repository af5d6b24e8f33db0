package dev.halftone.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.halftone.Networks;
import dev.halftone.UnusableInputException;
import dev.halftone.calibrate.Seen;
import dev.halftone.calibrate.Statistics;
import dev.halftone.calibrate.TensorStatistics;
import dev.halftone.device.Devices;
import dev.halftone.format.JsonSchema;
import dev.halftone.graph.Model;
import dev.halftone.graph.shape.ShapeInference;
import dev.halftone.recipe.Recipe;
import dev.halftone.recipe.Rule;
import dev.halftone.tensor.Tensor;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PlanFileTest {

  private static final Model MODEL = model(4);
  private static final Plan PLAN = plan(MODEL);

  @TempDir private Path folder;

  private static Model model(int width) {
    return Networks.input(3, -1, 3, 8, 8)
        .conv("c", 3, width, 3, 1)
        .relu6("r")
        .constant("one", Tensor.vector(1f / 3))
        .constant("half", Tensor.scalar(0.5f))
        .op("Add", "sum", "r", "one")
        .op("Mul", "m", "sum", "half")
        .op("Tanh", "t", "m")
        .conv("d", width, width, 3, width)
        .head("h", width, 5)
        .model();
  }

  private static Plan plan(Model model) {
    Recipe recipe =
        Recipe.W8A8.overriding(List.of(Rule.weights("d", 3), Rule.activations("sum", 16)));
    Placement placement = Placer.place(model.graph(), ShapeInference.infer(model).all(), recipe);
    Map<String, TensorStatistics> seen = new TreeMap<>();
    float shift = 0;
    for (String tensor : placement.observed()) {
      seen.put(tensor, Seen.of(-0.1f - shift, 1, 0.7f + (shift += 0.01f)));
    }
    return Planner.plan(
        model.graph(), placement, new Statistics(1, new TreeMap<>(seen), List.of()), recipe, 1);
  }

  @Test
  void comesBackAsItWas() throws IOException {
    Path file = folder.resolve("plan.json");
    Files.write(file, PlanFile.bytes(PLAN));
    Plan read = PlanFile.read(file, MODEL.graph(), Devices.ONNX_RUNTIME_CPU);
    assertThat(PLAN.rescaled()).isNotEmpty();
    assertThat(PLAN.constants()).isNotEmpty();
    assertThat(PLAN.keptFloat()).isNotEmpty();
    assertThat(PLAN.absorbed()).isNotEmpty();
    assertThat(read).isEqualTo(PLAN);
    assertThat(read.activations().keySet()).containsExactlyElementsOf(PLAN.activations().keySet());
    assertThat(PlanFile.bytes(read)).isEqualTo(PlanFile.bytes(PLAN));
  }

  @Test
  void typesAreWrittenForAReader() {
    assertThat(new String(PlanFile.bytes(PLAN), java.nio.charset.StandardCharsets.UTF_8))
        .contains("\"uint8 0..255\"")
        .contains("\"uint16 0..65535\"")
        .contains("\"int8 -4..3\"")
        .endsWith("}\n");
  }

  @Test
  void thePlanOfAnotherModelIsRefused() throws IOException {
    Path file = folder.resolve("plan.json");
    Files.write(file, PlanFile.bytes(PLAN));
    assertThatThrownBy(() -> PlanFile.read(file, model(8).graph(), Devices.ONNX_RUNTIME_CPU))
        .isInstanceOf(UnusableInputException.class)
        .hasMessageContaining("is the plan for another model, for tensor c is made otherwise");
  }

  @Test
  void anythingElseIsRefusedInOneSentence() throws IOException {
    Path file = folder.resolve("plan.json");
    String good = new String(PlanFile.bytes(PLAN), java.nio.charset.StandardCharsets.UTF_8);
    for (String content :
        List.of(
            "",
            "null",
            "hello",
            "{}",
            "{\"schemaVersion\":1,\"plan\":null}",
            "{\"schemaVersion\":99,\"plan\":" + good.substring(good.indexOf("\"plan\"") + 9),
            good.replace("uint8 0..255", "uint8"),
            good.replace("uint8 0..255", "byte 0..255"),
            good.replaceFirst("\"zeroPoint\" : \\d+", "\"zeroPoint\" : 256"),
            good.replaceFirst("\"node\" : \"c\"", "\"node\" : null"),
            good.substring(0, good.length() / 2))) {
      Files.writeString(file, content);
      assertThatThrownBy(() -> PlanFile.read(file, MODEL.graph(), Devices.ONNX_RUNTIME_CPU))
          .as(content)
          .isInstanceOf(UnusableInputException.class)
          .hasMessageContaining("halftone quantize MODEL --plan");
    }
    assertThatThrownBy(
            () -> PlanFile.read(folder.resolve("absent"), MODEL.graph(), Devices.ONNX_RUNTIME_CPU))
        .isInstanceOf(UnusableInputException.class);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "\"scale\" : [0-9.E-]+ | \"scale\" : -1.0 | plan.activations.input: scale is a positive number, not -1.0",
        "\"scale\" : [0-9.E-]+ | \"scale\" : 1e999 | plan.activations.input: scale is a positive number, not Infinity",
        "\"scale\" : [0-9.E-]+ | \"scale\" : \"NaN\" | plan.activations.input: scale is a positive number, not NaN",
        "\"scale\" : [0-9.E-]+ | \"scale\" : null | plan.activations.input.scale",
        "\"scale\" : [0-9.E-]+ | \"scala\" : 1 | plan.activations.input.scal",
        "\"outputAxis\" : 0 | \"outputAxis\" : 0, \"colour\" : 1 | plan.layers[0].colour is not known",
        "\"recipe\" : | \"colour\" : 1, \"recipe\" : | plan.colour is not known",
        "\"outputAxis\" : 0 | \"outputAxes\" : 0 | plan.layers[0].outputAx",
        "\"absorbed\" : | \"absorbs\" : | plan.absorb",
        "\"form\" : \"[^\"]*\", | `` | plan.layers[0].form is missing",
        "\"zeroPoint\" : \\d+ | \"zeroPoint\" : 256 | plan.activations.input: zeroPoint is 0 to 255, not 256",
        "\"zeroPoint\" : \\d+ | \"zeroPoint\" : 1.5 | plan.activations.input.zeroPoint",
        "\"zeroPoint\" : \\d+ | \"zeroPoint\" : 99999999999 | 99999999999",
        "uint8 0..255 | uint8 0..511 | plan.activations.input: type has integers from 0 to 255 at most",
        "uint8 0..255 | int9 0..511 | plan.activations.input: type is as in uint8 0..255, not int9",
        "int8 -127..127 | int8 -300..300 | plan.layers[0]: type has integers from -128 to 127",
        "int8 -127..127 | uint8 0..100 | plan.layers[0]: type is that of weights, as in",
        "\"input\" : \\{ | \"nowhere\" : { | names tensor nowhere in field plan.activations",
        "\"input\" : \\{ | \"input\" : null, \"y\" : { | plan.activations.input",
        "\"tensor\" : \"input\" | \"tensor\" : \"nowhere\" | names tensor nowhere in field plan.ranges",
        "\"one\" : \\{ | \"three\" : { | names tensor three in field plan.constants",
        "\"m\" : \"sum\" | \"m\" : \"none\" | names tensor none in field plan.rescaled",
        "\"weight\" : \"\\w+[^,]*\" | \"weight\" : \"w\" | and not w",
        "\"parameters\" : \\d+ | \"parameters\" : -1 | plan.layers, parameters is 108 and not -1",
        "\"outputAxis\" : 0 | \"outputAxis\" : 1 | plan.layers, outputAxis is 0 and not 1",
        "\"outputAxis\" : 0 | \"outputAxis\" : \"a\" | plan.layers[0].outputAxis",
        "\"form\" : \"static\" | \"form\" : \"odd\" | form is static, product, folded, rows",
        "\"scales\" : \"ANY\" | \"scales\" : \"SOME\" | plan.layers[0].scales",
        "\"recipe\" : \"w8a8\", | `` | plan.recipe is missing or null",
      })
  void oneWrongFieldIsNamed(String good, String bad, String field) throws IOException {
    String text = new String(PlanFile.bytes(PLAN), java.nio.charset.StandardCharsets.UTF_8);
    String edited = text.replaceFirst(good, java.util.regex.Matcher.quoteReplacement(bad));
    assertThat(edited).isNotEqualTo(text);
    Path file = Files.writeString(folder.resolve("plan.json"), edited);
    assertThatThrownBy(() -> PlanFile.read(file, MODEL.graph(), Devices.ONNX_RUNTIME_CPU))
        .isInstanceOf(UnusableInputException.class)
        .hasMessageContaining(field)
        .hasMessageContaining("halftone quantize MODEL --plan");
  }

  @Test
  void theSchemaBesideTheDocsIsThatOfTheFile() throws IOException {
    JsonSchema.check(
        "plan.schema.json",
        "Plan of halftone, schema 4",
        PlanFile.Content.class,
        new String(PlanFile.bytes(PLAN), StandardCharsets.UTF_8));
  }
}
