/// Typed, shaped blocks of memory: what weights, pictures and activations are made of.
@NullMarked
package dev.halftone.tensor;

import org.jspecify.annotations.NullMarked;
