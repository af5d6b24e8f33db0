@NullMarked
package dev.halftone.report;

import org.jspecify.annotations.NullMarked;
