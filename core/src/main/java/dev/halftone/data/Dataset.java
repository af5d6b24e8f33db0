package dev.halftone.data;

/// Examples by number, read when asked for: memory does not grow with their count. Safe for use by several threads at once.
public interface Dataset {

  int size();

  /// The `index`-th example, 0 to `size() - 1`. The same index gives the same example.
  Sample sample(int index);

  /// A few words for a report, as in `100 pictures of folder/`.
  String description();

  /// The examples at these positions, in this order.
  default Dataset select(int... indices) {
    Dataset all = this;
    return new Dataset() {
      @Override
      public int size() {
        return indices.length;
      }

      @Override
      public Sample sample(int index) {
        return all.sample(indices[index]);
      }

      @Override
      public String description() {
        return indices.length + " of " + all.description();
      }
    };
  }
}
