package dev.halftone.graph.shape;

import dev.halftone.graph.Dim;
import dev.halftone.graph.Dim.Known;
import dev.halftone.tensor.DType;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BinaryOperator;
import java.util.function.Function;

/// The elements of shape data: what comes of a Shape on its way to a Reshape. Elements are whole numbers, names or unknown.
final class Contents {

  private static final Map<String, Function<NodeInputs, List<Dim>>> RULES = rules();

  private Contents() {}

  /// The elements of the first output. Throws CannotTell where the operation is none that handles shapes.
  static List<Dim> of(NodeInputs call) {
    return RULES
        .getOrDefault(
            call.node().operation(),
            _ -> {
              throw new CannotTell();
            })
        .apply(call);
  }

  private static Map<String, Function<NodeInputs, List<Dim>>> rules() {
    Map<String, Function<NodeInputs, List<Dim>>> rules = new HashMap<>();
    for (String op :
        "Identity Reshape Flatten Squeeze Unsqueeze Floor Ceil Round Dropout".split(" ")) {
      rules.put(op, call -> call.contents(0));
    }
    rules.put("Cast", Contents::cast);
    rules.put("Shape", call -> Sources.part(call.node(), call.dims(0)));
    rules.put("Size", call -> List.of(Dims.product(call.dims(0))));
    rules.put("Gather", Picks::gather);
    rules.put("Slice", Picks::slice);
    rules.put("Transpose", Picks::transpose);
    rules.put("Concat", Contents::concat);
    rules.put("Expand", Contents::expand);
    rules.put("Range", Contents::range);
    rules.put("ConstantOfShape", Contents::constantOfShape);
    rules.put("Where", Contents::where);
    rules.put("ReduceProd", Contents::product);
    rules.put("Add", call -> zip(call, Dims::add));
    rules.put("Sub", call -> zip(call, Dims::subtract));
    rules.put("Mul", call -> zip(call, Dims::multiply));
    rules.put("Div", Contents::divide);
    rules.put("Equal", call -> zip(call, Contents::equal));
    rules.put("Max", call -> zip(call, Contents::larger));
    rules.put("Min", call -> zip(call, Contents::smaller));
    return rules;
  }

  private static List<Dim> cast(NodeInputs call) {
    long to = call.node().intAttribute("to", 0);
    boolean wide = to == DType.INT64.code() || to == DType.INT32.code() || to == DType.FLOAT.code();
    if (!wide) {
      throw new CannotTell();
    }
    return call.contents(0);
  }

  private static List<Dim> concat(NodeInputs call) {
    List<Dim> all = new ArrayList<>();
    for (int i = 0; i < call.inputs(); i++) {
      if (call.rank(i) != 1 || all.size() > Fact.MAX_CONTENTS) {
        throw new CannotTell();
      }
      List<Dim> none =
          Dims.known(call.dim(i, 0)).stream()
              .mapToObj(size -> Dims.unknown(size))
              .findFirst()
              .orElseThrow(CannotTell::new);
      all.addAll(call.fact(i).contents().orElse(none));
    }
    return all;
  }

  private static List<Dim> expand(NodeInputs call) {
    List<Dim> from = call.contents(0);
    List<Dim> shape = Dims.broadcast(call.dims(0), call.contents(1));
    long count = Dims.known(Dims.product(shape)).orElseThrow(CannotTell::new);
    if (from.size() == count) {
      return from;
    }
    return repeated(from, count);
  }

  private static List<Dim> constantOfShape(NodeInputs call) {
    long count = Dims.known(Dims.product(call.contents(0))).orElseThrow(CannotTell::new);
    Dim value =
        call.node().attributes().get("value")
                instanceof dev.halftone.graph.Attribute.TensorValue(var tensor)
            ? Fact.of(tensor).contents().orElseThrow(CannotTell::new).getFirst()
            : Dim.of(0);
    return repeated(List.of(value), count);
  }

  private static List<Dim> repeated(List<Dim> one, long count) {
    if (one.size() != 1 || count > Fact.MAX_CONTENTS) {
      throw new CannotTell();
    }
    return Collections.nCopies((int) count, one.getFirst());
  }

  private static List<Dim> range(NodeInputs call) {
    long start = call.scalar(0);
    long step = call.scalar(2);
    long count = step == 0 ? 0 : Math.ceilDiv(Math.subtractExact(call.scalar(1), start), step);
    if (count > Fact.MAX_CONTENTS) {
      throw new CannotTell();
    }
    List<Dim> values = new ArrayList<>();
    for (long i = 0; i < count; i++) {
      values.add(Dim.of(start + i * step));
    }
    return values;
  }

  private static List<Dim> product(NodeInputs call) {
    if (call.rank(0) != 1) {
      throw new CannotTell();
    }
    return List.of(Dims.product(call.contents(0)));
  }

  private static List<Dim> where(NodeInputs call) {
    List<Dim> condition = call.contents(0);
    List<Dim> yes = call.contents(1);
    List<Dim> no = call.contents(2);
    int count = Math.max(condition.size(), Math.max(yes.size(), no.size()));
    List<Dim> chosen = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Dim left = at(yes, i, count);
      Dim right = at(no, i, count);
      Dim asked = at(condition, i, count);
      chosen.add(
          asked instanceof Known(long truth)
              ? (truth != 0 ? left : right)
              : Dims.same(left, right) ? left : Dim.UNKNOWN);
    }
    return chosen;
  }

  private static List<Dim> zip(NodeInputs call, BinaryOperator<Dim> operation) {
    if (call.inputs() != 2) {
      throw new CannotTell();
    }
    List<Dim> a = call.contents(0);
    List<Dim> b = call.contents(1);
    int count = a.isEmpty() || b.isEmpty() ? 0 : Math.max(a.size(), b.size());
    List<Dim> result = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      result.add(operation.apply(at(a, i, count), at(b, i, count)));
    }
    return result;
  }

  private static Dim at(List<Dim> values, int i, int count) {
    if (values.size() != count && values.size() != 1) {
      throw new CannotTell();
    }
    return values.get(values.size() == 1 ? 0 : i);
  }

  private static List<Dim> divide(NodeInputs call) {
    boolean whole = call.dtype(0).isInteger();
    return zip(call, (a, b) -> whole || exact(a, b) ? Dims.divide(a, b) : Dim.UNKNOWN);
  }

  private static boolean exact(Dim a, Dim b) {
    return Dims.is(b, 1)
        || a instanceof Known(long x) && b instanceof Known(long y) && y != 0 && x % y == 0;
  }

  private static Dim equal(Dim a, Dim b) {
    if (a instanceof Known(long x) && b instanceof Known(long y)) {
      return Dim.of(x == y ? 1 : 0);
    }
    if (Dims.same(a, b)) {
      return Dims.ONE;
    }
    return neverEqual(a, b) || neverEqual(b, a) ? Dim.of(0) : Dim.UNKNOWN;
  }

  /// A name is a size, and so never negative.
  private static boolean neverEqual(Dim a, Dim b) {
    return a instanceof Dim.Named && b instanceof Known(long size) && size < 0;
  }

  private static Dim larger(Dim a, Dim b) {
    if (a instanceof Known(long x) && b instanceof Known(long y)) {
      return Dim.of(Math.max(x, y));
    }
    return Dims.same(a, b) ? a : Dim.UNKNOWN;
  }

  private static Dim smaller(Dim a, Dim b) {
    if (a instanceof Known(long x) && b instanceof Known(long y)) {
      return Dim.of(Math.min(x, y));
    }
    return Dims.same(a, b) ? a : Dim.UNKNOWN;
  }
}
