package dev.halftone.data.picture;

/// The evidence that mean and std of a preprocessing rest on.
public enum PreprocessingEvidence {
  /// Nothing: they are what most models of this kind take.
  NONE,
  /// The metadata in the model's file.
  METADATA,
  /// The first nodes of the network, which normalize what they are given.
  NETWORK,
  /// The type of the input, which leaves no choice.
  TYPE
}
