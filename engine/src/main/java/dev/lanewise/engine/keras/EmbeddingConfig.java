package dev.lanewise.engine.keras;

import com.google.gson.JsonObject;
import dev.lanewise.engine.layer.Embedding;
import dev.lanewise.engine.layer.Initializer;
import java.util.Set;

/** The settings of a table of vectors in a layer's entry. */
final class EmbeddingConfig {
  private static final int MOST = 1 << 24;

  private static final Set<String> KNOWN =
      Set.of(
          "name",
          "trainable",
          "dtype",
          "batch_input_shape",
          "batch_shape",
          "input_shape",
          "input_length",
          "input_dim",
          "output_dim",
          "embeddings_initializer",
          "embeddings_regularizer",
          "embeddings_constraint",
          "activity_regularizer",
          "mask_zero");

  private EmbeddingConfig() {}

  static Embedding read(Config config) {
    config.requireKnown(KNOWN);
    return new Embedding(
        (int) config.whole("input_dim", 1, MOST),
        (int) config.whole("output_dim", 1, MOST),
        RulesConfig.read(config, RulesConfig.TABLE, Initializer.RANDOM_UNIFORM, 2),
        config.bool("mask_zero", false));
  }

  static void write(JsonObject config, Embedding embedding) {
    config.addProperty("input_dim", embedding.inputDim());
    config.addProperty("output_dim", embedding.outputDim());
    RulesConfig.writeInitializers(config, embedding);
    RulesConfig.writeRest(config, embedding);
    config.addProperty("mask_zero", embedding.maskZero());
  }
}
