package dev.halftone.plan;

import dev.halftone.form.ProductInput;
import dev.halftone.scheme.Affine;
import dev.halftone.scheme.QuantizedType;
import java.util.Optional;

/// The way in which the input of a product becomes integers, in a file.
///
/// @param per `dynamic`, `row` or `static`
/// @param scale of what is static
/// @param zeroPoint of what is static
/// @param low no value of a row is below; null where rows have both signs
/// @param least what rows are divided by at least
record SavedProduct(
    String per,
    Optional<Float> scale,
    Optional<Integer> zeroPoint,
    Optional<Float> low,
    Optional<Float> least) {

  private static final String DYNAMIC = "dynamic";
  private static final String ROW = "row";
  private static final String STATIC = "static";

  SavedProduct {
    ProductInput unused = input(per, scale, zeroPoint, low, least);
  }

  static SavedProduct of(ProductInput input) {
    return switch (input) {
      case ProductInput.Dynamic() -> of(DYNAMIC, Optional.empty(), Optional.empty());
      case ProductInput.PerRow(float low, float least) ->
          new SavedProduct(
              ROW,
              Optional.empty(),
              Optional.empty(),
              Float.isInfinite(low) ? Optional.empty() : Optional.of(low),
              Optional.of(least));
      case ProductInput.Fixed(Affine grid) ->
          of(STATIC, Optional.of(grid.scale()), Optional.of(grid.zeroPoint()));
    };
  }

  private static SavedProduct of(String per, Optional<Float> scale, Optional<Integer> zeroPoint) {
    return new SavedProduct(per, scale, zeroPoint, Optional.empty(), Optional.empty());
  }

  ProductInput input() {
    return input(per, scale, zeroPoint, low, least);
  }

  /// Throws IllegalArgumentException where the fields are none of a product's.
  private static ProductInput input(
      String per,
      Optional<Float> scale,
      Optional<Integer> zeroPoint,
      Optional<Float> low,
      Optional<Float> least) {
    return switch (per) {
      case DYNAMIC -> new ProductInput.Dynamic();
      case ROW -> new ProductInput.PerRow(low.orElse(Float.NEGATIVE_INFINITY), required(least));
      case STATIC ->
          new ProductInput.Fixed(
              new Affine(QuantizedType.UINT8, required(scale), required(zeroPoint)));
      default ->
          throw new IllegalArgumentException(
              "per is %s, %s or %s, not %s".formatted(DYNAMIC, ROW, STATIC, per));
    };
  }

  private static <T> T required(Optional<T> field) {
    return field.orElseThrow(
        () -> new IllegalArgumentException("a product has scale and zeroPoint, or least"));
  }
}
