package dev.lanewise.spark;

import dev.lanewise.engine.data.Dataset;
import dev.lanewise.engine.train.FitOptions;
import dev.lanewise.engine.train.Model;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a fit's result depends on, in words and digests: a checkpoint is for the fit in which all of
 * it is the same. Epochs are no part of it, so that a fit of more of them goes on.
 */
final class FitIdentity {
  private FitIdentity() {}

  static Map<String, String> of(PackedModel packed, Model model, PackedData data, Dataset samples) {
    Map<String, String> settings = new TreeMap<>();
    settings.put("model", packed.configDigest());
    settings.put("optimizer", model.spec().optimizer().toString());
    settings.put("losses and metrics", model.spec().outputs().toString());
    settings.put("seed of the model", String.valueOf(model.seed()));
    settings.put("start weights", packed.startDigest());
    settings.put("data", samples + ", " + data.digest());
    return settings;
  }

  static Map<String, String> of(FitOptions options) {
    Map<String, String> settings = new TreeMap<>();
    settings.put("batch size", String.valueOf(options.batchSize()));
    settings.put("validation split", String.valueOf(options.validationSplit()));
    settings.put("shuffle", String.valueOf(options.shuffle()));
    settings.put("seed", String.valueOf(options.seed()));
    settings.put("class weights", new TreeMap<>(options.classWeights()).toString());
    return settings;
  }
}
