package dev.halftone.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/// The launcher on machines unlike this one, with a JDK and a Maven that only say what they were told.
@DisabledOnOs(OS.WINDOWS)
class LauncherTest {

  private static final Path HERE = Path.of("..");

  @TempDir private Path folder;
  private Path root;
  private Path jdk;

  private record Ended(int exitCode, String out, String err) {}

  @BeforeEach
  void checkout() throws IOException {
    root = folder.resolve("a check-out, ä");
    for (String name :
        List.of("halftone", "pom.xml", "tools/find-jdk.sh", "tools/machine.sh", "cli/pom.xml")) {
      Files.createDirectories(root.resolve(name).getParent());
      Files.copy(HERE.resolve(name), root.resolve(name));
    }
    Files.createDirectories(root.resolve("cli/src/main"));
    assertThat(root.resolve("halftone").toFile().setExecutable(true)).isTrue();
    ExampleScript.executable(
        root.resolve("mvnw"),
        "echo \"$MAVEN_USER_HOME $*\" >>calls.txt; sleep 2; mkdir -p cli/target && : >cli/target/halftone.jar");
    jdk = folder.resolve("jdk");
    Files.createDirectories(jdk.resolve("bin"));
    Files.writeString(jdk.resolve("release"), "JAVA_VERSION=\"25.0.3\"\n");
    ExampleScript.executable(jdk.resolve("bin/java"), "echo \"LC_ALL=${LC_ALL:-} $*\"");
    ExampleScript.executable(jdk.resolve("bin/javac"), ":");
    ExampleScript.executable(jdk.resolve("bin/jar"), ":");
  }

  private Process start(Map<String, String> environment, String... args) throws IOException {
    ProcessBuilder builder = new ProcessBuilder(root.resolve("halftone").toString());
    builder.command().addAll(List.of(args));
    builder.environment().clear();
    builder.environment().put("PATH", "/usr/local/bin:/usr/bin:/bin");
    builder.environment().put("JAVA_HOME", jdk.toString());
    builder.environment().putAll(environment);
    return builder.start();
  }

  private static Ended end(Process process) throws IOException, InterruptedException {
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    String err = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Ended(process.waitFor(), out, err);
  }

  private Ended run(Map<String, String> environment, String... args)
      throws IOException, InterruptedException {
    Ended ended = end(start(environment, args));
    assertThat(ended.exitCode()).as(ended.err()).isZero();
    return ended;
  }

  private List<String> calls() throws IOException {
    return Files.readAllLines(root.resolve("calls.txt"));
  }

  @Test
  void withoutAHomeMavenKeepsItsFilesInTheCheckout() throws IOException, InterruptedException {
    Ended ended = run(Map.of(), "inspect", "m.onnx");
    assertThat(ended.out()).contains("-jar " + root).endsWith("halftone.jar inspect m.onnx\n");
    Path maven = root.toRealPath().resolve("target/maven");
    assertThat(calls())
        .singleElement()
        .asString()
        .startsWith(maven + " -Dmaven.repo.local=" + maven.resolve("repository"));
  }

  @Test
  void aHomeThatCannotBeWrittenToIsNone() throws IOException, InterruptedException {
    Path file = Files.createFile(folder.resolve("file"));
    run(Map.of("HOME", file.toString()), "--version");
    assertThat(calls()).singleElement().asString().startsWith(root.toRealPath() + "/target/maven ");
  }

  @Test
  void aHomeIsUsed() throws IOException, InterruptedException {
    Path home = Files.createDirectories(folder.resolve("home"));
    run(Map.of("HOME", home.toString()), "--version");
    assertThat(calls()).singleElement().asString().startsWith(home + "/.m2 ");
  }

  @Test
  void aScriptThatLooksForMavensHomeKeepsItsOwnFolder() throws IOException, InterruptedException {
    Path script = root.resolve("script");
    ExampleScript.executable(
        script, "folder=mine; . tools/machine.sh; find_maven_home \"$PWD\"; echo $folder");
    ProcessBuilder builder = new ProcessBuilder(script.toString()).directory(root.toFile());
    assertThat(end(builder.start()).out()).isEqualTo("mine\n");
  }

  @Test
  void twoFirstBuildsAreOne() throws IOException, InterruptedException {
    Process first = start(Map.of(), "one");
    Process second = start(Map.of(), "two");
    Ended one = end(first);
    Ended two = end(second);
    assertThat(one.exitCode()).as(one.err()).isZero();
    assertThat(two.exitCode()).as(two.err()).isZero();
    assertThat(calls()).hasSize(1);
    assertThat(one.err() + two.err()).containsOnlyOnce("waiting for another build");
  }

  @Test
  void anAsciiLocaleBecomesUtf8() throws IOException, InterruptedException {
    assertThat(run(Map.of("LANG", "C"), "--version").out()).startsWith("LC_ALL=C.");
    assertThat(run(Map.of("LC_ALL", "POSIX"), "--version").out()).containsPattern("^LC_ALL=.*[uU]");
    assertThat(run(Map.of("LC_ALL", "C.UTF-8"), "--version").out()).startsWith("LC_ALL=C.UTF-8 ");
  }

  @Test
  void memoryGrowsWithTheModelOnly() throws IOException, InterruptedException {
    assertThat(run(Map.of(), "inspect", "m.onnx").out()).contains(" -Xmx704m ");
    Path large = folder.resolve("large.onnx");
    try (RandomAccessFile file = new RandomAccessFile(large.toFile(), "rw")) {
      file.setLength(150_000_000);
    }
    assertThat(run(Map.of(), "inspect", large.toString()).out()).contains(" -Xmx1904m ");
  }
}
