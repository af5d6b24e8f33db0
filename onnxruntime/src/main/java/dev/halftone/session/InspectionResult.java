package dev.halftone.session;

import dev.halftone.graph.shape.Inspection;
import dev.halftone.plan.LayerSums;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The parts of a model, and what of it would run in integers.
///
/// @param file as it was given
/// @param bytes of the file and of its external data
/// @param notes sentences on what preparing leaves
/// @param integers absent where the model cannot be quantized
/// @param refusal why it cannot be used, where it cannot
public record InspectionResult(
    String file,
    long bytes,
    Inspection model,
    List<String> notes,
    Optional<Integers> integers,
    Optional<String> refusal) {

  public InspectionResult {
    notes = List.copyOf(notes);
  }

  /// What would run in integers, of the model as it is prepared for that; of a quantized model, what does.
  ///
  /// @param operations how often each operation would, by name
  /// @param macs multiply-accumulates that would
  /// @param ofMacs multiply-accumulates of all operations
  /// @param obstacle why nothing does, where nothing does
  /// @param sums of each layer
  public record Integers(
      Map<String, Integer> operations,
      long macs,
      long ofMacs,
      List<KeptFloat> keptFloat,
      Optional<String> obstacle,
      List<LayerSums> sums) {}

  /// An operation that stays float, and why.
  public record KeptFloat(String node, String operation, String reason) {}
}
