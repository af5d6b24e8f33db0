package dev.halftone.cli;

import dev.halftone.litert.LiteRtFormat;
import dev.halftone.litert.PortType;
import dev.halftone.session.CFormat;
import dev.halftone.session.DeviceExport;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// The options for the files of an export.
final class ExportOptions {

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @Option(
      names = "--name",
      paramLabel = "NAME",
      description = "For c: what files and functions are called. Default: as the model's file.")
  private Optional<String> name = Optional.empty();

  @Option(
      names = "--io",
      paramLabel = "TYPE",
      defaultValue = "INT8",
      description =
          "For litert: the type of inputs and outputs, int8 or uint8, which many an app feeds pixels to. Default: int8.")
  private PortType ports = PortType.INT8;

  @Option(
      names = "--packed",
      description =
          "For litert: weights of 4 bits or fewer (recipe w4a8) lie two in a byte. Half the file, but LiteRT unpacks them at every run, which takes many times as long.")
  private boolean packed;

  @Option(
      names = "--max-flash",
      paramLabel = "SIZE",
      description =
          "Write only if the constants (c) or the file (litert) take no more, "
              + ByteSize.HELP
              + ".")
  private Optional<String> flash = Optional.empty();

  @Option(
      names = "--max-ram",
      paramLabel = "SIZE",
      description = "For c: write only if arena, inputs and outputs take no more, as in 96k.")
  private Optional<String> ram = Optional.empty();

  @Option(names = "--overwrite", description = "Replace files that are there already.")
  boolean overwrite;

  /// Throws ParameterException where an option is not understood, or says nothing for this format.
  void check(ExportFormat format) {
    maxFlash();
    maxRam();
    switch (format) {
      case C -> {
        refuse(ports != PortType.INT8, "--io", "litert: C takes int8");
        refuse(packed, "--packed", "litert: C packs them anyway");
      }
      case LITERT -> {
        refuse(ram.isPresent(), "--max-ram", "c: LiteRT makes its arena when it loads the file");
        refuse(name.isPresent(), "--name", "c: -o names the file");
      }
    }
  }

  private void refuse(boolean given, String option, String reason) {
    if (given) {
      throw new ParameterException(spec.commandLine(), option + " is for --to " + reason);
    }
  }

  CFormat c() {
    return new CFormat(name);
  }

  LiteRtFormat litert() {
    LiteRtFormat typed = LiteRtFormat.DEFAULT.ports(ports);
    return packed ? typed.packed() : typed;
  }

  /// Says the limits to a request.
  void limit(DeviceExport<?> request) {
    maxFlash().ifPresent(request::maxFlash);
    maxRam().ifPresent(request::maxRam);
  }

  private Optional<Long> maxFlash() {
    return flash.map(text -> bytes("--max-flash", text));
  }

  private Optional<Long> maxRam() {
    return ram.map(text -> bytes("--max-ram", text));
  }

  private long bytes(String option, String text) {
    try {
      return ByteSize.parse(option, text);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
    }
  }
}
