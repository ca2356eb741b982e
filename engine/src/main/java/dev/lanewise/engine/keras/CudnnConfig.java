package dev.lanewise.engine.keras;

import dev.lanewise.engine.layer.Gru;
import dev.lanewise.engine.layer.Lstm;
import java.util.HashSet;
import java.util.Set;

/**
 * The settings of {@code CuDNNLSTM} and {@code CuDNNGRU}, which Keras 2 had for GPUs: the cells
 * with their usual functions and a bias. Keras 3 has none of them; they are written as what they
 * are. {@link CellWeights} says how their weights lie in files.
 */
final class CudnnConfig {
  private static final Set<String> GRU =
      LayerConfig.known("units", "return_sequences", "return_state", "go_backwards", "stateful");
  private static final Set<String> LSTM = lstmKeys();

  private CudnnConfig() {}

  private static Set<String> lstmKeys() {
    Set<String> keys = new HashSet<>(GRU);
    keys.add("unit_forget_bias");
    return Set.copyOf(keys);
  }

  static Lstm lstm(Config config) {
    config.requireKnown(LSTM);
    return LayerConfig.lstm(config);
  }

  static Gru gru(Config config) {
    config.requireKnown(GRU);
    return LayerConfig.gru(config);
  }
}
