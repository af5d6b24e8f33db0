/// What came of it, for readers: text for a terminal, JSON for programs, one self-contained HTML file for colleagues. Reads
/// results only.
@NullMarked
package dev.halftone.report;

import org.jspecify.annotations.NullMarked;
