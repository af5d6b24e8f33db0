/// What runs a model. Implementations live in modules of their own (ONNX Runtime) or here (integers).
@NullMarked
package dev.halftone.engine;

import org.jspecify.annotations.NullMarked;
