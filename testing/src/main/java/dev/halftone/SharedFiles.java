package dev.halftone;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;

/// Models and data that lie beside the project and are no part of it. Tests that need one are skipped where it is absent.
public final class SharedFiles {

  private SharedFiles() {}

  /// The path of `name` below the shared folder; aborts the calling test, saying so, where it is absent.
  public static Path require(String name) {
    Path path =
        Path.of(System.getProperty("halftone.shared", "../shared")).resolve(name).normalize();
    assumeTrue(Files.exists(path), "skipped: " + path + " is absent");
    return path;
  }

  /// A published model in the folder that HALFTONE_MORE_MODELS names; aborts the calling test, saying so, where it is absent.
  public static Path requirePublished(String name) {
    String folder = System.getenv("HALFTONE_MORE_MODELS");
    assumeTrue(
        folder != null && Files.exists(Path.of(folder, name)),
        "skipped: HALFTONE_MORE_MODELS names no folder with "
            + name
            + ": make one with tools/fetch-test-models.sh");
    return Path.of(folder, name);
  }
}
