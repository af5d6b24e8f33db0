/// What changed in the standard operator set from version 7 on, one [Step] for each operation and version whose meaning or
/// signature changed (the ONNX operator changelog). Versions that only took in more types need no step.
@NullMarked
package dev.halftone.prepare.opset;

import org.jspecify.annotations.NullMarked;
