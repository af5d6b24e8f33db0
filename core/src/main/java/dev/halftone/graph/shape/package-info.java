/// What can be told of the types, extents and small integer contents of values without running a model.
@NullMarked
package dev.halftone.graph.shape;

import org.jspecify.annotations.NullMarked;
