/// The forms that weights take in a file, one class each, and how integers of few bits are packed.
@NullMarked
package dev.halftone.form;

import org.jspecify.annotations.NullMarked;
