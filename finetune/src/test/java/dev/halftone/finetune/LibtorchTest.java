package dev.halftone.finetune;

import static org.assertj.core.api.Assertions.assertThat;

import dev.halftone.Networks;
import dev.halftone.device.Devices;
import dev.halftone.form.StaticIntegers;
import dev.halftone.graph.Model;
import dev.halftone.graph.Node;
import dev.halftone.plan.Layer;
import dev.halftone.scheme.Affine;
import dev.halftone.scheme.QuantizedType;
import dev.halftone.tensor.Shape;
import java.io.IOException;
import java.net.JarURLConnection;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import org.bytedeco.javacpp.Loader;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Each way to the library on a machine that never ran it, in a process of its own with an empty cache: in this process the library may
/// be unpacked and loaded already, and what crashes there works here.
class LibtorchTest {

  @TempDir private Path cache;

  /// What the training touches first.
  enum Door {
    THREADS {
      @Override
      void open() {
        Libtorch.threads(2);
      }
    },
    NO_GRADIENTS {
      @Override
      void open() {
        Libtorch.withoutGradients().close();
      }
    },
    PAIR_LIMIT {
      @Override
      void open() {
        Model model = Networks.input(1, 8, 4, 4).conv("conv", 8, 4, 3, 1).model();
        Node node = model.graph().nodes().getFirst();
        Layer layer = new Layer(node, 0, Optional.empty(), new StaticIntegers());
        Optional<PairLimit> limit =
            PairLimit.of(
                layer,
                new Shape(4, 8, 3, 3),
                QuantizedType.weight(8),
                Optional.of(new Affine(QuantizedType.activation(8), 1, 0)),
                Devices.ONNX_RUNTIME_CPU);
        if (limit.isEmpty()) {
          throw new AssertionError("no limit, no tensor");
        }
      }
    },
    PROGRAM {
      @Override
      void open() {
        Model model = Networks.input(1, 2, 4, 4).relu("out").model();
        Program.of(model)
            .run(
                Map.of("input", Libtorch.tensor(new float[32], 1, 2, 4, 4)),
                Set.of("out"),
                Program.Numbers.REAL);
      }
    };

    abstract void open();
  }

  @ParameterizedTest
  @EnumSource
  void loadsWithAnEmptyCache(Door door) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "--enable-native-access=ALL-UNNAMED",
                    "-Dorg.bytedeco.javacpp.cachedir=" + cache,
                    "-cp",
                    System.getProperty("java.class.path"),
                    FirstUse.class.getName(),
                    door.name()))
            .redirectErrorStream(true)
            .start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(said).isZero();
    assertThat(said).contains("sum 6.0");
    assertThat(unpacked()).as("unpacked before any was loaded").containsAll(shipped());
  }

  private List<String> unpacked() throws IOException {
    try (Stream<Path> files = Files.walk(cache)) {
      return files.map(file -> file.getFileName().toString()).toList();
    }
  }

  /// The names of all libraries that come with libtorch, those included that are loaded by others, or not at all.
  private static Set<String> shipped() throws IOException {
    Set<String> names = new TreeSet<>();
    for (String part : List.of("pytorch", "openblas")) {
      String folder = "org/bytedeco/%s/%s/".formatted(part, Loader.getPlatform());
      for (URL jar : Collections.list(Libtorch.class.getClassLoader().getResources(folder))) {
        JarURLConnection connection = (JarURLConnection) jar.openConnection();
        connection.getJarFile().stream()
            .map(ZipEntry::getName)
            .filter(name -> name.startsWith(folder) && name.matches(".*\\.(so|dll|dylib)[.0-9]*"))
            .forEach(name -> names.add(name.substring(folder.length())));
      }
    }
    assertThat(names).hasSizeGreaterThan(8);
    return names;
  }

  static final class FirstUse {
    private FirstUse() {}

    public static void main(String[] arguments) {
      Door.valueOf(arguments[0]).open();
      System.out.println("sum " + Libtorch.tensor(new float[] {1, 2, 3}, 3).sum().item_float());
    }
  }
}
