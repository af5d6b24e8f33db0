/// Verdicts and gates: whether the quantized model is worth having, by all that was measured.
@NullMarked
package dev.halftone.judge;

import org.jspecify.annotations.NullMarked;
