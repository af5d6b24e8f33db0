/// Rewrites that leave what a model computes unchanged, to float rounding: constants folded, BatchNorm merged, detours removed.
@NullMarked
package dev.halftone.prepare;

import org.jspecify.annotations.NullMarked;
