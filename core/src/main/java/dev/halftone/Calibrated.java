package dev.halftone;

import dev.halftone.calibrate.Statistics;
import dev.halftone.graph.Model;

/// A float network in the form that later stages read, and what was observed in it.
///
/// @param prepared its channels equalized where that pays, and with copies of what ends it and is read by integer operations too where
///     one scale does not serve both
/// @param statistics of this network; they know how it was equalized
public record Calibrated(Model prepared, Statistics statistics) {}
