/// An integer graph as one C source and one header: C99, no heap, no stdio, no libm, no floats.
@NullMarked
package dev.halftone.format.c;

import org.jspecify.annotations.NullMarked;
