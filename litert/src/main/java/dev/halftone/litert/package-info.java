/// LiteRT (TensorFlow Lite): integer graphs as .tflite files, and the runtime that phones have.
@NullMarked
package dev.halftone.litert;

import org.jspecify.annotations.NullMarked;
