/// ONNX files, read and written through a wire-format codec of our own: no generated code, no limit on the size of a message,
/// weights stay slices of the mapped file, and a field that is not interpreted is kept byte for byte.
///
/// Field numbers are those of `onnx.proto` (IR version 14, onnx 1.23). The wire format is
/// https://protobuf.dev/programming-guides/encoding/.
@NullMarked
package dev.halftone.format.onnx;

import org.jspecify.annotations.NullMarked;
