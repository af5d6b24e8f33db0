package dev.halftone.integer;

import dev.halftone.scheme.FixedPoint;

/// The factors of an ADD or SUB: `sum * (left * a ± right * b)`.
///
/// @param left of the first term
/// @param right of the second term
/// @param sum of both together
public record SumRescale(FixedPoint left, FixedPoint right, FixedPoint sum) {}
