package dev.halftone.format.c;

import dev.halftone.integer.ArenaPlan;
import dev.halftone.integer.IntegerGraph;
import dev.halftone.integer.IntegerOp;
import dev.halftone.integer.IntegerTensor;

/// The arena, planned for our kernels and, where CMSIS-NN computes something, once more for its kernels, which write over what they still
/// have to read. Behind the tensors lies what a kernel needs for itself.
///
/// @param width bytes of the widest integers: what the arena is counted in
/// @param isShared whether CMSIS-NN computes something
record CArena(ArenaPlan own, ArenaPlan cmsis, int width, boolean isShared, Scratch scratch) {

  /// Bytes that kernels need for themselves.
  ///
  /// @param own of our kernels
  /// @param cmsis of CMSIS-NN's and ours
  /// @param helium the same, on processors with Helium
  record Scratch(int own, int cmsis, int helium) {

    private static Scratch of(IntegerGraph graph, boolean isShared) {
      int own = FourBits.scratch(graph);
      return isShared
          ? new Scratch(
              own,
              Math.max(own, CmsisNn.scratch(graph, false)),
              Math.max(own, CmsisNn.scratch(graph, true)))
          : new Scratch(own, 0, 0);
    }
  }

  static CArena of(IntegerGraph graph) {
    ArenaPlan own = ArenaPlan.of(graph);
    int width = graph.isWide() ? Short.BYTES : Byte.BYTES;
    if (graph.weighted().noneMatch(op -> CmsisNn.runs(graph, op))) {
      return new CArena(own, own, width, false, Scratch.of(graph, false));
    }
    return new CArena(
        own,
        ArenaPlan.of(
            graph,
            op -> !(op instanceof IntegerOp.Weighted weighted && CmsisNn.runs(graph, weighted))),
        width,
        true,
        Scratch.of(graph, true));
  }

  /// Bytes where our kernels compute everything.
  int bytes() {
    return own.size() + scratch.own;
  }

  /// Where a tensor lies, as an expression.
  String at(int number, IntegerTensor tensor) {
    return at(own.offsets().get(number), cmsis.offsets().get(number), tensor.width());
  }

  /// Where a kernel of ours has memory for itself, as an expression.
  String atScratch() {
    return at(own.size(), cmsis.size(), Byte.BYTES);
  }

  /// @param ours bytes from the start, a multiple of the width
  /// @param theirs likewise
  /// @param bytes of the integers that lie there
  private String at(int ours, int theirs, int bytes) {
    String own = String.valueOf(ours / width);
    String at = "arena + " + (ours == theirs ? own : "HT_AT(" + own + ", " + theirs / width + ")");
    return bytes == width ? at : "(int8_t *)(" + at + ")";
  }

  /// What the body of the source is written with.
  String definitions() {
    return isShared
        ? """
        #ifdef HALFTONE_CMSIS_NN
        #define HT_AT(own, cmsis) (cmsis)
        #define HT_LAYER(kernel, layer, x, y) ht_cmsis_##kernel(layer, x, y, %s)
        #else
        #define HT_AT(own, cmsis) (own)
        #define HT_LAYER(kernel, layer, x, y) ht_##kernel(layer, x, y)
        #endif

        """
            .formatted(at(cmsis.size(), cmsis.size(), Byte.BYTES))
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
            + (cmsis.size() + scratch.helium)
            + "\n#else\n"
            + define
            + (cmsis.size() + scratch.cmsis)
            + "\n#endif\n"
        : ours;
  }
}
