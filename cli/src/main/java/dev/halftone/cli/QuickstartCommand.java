package dev.halftone.cli;

import dev.halftone.UnusableInputException;
import dev.halftone.format.AtomicFile;
import dev.halftone.session.Halftone;
import dev.halftone.session.OutputFiles;
import dev.halftone.session.Quantization;
import dev.halftone.session.QuantizationResult;
import dev.halftone.session.Samples;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

@Command(
    name = "quickstart",
    description = {
      "Quantizes the bundled classifier and shows the verdict: offline, in well under a minute.",
      "",
      "The classifier (MobileNetV2 blocks, trained on Fashion-MNIST) comes with 200 pictures to calibrate with and 2,000 to test with. A folder receives the float model, the integer model, the pictures and an HTML report.",
      ""
    },
    optionListHeading = "%nOptions:%n",
    footer = {"", "Example:", "  halftone quickstart -o my-folder"})
final class QuickstartCommand implements Callable<Integer> {

  private static final String MODEL = "fashion-mnist.onnx";
  private static final String CALIBRATION = "fashion-mnist-calibration.npz";
  private static final String TEST = "fashion-mnist-test.npz";
  private static final String QUANTIZED = "fashion-mnist-int8.onnx";
  private static final String REPORT = "report.html";

  /// Lies in every folder that a quickstart made: by its content the folder is known again.
  private static final String NOTICE = "NOTICE-fashion-mnist.txt";

  @ParentCommand private RootCommand halftone;
  @Mixin private CommonOptions common;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FOLDER",
      defaultValue = "halftone-out",
      description = "The folder to write into. Default: ${DEFAULT-VALUE}.")
  private Path folder;

  @Option(names = "--overwrite", description = "Replace the files of an earlier quickstart.")
  private boolean overwrite;

  @Override
  public Integer call() {
    prepareFolder();
    for (String name : List.of(NOTICE, MODEL, CALIBRATION, TEST)) {
      AtomicFile.write(folder.resolve(name), true, bundled(name));
    }
    OutputFiles outputs =
        OutputFiles.model(folder.resolve(QUANTIZED)).report(folder.resolve(REPORT)).replacing();
    Quantization request =
        Halftone.quantize(folder.resolve(MODEL))
            .data(Samples.at(folder.resolve(CALIBRATION)))
            .testData(Samples.at(folder.resolve(TEST)))
            .calibrateOn(200)
            .output(outputs)
            .command(command());
    int exitCode;
    try (ProgressLine progress = new ProgressLine(halftone.terminal(), common.quiet)) {
      QuantizationResult result = request.run(progress);
      result.write(outputs);
      progress.wipe();
      exitCode = new QuantizeWords(halftone.terminal(), common.json).tell(result, outputs);
    }
    if (!common.json) {
      next();
    }
    return exitCode;
  }

  /// What does the same by hand.
  private String command() {
    return "halftone quantize %s -o %s --data %s --samples 200 --test-data %s --report %s --overwrite"
        .formatted(
            folder.resolve(MODEL),
            folder.resolve(QUANTIZED),
            folder.resolve(CALIBRATION),
            folder.resolve(TEST),
            folder.resolve(REPORT));
  }

  private void next() {
    halftone
        .terminal()
        .out()
        .printf(
            """

            Open %s in a browser to see where the error is made and which answers changed.

            The same by hand:
              %s

            Your own model:
              halftone inspect MODEL.onnx
              halftone quantize MODEL.onnx -o MODEL-int8.onnx --data PICTURES/ --report report.html

            PICTURES/ is a folder of typical inputs, a hundred or more. Put a labels.csv (columns file,label) into it, or a
            subfolder for each class, and accuracy is measured too. 'halftone quantize --help' explains --preprocess.
            """,
            folder.resolve(REPORT), command());
  }

  /// Files of these names in a folder that no quickstart made are somebody else's.
  private void prepareFolder() {
    try {
      Path notice = folder.resolve(NOTICE);
      boolean isOwn =
          Files.isRegularFile(notice) && Arrays.equals(Files.readAllBytes(notice), bundled(NOTICE));
      for (String name : List.of(MODEL, CALIBRATION, TEST, QUANTIZED, REPORT, NOTICE)) {
        if (Files.exists(folder.resolve(name)) && !(isOwn && overwrite)) {
          throw new UnusableInputException(
              folder.resolve(name)
                  + (isOwn
                      ? " is there from an earlier quickstart: pass --overwrite to replace what it made, or choose another folder with -o"
                      : " exists already and is not of a quickstart: choose another folder with -o"));
        }
      }
      Files.createDirectories(folder);
    } catch (IOException e) {
      throw new UnusableInputException(
          "folder " + folder + " cannot be made or read (" + e + "): choose another with -o", e);
    }
  }

  private static byte[] bundled(String name) {
    try (InputStream in =
        Objects.requireNonNull(
            QuickstartCommand.class.getResourceAsStream("/dev/halftone/quickstart/" + name),
            name)) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
