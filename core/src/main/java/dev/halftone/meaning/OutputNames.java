package dev.halftone.meaning;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/// Reads the names of outputs, word by word.
final class OutputNames {

  private static final Set<String> EMBEDDINGS =
      Set.of("embedding", "embeddings", "embed", "embeds", "pooler");

  private static final Set<String> SCORES =
      Set.of(
          "logits",
          "logit",
          "score",
          "scores",
          "prob",
          "probs",
          "probability",
          "probabilities",
          "class",
          "classes",
          "cls",
          "tag",
          "tags",
          "label",
          "labels");

  private static final Set<String> VALUES =
      Set.of(
          "box",
          "boxes",
          "bbox",
          "bboxes",
          "loc",
          "reg",
          "regression",
          "offset",
          "offsets",
          "delta",
          "deltas",
          "landmark",
          "landmarks",
          "keypoint",
          "keypoints",
          "kpt",
          "kpts",
          "pose",
          "gaze",
          "angle",
          "angles",
          "yaw",
          "pitch",
          "roll",
          "coord",
          "coords",
          "depth",
          "age",
          "feature",
          "features",
          "feat",
          "hidden",
          "state",
          "states",
          "latent",
          "wave",
          "waveform",
          "audio",
          "mask",
          "masks",
          "mean",
          "std",
          "logvar",
          "sigma",
          "vertices");

  boolean isEmbedding(String name) {
    return words(name).stream().anyMatch(EMBEDDINGS::contains);
  }

  boolean isScores(String name) {
    return words(name).stream().anyMatch(SCORES::contains);
  }

  boolean isValue(String name) {
    List<String> words = words(name);
    return words.stream().anyMatch(VALUES::contains) && words.stream().noneMatch(SCORES::contains);
  }

  /// As in `last`, `hidden`, `state`; digits are left out.
  private static List<String> words(String name) {
    String[] parts =
        name.replaceAll("([a-z])([A-Z])", "$1 $2").toLowerCase(Locale.ROOT).split("[^a-z]+");
    return Arrays.stream(parts).filter(part -> !part.isEmpty()).toList();
  }
}
