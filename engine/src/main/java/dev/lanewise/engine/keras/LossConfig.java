package dev.lanewise.engine.keras;

import dev.lanewise.engine.loss.Loss;
import java.util.Locale;
import java.util.Set;

/** A loss in the settings of {@code compile}: a name, or an object of {@code keras.losses}. */
final class LossConfig {
  private static final Set<String> KNOWN =
      Set.of("name", "reduction", "fn", "dtype", "axis", "from_logits", "label_smoothing");

  /** The reductions to a mean over the samples, of Keras 3 and 2; where no sample has a weight. */
  private static final Set<String> MEANS =
      Set.of("sum_over_batch_size", "auto", "mean", "mean_with_sample_weight");

  private LossConfig() {}

  /**
   * Reads a model's loss.
   *
   * @throws ModelFormatException naming what of it is not supported
   */
  static Loss read(Config compile) {
    String name = compile.stringOrNull("loss");
    if (name != null) {
      return named(compile, name);
    }
    if (!compile.has("loss")) {
      throw new ModelFormatException(compile.where() + ": has no loss");
    }
    if (!compile.json().get("loss").isJsonObject()) {
      throw compile.wrong("loss", "one loss, by name or as an object");
    }
    Config object = compile.child("loss");
    if ("function".equals(object.stringOrNull("class_name"))) {
      return named(compile, function(object));
    }
    String type = object.className();
    Loss loss = named(compile, type);
    Config options = object.child("config").at("loss " + LayerConfig.shortened(type));
    requireDefaults(options);
    if (options.has("fn")) {
      String fn = options.stringOrNull("fn");
      if (named(options, fn != null ? fn : function(options.child("fn"))) != loss) {
        throw options.wrong("fn", loss.kerasName());
      }
    }
    return loss;
  }

  /** Functions of Keras's own and of a program's main file are told apart by their names alone. */
  private static String function(Config object) {
    if (!"builtins".equals(object.stringOrNull("module"))) {
      throw object.wrong("module", "builtins");
    }
    return object.string("config");
  }

  private static Loss named(Config compile, String name) {
    String plain = name.replace("_", "").toLowerCase(Locale.ROOT);
    for (Loss loss : Loss.values()) {
      if (plain.equals(loss.kerasName().replace("_", ""))) {
        return loss;
      }
    }
    if (plain.equals("mse")) {
      return Loss.MEAN_SQUARED_ERROR;
    }
    throw new ModelFormatException(
        compile.where()
            + ": loss "
            + LayerConfig.shortened(name)
            + " is not supported; categorical_crossentropy, sparse_categorical_crossentropy and"
            + " mean_squared_error are");
  }

  private static void requireDefaults(Config options) {
    options.requireKnown(KNOWN);
    if (options.bool("from_logits", false)) {
      throw options.wrong("from_logits", "false");
    }
    if (options.number("label_smoothing", 0) != 0) {
      throw options.wrong("label_smoothing", "0");
    }
    if (options.number("axis", -1) != -1) {
      throw options.wrong("axis", "-1");
    }
    boolean mean =
        !options.json().has("reduction")
            || MEANS.contains(String.valueOf(options.stringOrNull("reduction")));
    if (!mean) {
      throw options.wrong("reduction", "sum_over_batch_size");
    }
    LayerConfig.requireFloat32(options);
  }
}
