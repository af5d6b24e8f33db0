package dev.halftone.format.c;

import dev.halftone.integer.ArenaPlan;
import dev.halftone.integer.IntegerGraph;

/// The arena, planned for our kernels and, where CMSIS-NN computes something, once more for its kernels: those need scratch memory, and
/// write over what they still have to read.
///
/// @param scratch bytes that CMSIS-NN wants behind `cmsis`
/// @param heliumScratch the same, on processors with Helium
record CArena(ArenaPlan own, ArenaPlan cmsis, int scratch, int heliumScratch, boolean isShared) {

  static CArena of(IntegerGraph graph) {
    ArenaPlan own = ArenaPlan.of(graph);
    if (graph.ops().stream().noneMatch(op -> CmsisNn.runs(graph, op))) {
      return new CArena(own, own, 0, 0, false);
    }
    ArenaPlan apart = ArenaPlan.of(graph, op -> !CmsisNn.runs(graph, op));
    return new CArena(
        own, apart, CmsisNn.scratch(graph, false), CmsisNn.scratch(graph, true), true);
  }

  /// Where a tensor lies, as an expression.
  String at(int tensor) {
    int ours = own.offsets().get(tensor);
    int theirs = cmsis.offsets().get(tensor);
    return "arena + " + (ours == theirs ? ours : "HT_AT(" + ours + ", " + theirs + ")");
  }

  /// What the body of the source is written with.
  String definitions() {
    return isShared
        ? """
        #ifdef HALFTONE_CMSIS_NN
        #define HT_AT(own, cmsis) (cmsis)
        #define HT_LAYER(kernel, layer, x, y) ht_cmsis_##kernel(layer, x, y, arena + %d)
        #else
        #define HT_AT(own, cmsis) (own)
        #define HT_LAYER(kernel, layer, x, y) ht_##kernel(layer, x, y)
        #endif

        """
            .formatted(cmsis.size())
        : "";
  }

  /// Defines the number of bytes, for the header.
  String bytes(String name) {
    String define = "#define " + name + " %d\n";
    return isShared
        ? ("#ifndef HALFTONE_CMSIS_NN\n"
                + define
                + "#elif defined(__ARM_FEATURE_MVE)\n"
                + define
                + "#else\n"
                + define
                + "#endif\n")
            .formatted(
                Math.max(1, own.size()), cmsis.size() + heliumScratch, cmsis.size() + scratch)
        : define.formatted(Math.max(1, own.size()));
  }
}
