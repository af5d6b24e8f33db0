/// The command line: arguments, progress and exit codes. It holds no logic.
@NullMarked
package dev.halftone.cli;

import org.jspecify.annotations.NullMarked;
