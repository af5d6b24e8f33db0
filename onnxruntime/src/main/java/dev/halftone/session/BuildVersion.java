package dev.halftone.session;

import java.util.Optional;

/// The version of this build, from the manifest of its jar.
final class BuildVersion {

  private BuildVersion() {}

  static String text() {
    return Optional.ofNullable(BuildVersion.class.getPackage().getImplementationVersion())
        .orElse("development build");
  }
}
