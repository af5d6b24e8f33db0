/// Figures of merit: SQNR, cosines, edit distance, intervals and tests of proportions.
@NullMarked
package dev.halftone.metric;

import org.jspecify.annotations.NullMarked;
