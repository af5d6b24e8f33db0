package dev.halftone.judge;

import com.fasterxml.jackson.annotation.JsonGetter;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.halftone.verify.Comparison;
import dev.halftone.verify.LayerError;
import dev.halftone.verify.Premises;
import dev.halftone.verify.Speed;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/// Everything that was measured of a float model and its quantized twin.
///
/// @param schemaVersion of the JSON form; 2 since every output has its own figures (1 had those of the first in the comparison), which is read too
/// @param premises what the figures rest on; none in files of older builds
public record Verdict(
    int schemaVersion,
    @JsonUnwrapped Files files,
    @JsonUnwrapped Measured measured,
    Tolerance tolerance,
    Premises premises,
    List<String> notes) {

  public record Files(ModelFile floatModel, ModelFile quantized) {}

  /// What was measured of them.
  ///
  /// @param comparison absent where there was no data
  /// @param layers in graph order; empty where they were not measured
  public record Measured(
      Optional<Comparison> comparison,
      List<LayerError> layers,
      Optional<Speed> speed,
      Optional<Memory> memory) {

    public static final Measured NOTHING =
        new Measured(Optional.empty(), List.of(), Optional.empty(), Optional.empty());

    public Measured {
      layers = List.copyOf(layers);
    }
  }

  public static final int SCHEMA_VERSION = 2;

  public Verdict {
    premises = Objects.requireNonNullElse(premises, Premises.NONE);
    notes = List.copyOf(notes);
  }

  /// What can be said of two files before anything is measured.
  public static Verdict of(
      ModelFile floatModel, ModelFile quantized, Tolerance tolerance, List<String> notes) {
    return new Verdict(
        SCHEMA_VERSION,
        new Files(floatModel, quantized),
        Measured.NOTHING,
        tolerance,
        Premises.NONE,
        notes);
  }

  /// The same files as they were measured.
  public Verdict measured(
      Optional<Comparison> comparison,
      List<LayerError> layers,
      Optional<Speed> speed,
      Optional<Memory> memory) {
    Measured now = new Measured(comparison, layers, speed, memory);
    return new Verdict(schemaVersion, files, now, tolerance, premises, notes);
  }

  /// The same figures, resting on these.
  public Verdict with(Premises other) {
    return new Verdict(schemaVersion, files, measured, tolerance, other, notes);
  }

  public ModelFile floatModel() {
    return files.floatModel;
  }

  public ModelFile quantized() {
    return files.quantized;
  }

  public Optional<Comparison> comparison() {
    return measured.comparison;
  }

  public List<LayerError> layers() {
    return measured.layers;
  }

  public Optional<Speed> speed() {
    return measured.speed;
  }

  public Optional<Memory> memory() {
    return measured.memory;
  }

  /// Float by quantized: 4 is a quarter of the bytes.
  public double sizeRatio() {
    return (double) floatModel().bytes() / quantized().bytes();
  }

  /// What all this comes to.
  @JsonGetter("judgement")
  public Judgement judgement() {
    return new Judge(
            floatModel().bytes(), quantized().bytes(), speed(), comparison(), premises, tolerance)
        .judgement();
  }

  /// A model as it lies on disk.
  ///
  /// @param bytes of the file and of its external data
  public record ModelFile(String name, long bytes) {

    public ModelFile {
      if (bytes < 1) {
        throw new IllegalArgumentException("a model file has bytes: " + name);
      }
    }
  }

  /// Memory it takes to hold and run each model, in bytes; 0 where it is too little to be seen.
  public record Memory(long floatModel, long quantized) {}
}
