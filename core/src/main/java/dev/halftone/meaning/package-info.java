/// The meaning of outputs, found in the graph: classes, texts, embeddings, values, selections.
@NullMarked
package dev.halftone.meaning;

import org.jspecify.annotations.NullMarked;
