package dev.halftone.cli;

import dev.halftone.session.Halftone;
import picocli.CommandLine.IVersionProvider;

/// The version of the build, from the manifest of its jar.
final class Version implements IVersionProvider {

  @Override
  public String[] getVersion() {
    return new String[] {"halftone " + Halftone.version() + ", Java " + Runtime.version()};
  }
}
