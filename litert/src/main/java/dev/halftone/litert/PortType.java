package dev.halftone.litert;

/// The type of a file's inputs and outputs where those of the graph are int8. The integers of UINT8 are greater by 128 and mean the same.
public enum PortType {
  INT8,
  UINT8
}
