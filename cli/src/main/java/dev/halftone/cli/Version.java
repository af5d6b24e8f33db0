package dev.halftone.cli;

import java.util.Optional;
import picocli.CommandLine.IVersionProvider;

/// The version of the build, from the manifest of its jar.
final class Version implements IVersionProvider {

  static String text() {
    return Optional.ofNullable(Version.class.getPackage().getImplementationVersion())
        .orElse("development build");
  }

  @Override
  public String[] getVersion() {
    return new String[] {"halftone " + text() + ", Java " + Runtime.version()};
  }
}
