/// Measures models by their files, in ONNX Runtime: answers side by side, memory, latency, and which operations compute with integers.
@NullMarked
package dev.halftone.measure;

import org.jspecify.annotations.NullMarked;
