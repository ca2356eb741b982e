package dev.lanewise.engine.keras;

import dev.lanewise.engine.keras.SavedModel.Obstacle;
import dev.lanewise.engine.layer.Activation;
import dev.lanewise.engine.layer.ActivationLayer;
import dev.lanewise.engine.layer.Layer;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Layers that change pictures at random while a model learns, and give them on as they are when it
 * answers.
 */
final class AugmentationConfig {
  private static final Set<String> CLASSES =
      Set.of(
          "RandomFlip",
          "RandomRotation",
          "RandomZoom",
          "RandomTranslation",
          "RandomShear",
          "RandomPerspective",
          "RandomElasticTransform",
          "RandomContrast",
          "RandomBrightness",
          "RandomHue",
          "RandomSaturation",
          "RandomGrayscale",
          "RandomColorJitter",
          "RandomSharpness",
          "RandomGaussianBlur",
          "RandomErasing",
          "RandomInvert",
          "RandomPosterization",
          "AugMix",
          "MixUp");

  private AugmentationConfig() {}

  /** Reads a layer, or returns null if it is none of these; what decides the draws is not read. */
  static @Nullable Layer readOrNull(String type, Config config, List<Obstacle> obstacles) {
    if (!CLASSES.contains(type)) {
      return null;
    }
    obstacles.add(
        new Obstacle(
            config.where()
                + ": changes what it learns from at random, which is supported in prediction alone",
            false));
    return new ActivationLayer(Activation.LINEAR);
  }
}
