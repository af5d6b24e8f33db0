package dev.halftone.prepare;

import dev.halftone.graph.Model;

/// A rewrite that leaves what the model computes unchanged, up to float rounding, and keeps the names of its inputs and outputs.
@FunctionalInterface
public interface Pass {

  Model apply(Model model);
}
