package dev.lanewise.engine.keras;

import com.google.gson.JsonObject;
import java.util.Map;

/** The settings of Keras 1's layers by the names that they have had since Keras 2. */
final class FirstKeras {
  private static final Map<String, String> NAMES =
      Map.ofEntries(
          Map.entry("output_dim", "units"),
          Map.entry("bias", "use_bias"),
          Map.entry("init", "kernel_initializer"),
          Map.entry("inner_init", "recurrent_initializer"),
          Map.entry("inner_activation", "recurrent_activation"),
          Map.entry("W_regularizer", "kernel_regularizer"),
          Map.entry("U_regularizer", "recurrent_regularizer"),
          Map.entry("b_regularizer", "bias_regularizer"),
          Map.entry("W_constraint", "kernel_constraint"),
          Map.entry("b_constraint", "bias_constraint"),
          Map.entry("dropout_W", "dropout"),
          Map.entry("dropout_U", "recurrent_dropout"),
          Map.entry("consume_less", "implementation"),
          Map.entry("input_dtype", "dtype"),
          Map.entry("p", "rate"),
          Map.entry("sigma", "stddev"));

  private FirstKeras() {}

  /** Returns the settings themselves if they have none of the older names. */
  static Config translated(Config config) {
    if (config.json().keySet().stream().noneMatch(NAMES::containsKey)) {
      return config;
    }
    JsonObject later = new JsonObject();
    config
        .json()
        .asMap()
        .forEach(
            (key, value) -> {
              String name = NAMES.getOrDefault(key, key);
              later.add(config.json().has(name) ? key : name, value); // both: one is not known
            });
    return new Config(config.where(), later);
  }
}
