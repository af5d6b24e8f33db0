package dev.halftone.plan.rounding;

import dev.halftone.graph.Node;
import dev.halftone.plan.Layer;
import dev.halftone.tensor.Shape;
import java.util.ArrayList;
import java.util.List;

/// The rows in which the weights of a layer meet its inputs: each output channel is a row that is multiplied with the inputs of
/// its group, and a long row is cut into blocks whose inputs are taken to be independent of each other.
///
/// @param groups groups of output channels that read different inputs: the group attribute of Conv
/// @param rows output channels of a group
/// @param inputs weights of a row: input channels of a group times the kernel's extent
/// @param blocks pieces that a row is cut into, equal in length
/// @param rowsFirst whether the weights of a row stand side by side, as in Conv
record InputRows(int groups, int rows, int inputs, int blocks, boolean rowsFirst) {

  /// Longer rows are cut: the work for a row of n weights grows with n cubed.
  private static final int LONGEST = 2304;

  static InputRows of(Layer layer, Shape weight) {
    Node node = layer.node();
    int outputs = Math.toIntExact(weight.dim(layer.outputAxis()));
    int inputs = Math.toIntExact(weight.count() / Math.max(1, outputs));
    int groups = node.is("Conv") ? (int) node.intAttribute("group", 1) : 1;
    return new InputRows(groups, outputs / groups, inputs, blocks(inputs), layer.outputAxis() == 0);
  }

  /// The fewest equal blocks that are not too long.
  private static int blocks(int inputs) {
    int blocks = Math.max(1, Math.ceilDiv(inputs, LONGEST));
    while (inputs % blocks != 0) {
      blocks++;
    }
    return blocks;
  }

  /// Some of the blocks of all groups, one after the other.
  record Blocks(int first, int count) {}

  /// The blocks of all groups, shared out in order.
  ///
  /// @param most blocks of a share
  List<Blocks> batches(int most) {
    List<Blocks> batches = new ArrayList<>();
    for (int first = 0; first < allBlocks(); first += most) {
      batches.add(new Blocks(first, Math.min(most, allBlocks() - first)));
    }
    return batches;
  }

  /// Those of all groups.
  int allBlocks() {
    return groups * blocks;
  }

  /// Weights of a row in one block.
  int size() {
    return inputs / blocks;
  }

  int outputs() {
    return groups * rows;
  }

  /// Where a weight stands.
  int index(int output, int input) {
    return rowsFirst ? output * inputs + input : input * outputs() + output;
  }
}
