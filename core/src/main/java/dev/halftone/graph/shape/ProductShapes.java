package dev.halftone.graph.shape;

import dev.halftone.graph.Dim;
import dev.halftone.graph.Dim.Unknown;
import dev.halftone.graph.TensorType;
import dev.halftone.tensor.DType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Matrix products and recurrent layers.
final class ProductShapes {

  private ProductShapes() {}

  static Map<String, Rule> rules() {
    Map<String, Rule> rules = new HashMap<>();
    rules.put("MatMul", call -> List.of(matMul(call, 1, call.dtype(0))));
    rules.put("MatMulInteger", call -> List.of(matMul(call, 1, DType.INT32)));
    rules.put("QLinearMatMul", call -> List.of(matMul(call, 3, call.dtype(7))));
    rules.put("com.microsoft.DynamicQuantizeMatMul", call -> List.of(matMul(call, 1, DType.FLOAT)));
    rules.put("Gemm", call -> List.of(gemm(call, 1, call.dtype(0))));
    rules.put(
        "com.microsoft.QGemm",
        call -> List.of(gemm(call, 3, call.has(8) ? call.dtype(8) : DType.FLOAT)));
    rules.put("Einsum", ProductShapes::einsum);
    rules.put("LSTM", call -> recurrent(call, 4));
    rules.put("GRU", call -> recurrent(call, 3));
    rules.put("RNN", call -> recurrent(call, 1));
    return rules;
  }

  private static TensorType matMul(NodeInputs call, int right, DType dtype) {
    List<Dim> a = new ArrayList<>(call.dims(0));
    List<Dim> b = new ArrayList<>(call.dims(right));
    boolean vectorA = a.size() == 1;
    boolean vectorB = b.size() == 1;
    if (vectorA) {
      a.addFirst(Dims.ONE);
    }
    if (vectorB) {
      b.addLast(Dims.ONE);
    }
    int rows = a.size() - 2;
    int columns = b.size() - 2;
    List<Dim> dims = new ArrayList<>(Dims.broadcast(a.subList(0, rows), b.subList(0, columns)));
    if (!vectorA) {
      dims.add(a.get(rows));
    }
    if (!vectorB) {
      dims.add(b.get(columns + 1));
    }
    return TensorType.of(dtype, dims);
  }

  private static TensorType gemm(NodeInputs call, int right, DType dtype) {
    int rows = call.node().intAttribute("transA", 0) != 0 ? 1 : 0;
    int columns = call.node().intAttribute("transB", 0) != 0 ? 0 : 1;
    return TensorType.of(dtype, List.of(call.dim(0, rows), call.dim(right, columns)));
  }

  /// Equations of letters only; an ellipsis cannot be told.
  private static List<TensorType> einsum(NodeInputs call) {
    String equation = call.node().textAttribute("equation", "").replace(" ", "");
    if (equation.isEmpty() || equation.contains(".")) {
      throw new CannotTell();
    }
    int arrow = equation.indexOf("->");
    String[] terms = (arrow < 0 ? equation : equation.substring(0, arrow)).split(",", -1);
    Map<Character, Dim> sizes = new java.util.TreeMap<>();
    Map<Character, Integer> uses = new HashMap<>();
    for (int i = 0; i < terms.length; i++) {
      List<Dim> dims = call.dims(i);
      for (int j = 0; j < terms[i].length(); j++) {
        sizes.merge(terms[i].charAt(j), dims.get(j), Dims::broadcast);
        uses.merge(terms[i].charAt(j), 1, Integer::sum);
      }
    }
    StringBuilder result = new StringBuilder(arrow < 0 ? "" : equation.substring(arrow + 2));
    if (arrow < 0) {
      sizes.keySet().stream()
          .filter(letter -> uses.getOrDefault(letter, 0) == 1)
          .forEach(result::append);
    }
    return call.of(
        result
            .chars()
            .mapToObj(letter -> sizes.getOrDefault((char) letter, new Unknown()))
            .toList());
  }

  /// Recurrence weights are `[directions][gates*hidden][hidden]`; results Y, Y_h and, of an LSTM, Y_c.
  private static List<TensorType> recurrent(NodeInputs call, int gates) {
    List<Dim> x = call.dims(0);
    boolean batchFirst = call.node().intAttribute("layout", 0) != 0;
    Dim steps = x.get(batchFirst ? 1 : 0);
    Dim batch = x.get(batchFirst ? 0 : 1);
    Dim directions = call.dim(2, 0);
    Dim hidden = call.dim(2, 2);
    DType dtype = call.dtype(0);
    List<Dim> all =
        batchFirst
            ? List.of(batch, steps, directions, hidden)
            : List.of(steps, directions, batch, hidden);
    List<Dim> last =
        batchFirst ? List.of(batch, directions, hidden) : List.of(directions, batch, hidden);
    TensorType state = TensorType.of(dtype, last);
    return gates == 4
        ? List.of(TensorType.of(dtype, all), state, state)
        : List.of(TensorType.of(dtype, all), state);
  }
}
