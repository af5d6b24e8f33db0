package dev.halftone.graph;

import java.lang.foreign.MemorySegment;

/// A field of the file that this build does not interpret. It is written back byte for byte.
///
/// @param number the protobuf field number
/// @param encoded the whole field as it stood in the file, tag included
public record Opaque(int number, MemorySegment encoded) {}
