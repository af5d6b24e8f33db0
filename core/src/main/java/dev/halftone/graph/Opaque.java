package dev.halftone.graph;

import java.lang.foreign.MemorySegment;

/// A field of the file that this build does not interpret. It is written back byte for byte.
///
/// Where only part of a field is interpreted (a doc string in an initializer), this holds the same field with the rest of it, to
/// be merged when the field is written.
///
/// @param number the protobuf field number
/// @param name the value that the field makes (a string or sparse initializer, a constant of an unknown type), else empty
/// @param encoded the whole field as it stood in the file, tag included
public record Opaque(int number, String name, MemorySegment encoded) {

  public Opaque(int number, MemorySegment encoded) {
    this(number, "", encoded);
  }
}
