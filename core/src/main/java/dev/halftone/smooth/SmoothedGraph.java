package dev.halftone.smooth;

import dev.halftone.form.AddedNodes;
import dev.halftone.graph.Graph;
import dev.halftone.graph.GraphEdit;
import dev.halftone.graph.GraphIndex;
import dev.halftone.graph.Node;
import dev.halftone.tensor.Shape;
import dev.halftone.tensor.Tensor;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A graph with the channels of one tensor shifted and scaled. The normalization makes other values, the matrices of the products and the
/// biases behind them make up for it, and what else reads the tensor reads its old values.
final class SmoothedGraph {

  private final GraphIndex index;
  private final GraphEdit edit;
  private final SmoothableTensor tensor;
  private final SmoothedChannels channels;
  private final float[] shifts;
  private final float[] scales;
  private final Map<Node, Node> changed = new IdentityHashMap<>();

  SmoothedGraph(GraphIndex index, SmoothableTensor tensor, SmoothedChannels channels) {
    this.index = index;
    this.edit = new GraphEdit(index.graph());
    this.tensor = tensor;
    this.channels = channels;
    this.shifts = channels.shiftArray();
    this.scales = channels.scaleArray();
    if (shifts.length != tensor.channels()) {
      throw new IllegalArgumentException("the model has other channels in " + tensor.name());
    }
  }

  Graph apply() {
    switch (tensor.maker()) {
      case ChannelAffine affine -> normalization(affine);
      case ValueProjection values -> values(values);
    }
    tensor.products().forEach(this::product);
    others();
    changed.forEach(edit::replace);
    return edit.build();
  }

  private void normalization(ChannelAffine affine) {
    ChannelAffine.Place factor = affine.factor();
    float[] factors = vector(factor);
    float[] divided = new float[scales.length];
    for (int c = 0; c < scales.length; c++) {
      divided[c] = factors[c] / scales[c];
    }
    reading(factor.node(), factor.input(), divided);
    if (channels.isScaleOnly() && affine.addend().filter(affine.maker()::hasInput).isEmpty()) {
      return;
    }
    require(affine.canShift());
    int at = affine.addend().orElseThrow();
    float[] added =
        affine.maker().hasInput(at) ? vector(affine.maker(), at) : new float[scales.length];
    reading(affine.maker(), at, shiftedAndScaled(added));
  }

  private float[] shiftedAndScaled(float[] added) {
    float[] other = new float[added.length];
    for (int c = 0; c < added.length; c++) {
      other[c] = (added[c] - shifts[c]) / scales[c];
    }
    return other;
  }

  /// Each column and its bias divided, what is shifted taken from the bias.
  private void values(ValueProjection projection) {
    float[] matrix = vector(projection.product(), 1);
    for (int i = 0; i < matrix.length; i++) {
      matrix[i] /= scales[i % scales.length];
    }
    reading(projection.product(), 1, matrix);
    if (projection.bias().isEmpty()) {
      require(channels.isScaleOnly());
      return;
    }
    ChannelAffine.Place bias = projection.bias().get();
    reading(bias.node(), bias.input(), shiftedAndScaled(vector(bias)));
  }

  private static void require(boolean holds) {
    if (!holds) {
      throw new IllegalArgumentException("the model adds nothing that could take a shift");
    }
  }

  private float[] vector(ChannelAffine.Place place) {
    return vector(place.node(), place.input());
  }

  private float[] vector(Node node, int input) {
    return index.constant(node.input(input)).orElseThrow().toFloats();
  }

  /// The node reads other numbers than a constant that it has.
  private void reading(Node node, int input, float[] values) {
    Node now = changed.getOrDefault(node, node);
    List<String> inputs = new ArrayList<>(now.inputs());
    while (inputs.size() <= input) {
      inputs.add("");
    }
    Optional<Tensor> before = index.constant(inputs.get(input));
    Shape shape = before.map(Tensor::shape).orElse(new Shape(values.length));
    String name = inputs.get(input).isEmpty() ? tensor.name() + "_shift" : inputs.get(input);
    inputs.set(input, edit.addConstant(name, Tensor.of(shape, values)));
    changed.put(node, now.withInputs(inputs));
  }

  /// The matrix times the scales, and a bias for the shifts.
  private void product(Node product) {
    float[][] rows = SmoothableTensor.rows(product, index);
    int outputs = rows[0].length;
    double[] bias = new double[outputs];
    float[] values = new float[rows.length * outputs];
    boolean isTurned = SmoothableTensor.inputAxis(product) == 1;
    for (int c = 0; c < rows.length; c++) {
      for (int n = 0; n < outputs; n++) {
        bias[n] += (double) shifts[c] * rows[c][n];
        values[isTurned ? n * rows.length + c : c * outputs + n] = rows[c][n] * scales[c];
      }
    }
    if (!channels.isShiftOnly()) {
      reading(product, 1, values);
    }
    if (!channels.isScaleOnly()) {
      addBias(product, bias);
    }
  }

  private void addBias(Node product, double[] bias) {
    if (product.is("Gemm")) {
      Optional<Tensor> own = index.constant(product.input(2));
      if (product.hasInput(2) && own.filter(value -> value.count() == bias.length).isEmpty()) {
        after(product, bias);
        return;
      }
      reading(product, 2, plus(own.map(Tensor::toFloats).orElse(new float[bias.length]), bias));
      return;
    }
    Optional<ChannelAffine.Place> sum =
        index.onlyConsumer(product.output()).flatMap(next -> added(next, bias.length));
    if (sum.isPresent()) {
      reading(sum.get().node(), sum.get().input(), plus(vector(sum.get()), bias));
    } else {
      after(product, bias);
    }
  }

  /// An Add behind a node.
  private void after(Node node, double[] bias) {
    String before = edit.freshName(node.output() + "_unshifted");
    Node now = changed.getOrDefault(node, node);
    changed.put(node, now.withOutputs(List.of(before)));
    String constant =
        edit.addConstant(
            node.output() + "_shift", Tensor.vector(plus(new float[bias.length], bias)));
    edit.add(Node.of("Add", "", List.of(before, constant), List.of(node.output())));
  }

  private static float[] plus(float[] values, double[] more) {
    float[] sums = new float[more.length];
    for (int i = 0; i < sums.length; i++) {
      sums[i] = (float) (values[i] + more[i]);
    }
    return sums;
  }

  /// The constants that an Add adds, where there are so many.
  private Optional<ChannelAffine.Place> added(Node node, int count) {
    return ChannelAffine.added(node, index).filter(place -> vector(place).length == count);
  }

  /// What is no product reads the old values: times the scales, plus the shifts. These go into a bias that is added anyway where there is
  /// one.
  private void others() {
    if (tensor.others().isEmpty()) {
      return;
    }
    String real = tensor.name();
    if (!channels.isShiftOnly()) {
      String constant = edit.addConstant(tensor.name() + "_scales", Tensor.vector(scales));
      real = add("Mul", real, constant);
    }
    String shifted = "";
    for (Node other : new LinkedHashSet<>(tensor.others())) {
      Optional<ChannelAffine.Place> bias =
          channels.isScaleOnly() ? Optional.empty() : biasBeside(other);
      if (bias.isPresent()) {
        reading(bias.get().node(), bias.get().input(), plus(now(bias.get()), doubles(shifts)));
      }
      if (bias.isPresent() || channels.isScaleOnly()) {
        readInstead(other, real);
        continue;
      }
      if (shifted.isEmpty()) {
        String constant = edit.addConstant(tensor.name() + "_shifts", Tensor.vector(shifts));
        shifted = add("Add", real, constant);
      }
      readInstead(other, shifted);
    }
  }

  /// What constants hold, with what was changed of them.
  private float[] now(ChannelAffine.Place place) {
    Node changedTo = changed.get(place.node());
    return changedTo == null
        ? vector(place)
        : edit.constant(changedTo.input(place.input())).toFloats();
  }

  private static double[] doubles(float[] values) {
    double[] doubles = new double[values.length];
    for (int i = 0; i < doubles.length; i++) {
      doubles[i] = values[i];
    }
    return doubles;
  }

  /// The bias in the sum of a product and a bias that this Add alone adds to the tensor.
  private Optional<ChannelAffine.Place> biasBeside(Node sum) {
    if (!sum.is("Add") || sum.input(0).equals(sum.input(1))) {
      return Optional.empty();
    }
    String beside = sum.input(0).equals(tensor.name()) ? sum.input(1) : sum.input(0);
    return index
        .producer(beside)
        .filter(_ -> index.onlyConsumer(beside).isPresent())
        .flatMap(node -> added(node, shifts.length));
  }

  private void readInstead(Node node, String other) {
    Node now = changed.getOrDefault(node, node);
    List<String> inputs =
        now.inputs().stream().map(in -> in.equals(tensor.name()) ? other : in).toList();
    changed.put(node, now.withInputs(inputs));
  }

  private String add(String op, String value, String constant) {
    return new AddedNodes(edit).add(op, tensor.name() + "_old", value, constant);
  }
}
