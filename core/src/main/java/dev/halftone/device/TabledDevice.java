package dev.halftone.device;

import dev.halftone.graph.Node;
import dev.halftone.scheme.Range;
import dev.halftone.tensor.Shape;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A device that answers from one table of operations.
abstract class TabledDevice implements Device {

  private final Map<String, List<Row>> rows = new LinkedHashMap<>();

  /// @param rows those of one operation in the order in which they are tried
  TabledDevice(List<Row> rows) {
    rows.forEach(
        row -> this.rows.computeIfAbsent(row.operation(), _ -> new ArrayList<>()).add(row));
  }

  /// In the order of the table.
  final List<Row> rows() {
    return rows.values().stream().flatMap(List::stream).toList();
  }

  /// Why an operation of a kind that has no kernel, or whose kernel is not used, stays float: in words that follow its name.
  abstract String noKernel(Node node);

  @Override
  public final Support support(Node node, Surroundings around) {
    List<Row> forms = forms(node);
    if (!isUsed(node)) {
      return new Support.Refused(
          noKernel(node),
          has(node, Trait.UNUSED) ? Support.Ground.CHOICE : Support.Ground.NO_KERNEL,
          forms.stream().findFirst().flatMap(Row::remedy));
    }
    Optional<Support.Refused> first = Optional.empty();
    for (Row form : forms) {
      Optional<Support.Refused> refusal = form.refusal(node, around);
      if (refusal.isEmpty()) {
        return new Support.Supported(form.kernel(), form.traits());
      }
      first = first.or(() -> refusal);
    }
    return first.orElseThrow();
  }

  @Override
  public final IntegerKernel kernel(Node node) {
    return forms(node).stream().findFirst().map(Row::kernel).orElse(IntegerKernel.NONE);
  }

  @Override
  public final boolean has(Node node, Trait trait) {
    return forms(node).stream().anyMatch(form -> form.traits().contains(trait));
  }

  @Override
  public final Optional<List<String>> data(Node node) {
    return switch (kernel(node)) {
      case MOVE, CLAMP -> Optional.of(present(node, 0, 1));
      case WEIGHTED, ARITHMETIC, SCALE ->
          Optional.of(present(node, numbers(node).from(), node.inputs().size()));
      case NONE -> Optional.empty();
    };
  }

  private static List<String> present(Node node, int from, int to) {
    return node.inputs().stream().limit(to).skip(from).filter(input -> !input.isEmpty()).toList();
  }

  @Override
  public final int outputAxis(Node node) {
    return numbers(node).outputAxis().applyAsInt(node);
  }

  @Override
  public final Optional<PairedProducts> paired(Node node, Shape weight) {
    Row.Numbers numbers = numbers(node);
    return numbers.addsPairs().test(node, weight)
        ? Optional.of(PairedProducts.of(node, weight, outputs(node, weight)))
        : Optional.empty();
  }

  private int outputs(Node node, Shape weight) {
    return (int) weight.dim(outputAxis(node));
  }

  @Override
  public final Optional<Range> range(Node node) {
    return numbers(node).range();
  }

  private Row.Numbers numbers(Node node) {
    return forms(node).stream().findFirst().map(Row::numbers).orElse(Row.Numbers.ANY);
  }

  private List<Row> forms(Node node) {
    return rows.getOrDefault(node.operation(), List.of());
  }
}
