/// A reference interpreter of float models, for tests of what runs networks.
@NullMarked
package dev.halftone.testing;

import org.jspecify.annotations.NullMarked;
