/// Texts as samples: what the inputs of a model that reads text mean, and how token ids become these.
@NullMarked
package dev.halftone.data.text;

import org.jspecify.annotations.NullMarked;
