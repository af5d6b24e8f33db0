package dev.halftone.calibrate;

import dev.halftone.UnusableInputException;
import dev.halftone.format.AtomicFile;
import dev.halftone.format.StrictJson;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/// Statistics on disk, as JSON: what one calibration observed serves any number of recipes.
public final class StatisticsFile {

  /// Since 5 a sample is known by its content alone, and no longer by its number in the data that were observed.
  private static final int SCHEMA_VERSION = 5;

  /// The oldest that is read: it knows no channels.
  private static final int OLDEST = 3;

  private static final JsonMapper JSON =
      StrictJson.strict(JsonMapper.builder())
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES) // what a writer derives
          .build();

  /// What a file holds.
  ///
  /// @param preprocessing how pictures became inputs, as text; empty where they were no pictures, and in files of older builds
  public record Saved(Statistics statistics, Optional<String> preprocessing) {}

  /// @param schemaVersion of this file's form
  private record Content(
      int schemaVersion, Optional<String> preprocessing, Statistics statistics) {}

  private StatisticsFile() {}

  public static void write(Saved saved, Path file, boolean overwrite) {
    byte[] json =
        JSON.writeValueAsBytes(
            new Content(SCHEMA_VERSION, saved.preprocessing(), saved.statistics()));
    AtomicFile.write(file, overwrite, json);
  }

  /// Throws UnusableInputException where the file is absent or is no statistics file of this version.
  public static Saved read(Path file) {
    if (!Files.isReadable(file)) {
      throw new UnusableInputException(
          "cannot read statistics "
              + file
              + ": make them with `halftone calibrate MODEL --data DATA -o "
              + file
              + "`");
    }
    @Nullable Content content;
    try {
      content = JSON.readValue(file, Content.class);
    } catch (JacksonException e) {
      throw none(file, StrictJson.fault(e), e);
    }
    if (content == null) {
      throw none(file, "it holds null", null);
    }
    if (content.schemaVersion() < OLDEST || content.schemaVersion() > SCHEMA_VERSION) {
      throw new UnusableInputException(
          file
              + " has schema version "
              + content.schemaVersion()
              + " where this build reads "
              + OLDEST
              + " to "
              + SCHEMA_VERSION
              + ": make it again with `halftone calibrate`");
    }
    return new Saved(content.statistics(), content.preprocessing());
  }

  private static UnusableInputException none(Path file, String why, @Nullable Throwable cause) {
    return new UnusableInputException(
        file + " is no statistics file (" + why + "): make one with `halftone calibrate`", cause);
  }
}
