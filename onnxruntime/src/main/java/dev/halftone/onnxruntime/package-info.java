/// Runs models on ONNX Runtime: calibration, verification, speed.
@NullMarked
package dev.halftone.onnxruntime;

import org.jspecify.annotations.NullMarked;
