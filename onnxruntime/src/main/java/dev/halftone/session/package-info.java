/// The door for programs: every verb of the command in a few lines of Java, from the file of a model to a verdict. The command itself
/// goes through it, and adds words.
@NullMarked
package dev.halftone.session;

import org.jspecify.annotations.NullMarked;
