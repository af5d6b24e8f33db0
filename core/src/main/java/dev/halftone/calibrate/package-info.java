/// One pass over the data for everything that later steps need to know of the activations.
@NullMarked
package dev.halftone.calibrate;

import org.jspecify.annotations.NullMarked;
