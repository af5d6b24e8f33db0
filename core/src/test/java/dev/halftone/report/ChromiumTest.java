package dev.halftone.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import java.awt.image.BufferedImage;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The page in a real browser, without a window. Pages and pictures are left in `target/browser`, to be looked at.
@Tag("browser")
@Timeout(180)
class ChromiumTest {

  private static final Path KEPT = Path.of("target", "browser");

  /// Looks at the page from inside: which texts have a place on it, and whether it is wider than the window.
  private static final String PROBE =
      """
      <script>
      addEventListener("load", () => {
        const seen = [...document.querySelectorAll("h1,h2,p,dd,td,th,figcaption,summary,svg text")]
          .filter(e => { const r = e.getBoundingClientRect(); return r.width * r.height > 0 && e.checkVisibility(); })
          .map(e => e.textContent);
        const page = document.documentElement;
        const probe = document.createElement("pre");
        probe.textContent = "PROBE width=" + innerWidth + " overflow=" + Math.max(0, page.scrollWidth - innerWidth)
          + " broken=" + [...document.images].filter(i => i.naturalWidth === 0).length + "\\n" + seen.join("\\n") + "\\nEND";
        document.body.append(probe);
      });
      </script></body>\
      """;

  @TempDir Path profile;

  @ParameterizedTest
  @ValueSource(strings = {"light", "dark"})
  void rendersWithoutComplaint(String scheme) throws Exception {
    Path page = write("report.html", HtmlReport.render(Example.summary(), Example.pictures()));
    Path shot = KEPT.resolve(scheme + ".png").toAbsolutePath();
    Files.deleteIfExists(shot);
    List<String> log =
        browse(
            "--enable-logging=stderr",
            "--hide-scrollbars",
            "--window-size=1280,4200",
            "--blink-settings=preferredColorScheme=" + (scheme.equals("dark") ? 0 : 1),
            "--screenshot=" + shot,
            page.toUri().toString());
    assertThat(log).noneMatch(line -> line.contains("CONSOLE"));
    BufferedImage image = ImageIO.read(shot.toFile());
    assertThat(image.getWidth()).isEqualTo(1280);
    int brightness = image.getRGB(4, 4) & 0xFF;
    assertThat(brightness < 128).isEqualTo(scheme.equals("dark"));
    assertThat(colours(image)).as("colours of the picture").isGreaterThan(50);
  }

  @ParameterizedTest
  @ValueSource(ints = {500, 1280})
  void showsWhatMattersAtAnyWidth(int width) throws Exception {
    String html =
        HtmlReport.render(Example.summary(), Example.pictures())
            .replaceFirst("<meta http-equiv=.*?/>", "")
            .replace("</body>", PROBE);
    Path page = write("probe.html", html);
    List<String> dom =
        browse("--dump-dom", "--window-size=" + width + ",1000", page.toUri().toString());
    int from =
        IntStream.range(0, dom.size())
            .filter(i -> dom.get(i).contains("<pre>PROBE"))
            .findFirst()
            .orElse(-1);
    assertThat(from).as("line of the probe in the page").isNotNegative();
    List<String> seen = dom.subList(from, dom.size());
    assertThat(seen.getFirst()).contains("width=" + width + " overflow=0 broken=0");
    assertThat(seen)
        .contains(
            "fashion-mnist, 8 bits",
            "Float beside quantized",
            "Error by layer",
            "Inputs whose answer changed",
            "93.4 % (92.2 to 94.4)",
            "93.3 %",
            "Change of top-1",
            "What stayed float: 2 operations",
            "test-0005.png")
        .doesNotContain("ONNX Runtime has no integer kernel for it"); // folded away
    assertThat(seen).anyMatch(line -> line.startsWith("3.7x smaller (1.05 MB"));
  }

  @Test
  void printsWithEverythingUnfolded() throws Exception {
    String html = HtmlReport.render(Example.summary(), Example.pictures());
    int pages = pages(write("report.html", html));
    String unfolded = html.replace("<details>", "<details open=\"open\">");
    assertThat(pages).isEqualTo(pages(write("unfolded.html", unfolded))).isGreaterThan(3);
  }

  private int pages(Path page) throws IOException, InterruptedException {
    Path pdf = KEPT.resolve("report.pdf").toAbsolutePath();
    Files.deleteIfExists(pdf);
    browse("--no-pdf-header-footer", "--print-to-pdf=" + pdf, page.toUri().toString());
    return Files.readString(pdf, StandardCharsets.ISO_8859_1).split("/Type /Page\\b").length - 1;
  }

  private static long colours(BufferedImage image) {
    return Arrays.stream(
            image.getRGB(0, 0, image.getWidth(), image.getHeight(), null, 0, image.getWidth()))
        .distinct()
        .count();
  }

  private static Path write(String name, String html) throws IOException {
    Files.createDirectories(KEPT);
    return Files.writeString(KEPT.resolve(name), html).toAbsolutePath();
  }

  /// Lines that the browser printed.
  private List<String> browse(String... arguments) throws IOException, InterruptedException {
    List<String> command =
        new ArrayList<>(
            List.of(
                chromium(),
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-quic",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--disable-dev-shm-usage",
                "--user-data-dir=" + profile));
    command.addAll(List.of(arguments));
    Path out = profile.resolve("out.txt");
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(out.toFile()).start();
    if (!process.waitFor(100, TimeUnit.SECONDS)) {
      process.destroyForcibly().waitFor();
      throw new IllegalStateException("the browser did not end: " + Files.readString(out));
    }
    List<String> lines = Files.readAllLines(out);
    assertThat(process.exitValue()).as(() -> String.join("\n", lines)).isZero();
    return lines;
  }

  private static String chromium() {
    String path = System.getenv().getOrDefault("PATH", "");
    return Stream.of("chromium", "chromium-browser", "google-chrome")
        .flatMap(
            name -> Arrays.stream(path.split(File.pathSeparator)).map(dir -> Path.of(dir, name)))
        .filter(Files::isExecutable)
        .map(Path::toString)
        .findFirst()
        .orElseGet(() ->
            abort(
                "skipped: no chromium on the PATH; install it (Debian: apt-get install chromium)"));
  }
}
