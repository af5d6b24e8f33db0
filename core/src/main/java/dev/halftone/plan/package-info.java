/// Decides bits, scales, zero points and what stays float, and why. Never touches the graph.
@NullMarked
package dev.halftone.plan;

import org.jspecify.annotations.NullMarked;
