/// Decides how many bits the weights of each layer get.
@NullMarked
package dev.halftone.plan.bits;

import org.jspecify.annotations.NullMarked;
