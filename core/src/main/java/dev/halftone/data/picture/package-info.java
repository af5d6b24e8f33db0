/// Pictures as samples: decoded, turned, resized, normalized, packed.
@NullMarked
package dev.halftone.data.picture;

import org.jspecify.annotations.NullMarked;
