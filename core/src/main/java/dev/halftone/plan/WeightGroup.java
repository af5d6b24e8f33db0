package dev.halftone.plan;

import static java.util.Objects.requireNonNull;

import dev.halftone.graph.Node;
import dev.halftone.recipe.Rules;
import dev.halftone.recipe.Subject;
import dev.halftone.scheme.Granularity;
import dev.halftone.scheme.QuantizedType;
import dev.halftone.scheme.Scales;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/// The layers of a plan that share their integer weights: they read one initializer, in the same way and in the same type.
///
/// @param users in graph order, one at least
public record WeightGroup(List<LayerPlan> users) {

  /// How a layer reads its initializer: layers that do it otherwise have other rows, and so other scales.
  private record Reading(String weight, Granularity granularity, boolean convolves, long groups) {

    static Reading of(Layer layer) {
      Node node = layer.node();
      boolean convolves = node.is("Conv");
      long groups = convolves ? node.intAttribute("group", 1) : 1;
      return new Reading(layer.weight(), layer.granularity(), convolves, groups);
    }
  }

  private record Key(Reading reading, QuantizedType type, Scales scales) {

    static Key of(LayerPlan planned) {
      return new Key(Reading.of(planned.layer()), planned.type(), planned.scales());
    }
  }

  public WeightGroup {
    users = List.copyOf(users);
  }

  /// All layers of a plan, each in one group; in the order of their first users.
  public static List<WeightGroup> of(List<LayerPlan> layers) {
    return by(Key::of, layers).values().stream().map(WeightGroup::new).toList();
  }

  private static <K> Map<K, List<LayerPlan>> by(
      Function<LayerPlan, K> key, List<LayerPlan> layers) {
    return layers.stream()
        .collect(Collectors.groupingBy(key, LinkedHashMap::new, Collectors.toList()));
  }

  /// The group of each layer, by the layer's key.
  public static Map<String, WeightGroup> byLayer(List<LayerPlan> layers) {
    Map<String, WeightGroup> groups = new LinkedHashMap<>();
    for (WeightGroup group : of(layers)) {
      group.users.forEach(user -> groups.put(user.layer().key(), group));
    }
    return groups;
  }

  /// The layer that stands for all: the first in graph order.
  public LayerPlan first() {
    return users.getFirst();
  }

  public boolean isShared() {
    return users.size() > 1;
  }

  /// The same layers, those that read an initializer alike with integers of one type: the one that the recipe gives one of them by name, or
  /// else the widest that any would have alone.
  static List<LayerPlan> unified(List<LayerPlan> layers, Rules rules) {
    Map<Reading, List<LayerPlan>> users = by(user -> Reading.of(user.layer()), layers);
    return layers.stream()
        .map(planned ->
            planned.withType(type(requireNonNull(users.get(Reading.of(planned.layer()))), rules)))
        .toList();
  }

  private static QuantizedType type(Collection<LayerPlan> users, Rules rules) {
    List<LayerPlan> named =
        users.stream().filter(user -> rules.namesWeights(Subject.of(user.layer().node()))).toList();
    return (named.isEmpty() ? users : named)
        .stream()
            .map(LayerPlan::type)
            .max(Comparator.comparingInt(QuantizedType::steps))
            .orElseThrow();
  }
}
