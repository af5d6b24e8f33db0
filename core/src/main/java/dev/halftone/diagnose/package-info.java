/// Causes of the error of a quantized network, part by part, with a remedy that was tried.
@NullMarked
package dev.halftone.diagnose;

import org.jspecify.annotations.NullMarked;
