/// Does what the plan says to the graph. Never decides.
@NullMarked
package dev.halftone.rewrite;

import org.jspecify.annotations.NullMarked;
