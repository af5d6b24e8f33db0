package dev.halftone.finetune;

import static java.util.Objects.requireNonNull;

import dev.halftone.graph.GraphIndex;
import dev.halftone.graph.Node;
import dev.halftone.plan.Plan;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.bytedeco.pytorch.Tensor;

/// The distance of the quantized network's answers from the float network's, and of its inner values too: no labels are needed
/// (Hinton et al. 2015, arXiv:1503.02531; Romero et al. 2015, arXiv:1412.6550). Squared errors, for scores too (Kim et al. 2021,
/// arXiv:2105.08919): every score of every sample counts, where the divergence on a hundred samples hangs on two or three of them.
///
/// @param scores outputs whose last axis holds scores of classes, before any softmax
/// @param values other outputs
/// @param blocks values inside, where residual blocks end
record Objective(List<String> scores, List<String> values, List<String> blocks) {

  Objective {
    scores = List.copyOf(scores);
    values = List.copyOf(values);
    blocks = List.copyOf(blocks);
  }

  private static final int MOST_BLOCKS = 12;

  /// @param hasScores whether the outputs of two axes are scores of classes
  static Objective of(dev.halftone.graph.Graph graph, Plan plan, boolean hasScores) {
    GraphIndex index = new GraphIndex(graph);
    List<String> scores = new ArrayList<>();
    List<String> values = new ArrayList<>();
    for (var output : graph.outputs()) {
      Optional<Node> squashing =
          index.producer(output.name()).filter(node -> node.is("Softmax") || node.is("LogSoftmax"));
      if (squashing.isPresent()) {
        scores.add(squashing.get().input(0));
      } else if (hasScores) {
        scores.add(output.name());
      } else {
        values.add(output.name());
      }
    }
    return new Objective(scores, values, blocks(index, plan));
  }

  /// Sums with the clamps behind them; where there are hardly any, what every few layers make.
  private static List<String> blocks(GraphIndex index, Plan plan) {
    List<String> sums =
        plan.activations().keySet().stream()
            .filter(
                tensor -> index.producer(tensor).filter(node -> endsSum(node, index)).isPresent())
            .toList();
    List<String> outputs =
        plan.layers().stream()
            .map(planned -> planned.layer().output())
            .filter(plan.activations()::containsKey)
            .toList();
    List<String> all = sums.size() > 1 ? sums : outputs;
    int every = Math.ceilDiv(Math.max(1, all.size()), MOST_BLOCKS);
    List<String> some = new ArrayList<>();
    for (int i = every - 1; i < all.size(); i += every) {
      some.add(all.get(i));
    }
    return some;
  }

  private static boolean endsSum(Node node, GraphIndex index) {
    boolean clamps = node.is("Relu") || node.is("Clip");
    Node sum = clamps ? index.producer(node.input(0)).orElse(node) : node;
    boolean joins =
        sum.is("Add")
            && index.constant(sum.input(0)).isEmpty()
            && index.constant(sum.input(1)).isEmpty();
    boolean continues =
        !clamps
            && index
                .onlyConsumer(node.output())
                .filter(next -> next.is("Relu") || next.is("Clip"))
                .isPresent();
    return joins && !continues;
  }

  /// The answers.
  Set<String> outputs() {
    Set<String> outputs = new LinkedHashSet<>(scores);
    outputs.addAll(values);
    return outputs;
  }

  /// The answers, and values inside.
  Set<String> wanted() {
    Set<String> wanted = outputs();
    wanted.addAll(blocks);
    return wanted;
  }

  /// [n] the squared error of the answers to each sample, relative to the variance of the float network's.
  Tensor answers(Map<String, Tensor> learner, Map<String, Tensor> teacher) {
    return errors(outputs(), learner, teacher);
  }

  /// [n] the mean over blocks of the same.
  Tensor inner(Map<String, Tensor> learner, Map<String, Tensor> teacher) {
    Tensor loss = errors(blocks, learner, teacher);
    return blocks.isEmpty() ? loss : loss.div(Libtorch.number(blocks.size()));
  }

  private static Tensor errors(
      Collection<String> names, Map<String, Tensor> learner, Map<String, Tensor> teacher) {
    Tensor sum = Libtorch.scalar(0);
    for (String name : names) {
      Tensor theirs = requireNonNull(teacher.get(name));
      Tensor error = requireNonNull(learner.get(name)).sub(theirs).square();
      Tensor each = error.dim() > 1 ? error.flatten(1, -1).mean(1) : error;
      sum = sum.add(each.div(theirs.var().add(Libtorch.number(1e-12))));
    }
    return sum;
  }

  /// [n, ..., classes], axes of a single element left out.
  static Tensor logits(Tensor output) {
    long[] shape = Libtorch.shape(output);
    if (shape.length > 2
        && java.util.Arrays.stream(shape).skip(1).filter(d -> d > 1).count() == 1) {
      return output.flatten(1, -1);
    }
    return output;
  }
}
