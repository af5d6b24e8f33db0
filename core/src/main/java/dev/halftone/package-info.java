/// Halftone: a trained float model in, a few-bit integer model and a measured verdict out.
///
/// The packages in the order of the flow: `tensor`, `graph`, `scheme` (vocabulary), `format.onnx` (read and write), `data`, `engine`,
/// `prepare`, `calibrate`, `plan`, `rewrite`, `verify`, `report`.
@NullMarked
package dev.halftone;

import org.jspecify.annotations.NullMarked;
