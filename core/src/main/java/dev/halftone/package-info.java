/// Halftone: a trained float model in, a few-bit integer model and a measured verdict out.
///
/// The packages in the order of the flow: `tensor`, `graph`, `scheme`, `integer` (vocabulary), `format` (read and write), `device`, `data`,
/// `recipe`, `engine`, `prepare`, `equalize`, `calibrate`, `plan`, `rewrite`, `metric`, `meaning`, `verify`, `judge`, `report`; `search` and
/// `diagnose` run the flow again and again.
@NullMarked
package dev.halftone;

import org.jspecify.annotations.NullMarked;
