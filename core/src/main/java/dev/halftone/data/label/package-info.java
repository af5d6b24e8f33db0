/// Labels of samples: folders of classes, tables, lists of class names.
@NullMarked
package dev.halftone.data.label;

import org.jspecify.annotations.NullMarked;
