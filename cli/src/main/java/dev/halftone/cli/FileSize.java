package dev.halftone.cli;

/// A file and its size, as results for programs have them.
///
/// @param file its path
/// @param bytes of the file and of its external data
record FileSize(String file, long bytes) {}
