/// What every file this tool writes has in common: it is whole, or it is not there.
@NullMarked
package dev.halftone.format;

import org.jspecify.annotations.NullMarked;
