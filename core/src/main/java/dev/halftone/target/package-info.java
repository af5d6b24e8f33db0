/// What runtimes accept, as data.
@NullMarked
package dev.halftone.target;

import org.jspecify.annotations.NullMarked;
