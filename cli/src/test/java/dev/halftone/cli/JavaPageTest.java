package dev.halftone.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.halftone.data.Dataset;
import dev.halftone.data.Datasets;
import dev.halftone.data.picture.Picture;
import dev.halftone.data.picture.Preprocessing;
import dev.halftone.format.onnx.OnnxReader;
import dev.halftone.format.onnx.OnnxWriter;
import dev.halftone.graph.Model;
import dev.halftone.testing.TinyText;
import java.io.IOException;
import java.io.StringWriter;
import java.lang.reflect.InvocationTargetException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The Java code of `docs/java.md` and of the README, compiled and run as it stands there; only its paths lead into a folder, what it prints
/// is gathered, and trainings take seconds for minutes.
class JavaPageTest {

  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
  private static final Path PAGE = ROOT.resolve("docs/java.md");

  /// What the code of class comments needs beside the imports of the page.
  private static final String FURTHER =
"""
      import dev.halftone.*;
      import dev.halftone.data.*;
      import dev.halftone.data.picture.Preprocessing;
      import dev.halftone.engine.Backend;
      import dev.halftone.format.onnx.*;
      import dev.halftone.graph.Model;
import dev.halftone.testing.TinyText;
      import dev.halftone.onnxruntime.OrtRuntime;
""";

  private static final Pattern CODE = Pattern.compile("(?ms)^```java\n(.*?)^```$");

  @TempDir private Path folder;
  private Path work = Path.of("");

  @BeforeEach
  void layOut() throws IOException {
    Bundle bundle = Bundle.in(Files.createDirectories(folder.resolve("bundle")));
    work = Files.createDirectories(folder.resolve("work"));
    Files.copy(bundle.model(), work.resolve("classifier.onnx"));
    pictures(bundle, work.resolve("pictures"), 150);
    OnnxWriter.write(TinyText.encoder(), work.resolve("embedder.onnx"));
    TinyText.tokenizer(work.resolve("tokenizer.json"));
    Files.writeString(work.resolve("sentences.csv"), TinyText.pairs(60));
  }

  /// Pictures of the bundled data, with their labels.
  private static void pictures(Bundle bundle, Path into, int count) throws IOException {
    Files.createDirectories(into);
    Model model = OnnxReader.read(bundle.model());
    Dataset data =
        Datasets.open(bundle.test(), model, Preprocessing.defaultsFor(model)).spread(count);
    StringBuilder labels = new StringBuilder("file,label\n");
    for (int i = 0; i < data.size(); i++) {
      Picture picture = data.picture(i).orElseThrow();
      String name = "%03d.png".formatted(i);
      Bundle.picture(
          into.resolve(name), picture.width(), picture.height(), p -> picture.pixels()[p] & 0xFF);
      labels.append(name).append(',').append(data.label(i).orElseThrow()).append('\n');
    }
    Files.writeString(into.resolve("labels.csv"), labels);
  }

  private static List<String> code(Path page) throws IOException {
    return code(Files.readString(page));
  }

  private static List<String> code(String text) {
    List<String> blocks = new ArrayList<>();
    Matcher matcher = CODE.matcher(text);
    while (matcher.find()) {
      blocks.add(matcher.group(1));
    }
    return blocks;
  }

  private static String imports() throws IOException {
    String first = code(PAGE).getFirst();
    assertThat(first).startsWith("import ");
    return first;
  }

  /// Runs the code and gives what it printed, line by line.
  private List<String> run(String block) throws Exception {
    String code =
        block
            .replace("Path.of(\"", "at(\"")
            .replace("System.out::println", "said::add")
            .replace("System.out.println(", "said.add(\"\" + ")
            .replace("Duration.ofMinutes(", "Duration.ofSeconds(");
    String source =
        """
        %s
        public class Snippet {
          static Path folder;
          public static final List<Object> said = new java.util.ArrayList<>();
          static Path at(String name) { return folder.resolve(name); }
          public static void run(Path into) throws Exception {
            folder = into;
        %s
          }
        }
        """
            .formatted(imports() + FURTHER, code.indent(4));
    try (URLClassLoader loader = new URLClassLoader(new URL[] {compiled(source).toUri().toURL()})) {
      Class<?> snippet = loader.loadClass("Snippet");
      snippet.getMethod("run", Path.class).invoke(null, work);
      List<?> said = (List<?>) snippet.getField("said").get(null);
      return said.stream().map(String::valueOf).toList();
    } catch (InvocationTargetException e) {
      throw new AssertionError(block + "\nfailed: " + e.getCause(), e.getCause());
    }
  }

  private Path compiled(String source) throws IOException {
    Path classes = Files.createTempDirectory(folder, "classes");
    Path file = Files.writeString(classes.resolve("Snippet.java"), source);
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    StringWriter errors = new StringWriter();
    try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
      List<String> options =
          List.of(
              "-proc:none", "-d", classes.toString(), "-cp", System.getProperty("java.class.path"));
      boolean done =
          compiler
              .getTask(errors, files, null, options, null, files.getJavaFileObjects(file))
              .call();
      assertThat(done).as(source + "\n" + errors).isTrue();
    }
    return classes;
  }

  @Test
  void theCodeOfThePageRunsFromTopToBottom() throws Exception {
    List<String> blocks = code(PAGE);
    List<String> said = new ArrayList<>();
    for (String block : blocks.subList(1, blocks.size())) {
      said.addAll(run(block));
    }
    assertThat(said)
        .anyMatch(line -> line.contains("top-1"))
        .anyMatch(line -> line.contains("same answer as the float model"))
        .anyMatch(line -> line.contains("Conv="))
        .anyMatch(line -> line.matches(".*classifier-int8.onnx: [0-9.E-]+ ms, [0-9]+ bytes"));
    assertThat(Bundle.names(work)).containsAll(named(blocks));
    assertThat(Bundle.names(work)).noneMatch(name -> name.endsWith(".part"));
    assertThat(Bundle.names(work.resolve("firmware")))
        .containsExactly("classifier.c", "classifier.h");
  }

  /// The files that the code speaks of.
  private static Set<String> named(List<String> blocks) {
    return blocks.stream()
        .flatMap(block -> Pattern.compile("Path.of\\(\"([^\"]+)\"\\)").matcher(block).results())
        .map(found -> found.group(1))
        .collect(Collectors.toCollection(LinkedHashSet::new));
  }

  @Test
  void theExampleOfTheReadmeEndsWithAVerdict() throws Exception {
    List<String> blocks = code(ROOT.resolve("README.md"));
    assertThat(blocks).hasSize(1);
    assertThat(run(blocks.getFirst())).singleElement().asString().contains("top-1");
    assertThat(work.resolve("classifier-quantized.onnx")).exists();
  }

  @ParameterizedTest
  @CsvSource({
    "onnxruntime, session/Halftone, classifier-int8.onnx",
    "core, Quantizer, classifier-unmeasured.onnx"
  })
  void theExamplesOfClassesRun(String module, String name, String made) throws Exception {
    Path file = ROOT.resolve(module + "/src/main/java/dev/halftone/" + name + ".java");
    run(code(Files.readString(file).replaceAll("(?m)^/// ?", "")).getFirst());
    assertThat(work.resolve(made)).exists();
  }

  @Test
  void everyCommandHasItsTwinOnThePageInTenLinesOrSo() throws IOException {
    String page = Files.readString(PAGE);
    Stream.of("quantize", "calibrate", "compare", "inspect", "bench", "export", "finetune")
        .forEach(command -> assertThat(page).contains("\n## " + command + "\n\n```java\n"));
    assertThat(code(PAGE)).allMatch(block -> block.lines().count() <= 13);
  }
}
