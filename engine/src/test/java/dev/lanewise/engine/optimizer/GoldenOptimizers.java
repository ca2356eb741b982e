package dev.lanewise.engine.optimizer;

import dev.lanewise.engine.golden.Npy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The optimizers whose updates Keras recorded, by the names of {@code golden/optimizers}. */
public final class GoldenOptimizers {
  private static final String FILE = "optimizers/optimizers";

  private GoldenOptimizers() {}

  /** Returns each as its file has to describe it. */
  public static Map<String, Optimizer> all() {
    Map<String, Optimizer> all = new LinkedHashMap<>();
    all.put("adagrad", Adagrad.of(0.05f));
    all.put("adam", Adam.of(0.001f));
    all.put("adam_average", Adam.of(0.01f).withAverage(WeightAverage.of(0.9)));
    all.put("adam_amsgrad", Adam.of(0.01f).withAmsgrad());
    all.put("adam_clipnorm", Adam.of(0.01f).withClipping(GradientClipping.norm(0.3)));
    all.put("adam_clipvalue", Adam.of(0.01f).withClipping(GradientClipping.value(0.1)));
    all.put("adam_cosine_decay", Adam.of(CosineDecay.of(0.01, 15)));
    all.put("adam_exponential_decay", Adam.of(new ExponentialDecay(0.01, 5, 0.5, false)));
    all.put("adam_global_clipnorm", Adam.of(0.01f).withClipping(GradientClipping.globalNorm(0.3)));
    all.put("adam_weight_decay", Adam.of(0.01f).withWeightDecay(0.1));
    all.put("adamw", AdamW.of(0.001f, 0.004));
    all.put("adamw_strong", AdamW.of(0.01f, 0.1));
    all.put(
        "adamw_average",
        AdamW.of(0.01f, 0.1)
            .withClipping(GradientClipping.norm(0.3))
            .withAverage(WeightAverage.of(0.8).withOverwriteFrequency(3)));
    all.put("adamax", Adamax.of(0.01f));
    all.put("nadam", Nadam.of(0.01f));
    all.put(
        "nadam_average",
        Nadam.of(0.01f).withAverage(WeightAverage.withDefaults().withOverwriteFrequency(1)));
    all.put("rmsprop", RmsProp.of(0.001f));
    all.put("rmsprop_centered", RmsProp.of(0.01f).withCentering());
    all.put("rmsprop_momentum", RmsProp.of(0.01f).withMomentum(0.9));
    all.put(
        "rmsprop_momentum_centered",
        RmsProp.of(0.01f).withRho(0.8).withMomentum(0.5).withCentering());
    all.put(
        "rmsprop_average",
        RmsProp.of(0.01f)
            .withRho(0.8)
            .withMomentum(0.5)
            .withCentering()
            .withAverage(WeightAverage.of(0.75).withOverwriteFrequency(6)));
    all.put("sgd", Sgd.of(0.01f));
    all.put(
        "sgd_average", Sgd.of(0.05f).withAverage(WeightAverage.of(0.5).withOverwriteFrequency(4)));
    all.put("sgd_momentum", Sgd.of(0.05f, 0.9));
    all.put("sgd_nesterov", Sgd.of(0.05f, 0.9).withNesterov());
    all.put("sgd_weight_decay", Sgd.of(0.05f).withWeightDecay(0.1));
    return all;
  }

  /** Returns a recorded array: NAME_grads and NAME_weights by update, NAME_slots in file order. */
  public static float[] recorded(String member) {
    return Npy.readMember(FILE, member).floats();
  }

  /** Returns one array a parameter of a flat one that begins at {@code from}. */
  public static List<float[]> split(float[] flat, int from, List<Integer> sizes) {
    List<float[]> arrays = new ArrayList<>();
    int begin = from;
    for (int size : sizes) {
      arrays.add(Arrays.copyOfRange(flat, begin, begin + size));
      begin += size;
    }
    return arrays;
  }
}
