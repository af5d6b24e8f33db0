/// Arrays of NumPy as samples.
@NullMarked
package dev.halftone.data.array;

import org.jspecify.annotations.NullMarked;
