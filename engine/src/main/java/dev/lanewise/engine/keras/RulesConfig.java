package dev.lanewise.engine.keras;

import com.google.gson.JsonObject;
import dev.lanewise.engine.layer.BatchNormalization;
import dev.lanewise.engine.layer.CellLayer;
import dev.lanewise.engine.layer.ConvLstm;
import dev.lanewise.engine.layer.DepthwiseConv;
import dev.lanewise.engine.layer.Embedding;
import dev.lanewise.engine.layer.GroupNormalization;
import dev.lanewise.engine.layer.Initializer;
import dev.lanewise.engine.layer.Layer;
import dev.lanewise.engine.layer.LayerNormalization;
import dev.lanewise.engine.layer.ParameterRule;
import dev.lanewise.engine.layer.ParameterRules;
import dev.lanewise.engine.layer.Ruled;
import dev.lanewise.engine.layer.SeparableConv;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What a layer's entry says of its arrays: of each an initializer, a regularizer and a constraint,
 * whose keys begin with its name. One that is not supported is the default one here, and, if it is
 * none of initializers, an obstacle.
 */
final class RulesConfig {
  static final String DEPTHWISE = "depthwise";
  static final String POINTWISE = "pointwise";
  static final String TABLE = "embeddings";
  static final String GAMMA = "gamma";
  static final String BETA = "beta";

  private static final String KERNEL = "kernel";
  private static final String RECURRENT = "recurrent";
  private static final String BIAS = "bias";

  /** What keys begin with. */
  static final List<String> ARRAYS =
      List.of(KERNEL, RECURRENT, BIAS, TABLE, GAMMA, BETA, DEPTHWISE, POINTWISE);

  private static final String INITIALIZER = "_initializer";
  private static final String REGULARIZER = "_regularizer";
  private static final String CONSTRAINT = "_constraint";

  /**
   * What holds for an array.
   *
   * @param array what its keys begin with
   */
  private record Named(String array, ParameterRule rule) {}

  private RulesConfig() {}

  /** Returns all keys there are. */
  static Set<String> keys() {
    Set<String> keys = new HashSet<>();
    for (String array : ARRAYS) {
      keys.addAll(Set.of(array + INITIALIZER, regularizer(array), constraint(array)));
    }
    return keys;
  }

  static String regularizer(String array) {
    return array + REGULARIZER;
  }

  static String constraint(String array) {
    return array + CONSTRAINT;
  }

  /** Returns the arrays of which a layer keeps what its entry says. */
  static Set<String> carriedBy(Layer layer) {
    return of(layer.unfrozen()).stream().map(Named::array).collect(Collectors.toUnmodifiableSet());
  }

  /** Returns what holds for a layer's arrays, in the order in which it is written. */
  private static List<Named> of(Layer layer) {
    return switch (layer) {
      case CellLayer cell -> {
        ParameterRules rules = cell.options().rules();
        yield List.of(
            new Named(KERNEL, rules.kernel()),
            new Named(RECURRENT, rules.recurrent()),
            new Named(BIAS, rules.bias()));
      }
      case ConvLstm convolving -> of(convolving.cell());
      case DepthwiseConv each ->
          List.of(
              new Named(DEPTHWISE, each.rules().kernel()), new Named(BIAS, each.rules().bias()));
      case SeparableConv two ->
          List.of(
              new Named(DEPTHWISE, two.depthwiseRule()),
              new Named(POINTWISE, two.rules().kernel()),
              new Named(BIAS, two.rules().bias()));
      case Embedding table -> List.of(new Named(TABLE, table.rule()));
      case BatchNormalization norm ->
          List.of(new Named(BETA, norm.beta()), new Named(GAMMA, norm.gamma()));
      case GroupNormalization norm ->
          List.of(new Named(BETA, norm.beta()), new Named(GAMMA, norm.gamma()));
      case LayerNormalization norm ->
          List.of(new Named(BETA, norm.beta()), new Named(GAMMA, norm.gamma()));
      case Ruled<?> ruled ->
          List.of(new Named(KERNEL, ruled.rules().kernel()), new Named(BIAS, ruled.rules().bias()));
      default -> List.of();
    };
  }

  /**
   * Returns what holds for kernel, recurrent kernel and bias.
   *
   * @param kernelRank how many sizes the kernel has, and the recurrent one
   * @param biasRank how many the bias has
   * @throws ModelFormatException if a constraint is along an axis that its array does not have
   */
  static ParameterRules read(Config layer, int kernelRank, int biasRank) {
    return read(layer, KERNEL, kernelRank, biasRank);
  }

  /**
   * Returns the same of a kernel that has another name.
   *
   * @param kernel what its keys begin with
   */
  static ParameterRules read(Config layer, String kernel, int kernelRank, int biasRank) {
    return new ParameterRules(
        read(layer, kernel, Initializer.GLOROT_UNIFORM, kernelRank),
        read(layer, RECURRENT, Initializer.ORTHOGONAL, kernelRank),
        read(layer, BIAS, Initializer.ZEROS, biasRank));
  }

  /**
   * Returns what holds for one array.
   *
   * @param array what its keys begin with
   * @param absent what it begins with unless the entry says so
   * @param rank how many sizes it has
   */
  static ParameterRule read(Config layer, String array, Initializer absent, int rank) {
    return new ParameterRule(
        InitializerConfig.read(layer, array + INITIALIZER, absent),
        RegularizerConfig.read(layer, regularizer(array)),
        ConstraintConfig.read(layer, constraint(array), rank));
  }

  static void writeInitializers(JsonObject config, Layer layer) {
    for (Named each : of(layer)) {
      config.add(each.array + INITIALIZER, InitializerConfig.write(each.rule.initializer()));
    }
  }

  static void writeRegularizers(JsonObject config, Layer layer) {
    for (Named each : of(layer)) {
      config.add(regularizer(each.array), RegularizerConfig.write(each.rule.regularizer()));
    }
  }

  static void writeConstraints(JsonObject config, Layer layer) {
    for (Named each : of(layer)) {
      config.add(constraint(each.array), ConstraintConfig.write(each.rule.constraint()));
    }
  }

  /** Writes penalties and constraints, and between them that there is none on outputs. */
  static void writeRest(JsonObject config, Layer layer) {
    writeRegularizers(config, layer);
    LayerEntry.nulls(config, "activity_regularizer");
    writeConstraints(config, layer);
  }
}
