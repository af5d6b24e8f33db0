@NullMarked
package dev.halftone.verify;

import org.jspecify.annotations.NullMarked;
