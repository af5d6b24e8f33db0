/// Float and quantized model side by side: what was lost, what was gained, and how sure that is.
@NullMarked
package dev.halftone.verify;

import org.jspecify.annotations.NullMarked;
