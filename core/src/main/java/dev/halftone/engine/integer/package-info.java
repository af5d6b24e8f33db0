/// Runs an [dev.halftone.integer.IntegerGraph] in pure Java: the scalar specification that every other target is compared with.
@NullMarked
package dev.halftone.engine.integer;

import org.jspecify.annotations.NullMarked;
