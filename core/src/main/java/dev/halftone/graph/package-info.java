/// The network as immutable data: values, nodes, attributes, and the ways to walk and edit them.
@NullMarked
package dev.halftone.graph;

import org.jspecify.annotations.NullMarked;
