package dev.halftone.finetune;

import dev.halftone.finetune.TorchCall.Operation;
import dev.halftone.graph.Attribute;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/// Operations that move elements, and shape arithmetic.
final class TorchLayouts {

  private TorchLayouts() {}

  static Map<String, Operation> operations() {
    Map<String, Operation> all = new HashMap<>();
    all.put("Reshape", Operation.of(TorchLayouts::reshape));
    all.put("Flatten", Operation.of(TorchLayouts::flatten));
    all.put("Transpose", Operation.of(TorchLayouts::transpose));
    all.put("Squeeze", Operation.of(TorchLayouts::squeeze));
    all.put("Unsqueeze", Operation.of(TorchLayouts::unsqueeze));
    all.put("Concat", Operation.of(TorchLayouts::concat));
    all.put("Slice", Operation.of(TorchLayouts::slice));
    all.put("Split", TorchLayouts::split);
    all.put("Gather", Operation.of(TorchLayouts::gather));
    all.put("Expand", Operation.of(TorchLayouts::expand));
    all.put("Tile", Operation.of(call -> call.in(0).repeat(call.longs(1))));
    all.put("Pad", Operation.of(TorchLayouts::pad));
    all.put("DepthToSpace", Operation.of(TorchLayouts::depthToSpace));
    all.put("Shape", Operation.of(TorchLayouts::shape));
    all.put("ConstantOfShape", Operation.of(TorchLayouts::constantOfShape));
    all.put(
        "Range",
        Operation.of(
            call -> torch.arange(call.in(0).item(), call.in(1).item(), call.in(2).item())));
    return Map.copyOf(all);
  }

  private static Tensor reshape(TorchCall call) {
    long[] wanted = call.longs(1);
    long[] now = call.shape(0);
    if (call.node().intAttribute("allowzero", 0) == 0) {
      for (int i = 0; i < wanted.length; i++) {
        wanted[i] = wanted[i] == 0 ? now[i] : wanted[i];
      }
    }
    return call.in(0).reshape(wanted);
  }

  private static Tensor flatten(TorchCall call) {
    int axis = call.axis(call.node().intAttribute("axis", 1), call.rank(0));
    long[] shape = call.shape(0);
    long rows = Arrays.stream(shape).limit(axis).reduce(1, (a, b) -> a * b);
    long columns = Arrays.stream(shape).skip(axis).reduce(1, (a, b) -> a * b);
    return call.in(0).reshape(rows, columns);
  }

  private static Tensor transpose(TorchCall call) {
    int rank = call.rank(0);
    long[] reversed = LongStream.range(0, rank).map(i -> rank - 1 - i).toArray();
    return call.in(0).permute(call.ints("perm", reversed));
  }

  private static Tensor squeeze(TorchCall call) {
    long[] shape = call.shape(0);
    long[] axes =
        call.axes(1, shape.length)
            .orElseGet(
                () -> LongStream.range(0, shape.length).filter(i -> shape[(int) i] == 1).toArray());
    return call.in(0)
        .reshape(
            LongStream.range(0, shape.length)
                .filter(i -> Arrays.stream(axes).noneMatch(axis -> axis == i))
                .map(i -> shape[(int) i])
                .toArray());
  }

  private static Tensor unsqueeze(TorchCall call) {
    long[] given = call.has(1) ? call.longs(1) : call.ints("axes");
    int rank = call.rank(0) + given.length;
    Tensor result = call.in(0);
    for (long axis : call.axes(1, rank).map(LongStream::of).orElseThrow().sorted().toArray()) {
      result = result.unsqueeze(axis);
    }
    return result;
  }

  private static Tensor concat(TorchCall call) {
    Tensor[] parts = new Tensor[call.inputs().size()];
    Arrays.setAll(parts, call::in);
    return torch.cat(
        new TensorVector(parts), call.axis(call.node().intAttribute("axis", 0), call.rank(0)));
  }

  private static Tensor slice(TorchCall call) {
    long[] starts = call.longs(1);
    long[] ends = call.longs(2);
    int rank = call.rank(0);
    long[] axes = call.has(3) ? call.longs(3) : LongStream.range(0, starts.length).toArray();
    long[] steps = call.has(4) ? call.longs(4) : LongStream.of(starts).map(_ -> 1).toArray();
    Tensor result = call.in(0);
    for (int i = 0; i < starts.length; i++) {
      int axis = call.axis(axes[i], rank);
      if (steps[i] > 0) {
        result = result.slice(axis, Libtorch.given(starts[i]), Libtorch.given(ends[i]), steps[i]);
      } else if (steps[i] == -1 && starts[i] == -1 && ends[i] <= -result.size(axis) - 1) {
        result = result.flip(axis);
      } else {
        throw call.unsupported("a step of " + steps[i]);
      }
    }
    return result;
  }

  private static List<Tensor> split(TorchCall call) {
    int axis = call.axis(call.node().intAttribute("axis", 0), call.rank(0));
    int parts = call.node().outputs().size();
    long size = call.in(0).size(axis);
    long each = (size + parts - 1) / parts;
    long[] sizes =
        call.has(1)
            ? call.longs(1)
            : call.ints(
                "split",
                LongStream.range(0, parts).map(i -> Math.min(each, size - i * each)).toArray());
    List<Tensor> made = new ArrayList<>();
    long from = 0;
    for (long length : sizes) {
      made.add(call.in(0).narrow(axis, from, length));
      from += length;
    }
    return made;
  }

  private static Tensor gather(TorchCall call) {
    int axis = call.axis(call.node().intAttribute("axis", 0), call.rank(0));
    Tensor indices = call.in(1);
    long extent = call.in(0).size(axis);
    Tensor positive =
        torch.where(indices.lt(Libtorch.number(0)), indices.add(Libtorch.whole(extent)), indices);
    Tensor flat = call.in(0).index_select(axis, positive.reshape(-1));
    long[] data = call.shape(0);
    long[] shape =
        LongStream.concat(
                LongStream.concat(
                    Arrays.stream(data).limit(axis), Arrays.stream(Libtorch.shape(indices))),
                Arrays.stream(data).skip(axis + 1L))
            .toArray();
    return flat.reshape(shape);
  }

  private static Tensor expand(TorchCall call) {
    long[] wanted = call.longs(1);
    long[] now = call.shape(0);
    int rank = Math.max(wanted.length, now.length);
    long[] shape = new long[rank];
    for (int i = 0; i < rank; i++) {
      int mine = i - rank + now.length;
      int asked = i - rank + wanted.length;
      shape[i] = Math.max(mine < 0 ? 1 : now[mine], asked < 0 ? 1 : wanted[asked]);
    }
    return call.in(0).expand(shape);
  }

  private static Tensor pad(TorchCall call) {
    if (!call.node().textAttribute("mode", "constant").equals("constant")) {
      throw call.unsupported("mode " + call.node().textAttribute("mode", ""));
    }
    int rank = call.rank(0);
    long[] given = call.has(1) ? call.longs(1) : call.ints("pads");
    long[] pads = new long[2 * rank];
    for (int i = 0; i < given.length / 2; i++) {
      int axis = call.has(3) ? call.axis(call.longs(3)[i], rank) : i;
      pads[axis] = given[i];
      pads[rank + axis] = given[i + given.length / 2];
    }
    float value = call.number(2, call.node().floatAttribute("value", 0));
    return padded(call.in(0), pads, value);
  }

  /// @param pads [2 * rank]: elements before each axis, then elements after each, as ONNX has them
  static Tensor padded(Tensor x, long[] pads, float value) {
    int rank = pads.length / 2;
    long[] backward = new long[pads.length]; // libtorch's order: last axis first, before and after
    for (int i = 0; i < rank; i++) {
      backward[2 * i] = pads[rank - 1 - i];
      backward[2 * i + 1] = pads[2 * rank - 1 - i];
    }
    return torch.constant_pad_nd(x, backward, Libtorch.number(value));
  }

  private static Tensor depthToSpace(TorchCall call) {
    long block = call.node().intAttribute("blocksize", 1);
    long[] s = call.shape(0); // [n, c, h, w]
    long channels = s[1] / (block * block);
    boolean columnFirst = call.node().textAttribute("mode", "DCR").equals("CRD");
    Tensor parts =
        columnFirst
            ? call.in(0).reshape(s[0], channels, block, block, s[2], s[3]).permute(0, 1, 4, 2, 5, 3)
            : call.in(0)
                .reshape(s[0], block, block, channels, s[2], s[3])
                .permute(0, 3, 4, 1, 5, 2);
    return parts.reshape(s[0], channels, s[2] * block, s[3] * block);
  }

  private static Tensor shape(TorchCall call) {
    long[] shape = call.shape(0);
    int from = call.axis(call.node().intAttribute("start", 0), shape.length);
    int to = call.axis(call.node().intAttribute("end", shape.length), shape.length);
    long[] part = Arrays.copyOfRange(shape, from, to);
    return Libtorch.tensor(part, part.length);
  }

  private static Tensor constantOfShape(TorchCall call) {
    Tensor value =
        call.node().attributes().get("value") instanceof Attribute.TensorValue(var tensor)
            ? Libtorch.tensor(tensor)
            : Libtorch.scalar(0);
    return value.reshape(1).expand(call.longs(0));
  }
}
