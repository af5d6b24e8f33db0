/// What runtimes accept, as data.
@NullMarked
package dev.halftone.device;

import org.jspecify.annotations.NullMarked;
