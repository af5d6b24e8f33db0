package dev.halftone.format.c;

import dev.halftone.integer.ArenaPlan;
import dev.halftone.integer.IntegerGraph;

/// The arena, planned for our kernels and, where CMSIS-NN computes something, once more for its kernels, which write over what they still
/// have to read. Behind the tensors lies what a kernel needs for itself.
///
/// @param width bytes of an activation: what the arena is counted in
/// @param isShared whether CMSIS-NN computes something
/// @param scratch bytes for our kernels
/// @param cmsisScratch bytes for CMSIS-NN's and ours
/// @param heliumScratch the same, on processors with Helium
record CArena(
    ArenaPlan own,
    ArenaPlan cmsis,
    int width,
    boolean isShared,
    int scratch,
    int cmsisScratch,
    int heliumScratch) {

  static CArena of(IntegerGraph graph) {
    ArenaPlan own = ArenaPlan.of(graph);
    int scratch = FourBits.scratch(graph);
    int width = graph.isWide() ? Short.BYTES : Byte.BYTES;
    if (graph.ops().stream().noneMatch(op -> CmsisNn.runs(graph, op))) {
      return new CArena(own, own, width, false, scratch, 0, 0);
    }
    return new CArena(
        own,
        ArenaPlan.of(graph, op -> !CmsisNn.runs(graph, op)),
        width,
        true,
        scratch,
        Math.max(scratch, CmsisNn.scratch(graph, false)),
        Math.max(scratch, CmsisNn.scratch(graph, true)));
  }

  /// Bytes where our kernels compute everything.
  int bytes() {
    return own.size() + scratch;
  }

  /// Where a tensor lies, as an expression.
  String at(int tensor) {
    return at(own.offsets().get(tensor) / width, cmsis.offsets().get(tensor) / width);
  }

  /// Where a kernel of ours has memory for itself, as an expression.
  String atScratch() {
    return at(own.size(), cmsis.size());
  }

  private static String at(int ours, int theirs) {
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
  String definition(String name) {
    String define = "#define " + name + " ";
    String ours = define + Math.max(1, bytes()) + "\n";
    return isShared
        ? "#ifndef HALFTONE_CMSIS_NN\n"
            + ours
            + "#elif defined(__ARM_FEATURE_MVE)\n"
            + define
            + (cmsis.size() + heliumScratch)
            + "\n#else\n"
            + define
            + (cmsis.size() + cmsisScratch)
            + "\n#endif\n"
        : ours;
  }
}
