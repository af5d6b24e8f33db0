/// Channels that differ in size brought to one size, before they share a scale: docs/equalization.md.
@NullMarked
package dev.halftone.equalize;

import org.jspecify.annotations.NullMarked;
