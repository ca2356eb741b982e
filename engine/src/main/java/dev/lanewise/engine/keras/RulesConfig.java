package dev.lanewise.engine.keras;

import com.google.gson.JsonObject;
import dev.lanewise.engine.layer.Initializer;
import dev.lanewise.engine.layer.ParameterRule;
import dev.lanewise.engine.layer.ParameterRules;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a layer's entry says of its arrays: of each an initializer, a regularizer and a constraint,
 * whose keys begin with its name. One that is not supported is the default one here, and, if it is
 * none of initializers, an obstacle.
 */
final class RulesConfig {
  private static final String KERNEL = "kernel";
  private static final String RECURRENT = "recurrent";
  private static final String BIAS = "bias";

  private RulesConfig() {}

  /**
   * Returns what holds for kernel, recurrent kernel and bias.
   *
   * @param kernelRank how many sizes the kernel has
   * @param biasRank how many the bias has
   * @throws ModelFormatException if a constraint is along an axis that its array does not have
   */
  static ParameterRules read(Config layer, int kernelRank, int biasRank) {
    return new ParameterRules(
        read(layer, KERNEL, Initializer.GLOROT_UNIFORM, kernelRank),
        read(layer, RECURRENT, Initializer.ORTHOGONAL, 2),
        read(layer, BIAS, Initializer.ZEROS, biasRank));
  }

  /**
   * Returns what holds for one array.
   *
   * @param name what its keys begin with
   * @param absent what it begins with unless the entry says so
   * @param rank how many sizes it has
   */
  static ParameterRule read(Config layer, String name, Initializer absent, int rank) {
    return new ParameterRule(
        InitializerConfig.read(layer, name + "_initializer", absent),
        RegularizerConfig.read(layer, name + "_regularizer"),
        ConstraintConfig.read(layer, name + "_constraint", rank));
  }

  /** Returns the rules of a layer without a state by the names that keys begin with, in order. */
  static Map<String, ParameterRule> ofLayer(ParameterRules rules) {
    Map<String, ParameterRule> named = new LinkedHashMap<>();
    named.put(KERNEL, rules.kernel());
    named.put(BIAS, rules.bias());
    return named;
  }

  /** Returns those of a layer with a state. */
  static Map<String, ParameterRule> ofCell(ParameterRules rules) {
    Map<String, ParameterRule> named = new LinkedHashMap<>();
    named.put(KERNEL, rules.kernel());
    named.put(RECURRENT, rules.recurrent());
    named.put(BIAS, rules.bias());
    return named;
  }

  static void writeInitializers(JsonObject config, Map<String, ParameterRule> rules) {
    rules.forEach(
        (name, rule) ->
            config.add(name + "_initializer", InitializerConfig.write(rule.initializer())));
  }

  static void writeRegularizers(JsonObject config, Map<String, ParameterRule> rules) {
    rules.forEach(
        (name, rule) ->
            config.add(name + "_regularizer", RegularizerConfig.write(rule.regularizer())));
  }

  static void writeConstraints(JsonObject config, Map<String, ParameterRule> rules) {
    rules.forEach(
        (name, rule) ->
            config.add(name + "_constraint", ConstraintConfig.write(rule.constraint())));
  }

  /** Writes penalties and constraints, and between them that there is none on outputs. */
  static void writeRest(JsonObject config, Map<String, ParameterRule> rules) {
    writeRegularizers(config, rules);
    LayerEntry.nulls(config, "activity_regularizer");
    writeConstraints(config, rules);
  }
}
