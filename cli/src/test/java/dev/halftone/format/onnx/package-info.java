@NullMarked
package dev.halftone.format.onnx;

import org.jspecify.annotations.NullMarked;
