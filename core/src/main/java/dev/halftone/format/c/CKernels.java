package dev.halftone.format.c;

import static java.util.Objects.requireNonNull;

import dev.halftone.integer.IntegerTensor;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/// The kernels that a network uses, with all that they build on ([CKernel]).
final class CKernels {

  /// What weighted layers need under this name: one of two files, as the network's multipliers allow.
  private static final String FINISH = "finish";

  private final Map<String, CKernel> used = new HashMap<>();
  private final Map<String, Set<CTypes>> types = new HashMap<>(); // by kernel
  private final boolean shifts;
  private final String finish;

  /// @param shifts whether every scale is a power of two, so that nothing needs a multiplier
  /// @param down whether the shorter arithmetic serves every layer
  CKernels(boolean shifts, boolean down) {
    this.shifts = shifts;
    this.finish = down && !shifts ? "finish_down" : "finish_any";
  }

  /// The call of a kernel, which is used from here on.
  String call(String kernel, Object... arguments) {
    use(kernel);
    return written(kernel, arguments);
  }

  /// The call of a kernel for integers of these types. Throws IllegalStateException where its file does not declare them.
  String call(String kernel, IntegerTensor in, IntegerTensor out, Object... arguments) {
    use(kernel);
    CTypes wanted = CTypes.of(in, out);
    if (!requireNonNull(used.get(kernel)).types().contains(wanted)) {
      throw new IllegalStateException(kernel + ".c is not written for " + wanted);
    }
    types.computeIfAbsent(kernel, _ -> EnumSet.noneOf(CTypes.class)).add(wanted);
    return written(wanted.name(kernel), arguments);
  }

  private static String written(String name, Object... arguments) {
    return Arrays.stream(arguments)
        .map(String::valueOf)
        .collect(Collectors.joining(", ", "ht_" + name + "(", ");"));
  }

  /// @param kernel name of the file, with what it builds on
  void use(String kernel) {
    if (!used.containsKey(kernel)) {
      CKernel file = CKernel.of(kernel);
      used.put(kernel, file);
      file.needs().forEach(need -> use(need.equals(FINISH) ? finish : need));
    }
  }

  String text() {
    StringBuilder text = new StringBuilder();
    if (shifts) {
      text.append(
          "#define HT_SHIFTS 1 /* scales are powers of two: integers are rescaled by shifts */\n\n");
    }
    used.values().stream()
        .sorted(Comparator.comparingInt(CKernel::order).thenComparing(CKernel::name))
        .forEach(kernel -> write(kernel, text));
    return text.toString();
  }

  private void write(CKernel kernel, StringBuilder text) {
    if (kernel.types().isEmpty()) {
      text.append(kernel.text()).append('\n');
      return;
    }
    types
        .getOrDefault(kernel.name(), Set.of())
        .forEach(wanted -> text.append(wanted.written(kernel.name(), kernel.text())).append('\n'));
  }
}
