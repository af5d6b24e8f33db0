package dev.halftone.text;

import ai.djl.huggingface.tokenizers.jni.TokenizersLibrary;
import dev.halftone.UnusableInputException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// The native library of Hugging Face's tokenizers as DJL builds it for the JVM.
///
/// LangChain4j and Spring AI tokenize with the same library, so that a text becomes the tokens that it becomes in the application. No
/// library in pure Java reads every `tokenizer.json`: they know some models of tokens (WordPiece, BPE), and differ from the original in
/// normalization, which no error shows.
///
/// DJL's own way to load it is not taken: that asks for CUDA, on some machines downloads another build, leaves the library in the home
/// folder and reports its use. Here it is unpacked into the folder for temporary files, loaded and deleted. Nothing uses the network.
final class NativeTokenizers {

  /// Systems and processors that the library is built for, by folder.
  private static final List<String> BUILDS =
      List.of("linux-x86_64", "linux-aarch64", "osx-aarch64", "win-x86_64");

  private static final Object LOCK = new Object();
  private static boolean isLoaded;

  private NativeTokenizers() {}

  /// The methods of the library, which is loaded on first use. Throws UnusableInputException where this machine cannot.
  static TokenizersLibrary library() {
    synchronized (LOCK) {
      if (!isLoaded) {
        load(build());
        isLoaded = true;
      }
    }
    return TokenizersLibrary.LIB;
  }

  private static String build() {
    String system = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
    String machine = System.getProperty("os.arch", "");
    String build =
        (system.startsWith("win") ? "win" : system.startsWith("mac") ? "osx" : "linux")
            + "-"
            + (machine.equals("amd64") ? "x86_64" : machine);
    if (!BUILDS.contains(build)) {
      throw new UnusableInputException(
          "there is no tokenizer library for %s, only for %s: make the samples on such a machine, or give arrays of token ids (.npz)"
              .formatted(build, String.join(", ", BUILDS)));
    }
    return build;
  }

  /// In the order in which they need each other.
  private static List<String> files(String build) {
    String library = System.mapLibraryName("tokenizers");
    return build.startsWith("win")
        ? List.of("libwinpthread-1.dll", "libgcc_s_seh-1.dll", "libstdc++-6.dll", library)
        : List.of(library);
  }

  private static void load(String build) {
    List<Path> unpacked = new ArrayList<>();
    try {
      Path folder = Files.createTempDirectory("halftone-tokenizers");
      unpacked.add(folder);
      for (String name : files(build)) {
        Path file = folder.resolve(name);
        unpacked.add(file);
        unpack("native/lib/" + build + "/cpu/" + name, file);
      }
      unpacked.stream().skip(1).forEach(file -> System.load(file.toString()));
    } catch (IOException | UnsatisfiedLinkError e) {
      throw new UnusableInputException(
          "the tokenizer library cannot be loaded from the folder for temporary files (%s): give another with -Djava.io.tmpdir=FOLDER, on a disk whose files may be run, or give arrays of token ids (.npz)"
              .formatted(e.getMessage()),
          e);
    } finally {
      unpacked.reversed().forEach(NativeTokenizers::delete);
    }
  }

  private static void unpack(String resource, Path file) throws IOException {
    try (InputStream in = TokenizersLibrary.class.getClassLoader().getResourceAsStream(resource)) {
      if (in == null) {
        throw new IOException("there is no " + resource + " in its jar");
      }
      Files.copy(in, file);
    }
  }

  /// Windows keeps a loaded library until the process ends, and the file with it.
  private static void delete(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException _) {
      file.toFile().deleteOnExit();
    }
  }
}
