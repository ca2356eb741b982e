package dev.lanewise.bench.longrange;

import dev.lanewise.engine.random.SplitMix64;
import dev.lanewise.engine.train.Model;
import java.util.ArrayList;
import java.util.List;

/**
 * The start of an LSTM's bias that lets it remember for as long as a task asks: {@code b_f ~
 * log(U(1, steps - 1))}, {@code b_i = -b_f}, after Tallec and Ollivier, "Can recurrent neural
 * networks warp time?", 2018, section 3.
 */
final class ChronoBias {
  private static final int BIAS = 2;
  private static final long SEED = 3;

  private ChronoBias() {}

  /**
   * Gives it to a model whose first layer is an LSTM.
   *
   * @param model a compiled one
   * @param units the LSTM's
   * @param steps the longest way back
   */
  static void give(Model model, int units, int steps) {
    SplitMix64 random = new SplitMix64(SEED);
    List<float[]> values = new ArrayList<>(model.parameters().values());
    float[] bias = new float[4 * units];
    for (int unit = 0; unit < units; unit++) {
      float forget = (float) Math.log(1 + random.nextDouble() * (steps - 2));
      bias[unit] = -forget;
      bias[units + unit] = forget;
    }
    values.set(BIAS, bias);
    model.setParameters(model.parameters().withValues(values));
  }
}
