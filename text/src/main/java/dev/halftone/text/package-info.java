/// Files of texts, the tokenizers of models, and both together as samples.
@NullMarked
package dev.halftone.text;

import org.jspecify.annotations.NullMarked;
