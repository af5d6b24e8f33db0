/// Chooses the integers themselves: weights and biases of each layer.
@NullMarked
package dev.halftone.plan.rounding;

import org.jspecify.annotations.NullMarked;
