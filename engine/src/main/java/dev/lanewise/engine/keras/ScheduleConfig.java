package dev.lanewise.engine.keras;

import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import dev.lanewise.engine.optimizer.ConstantLearningRate;
import dev.lanewise.engine.optimizer.CosineDecay;
import dev.lanewise.engine.optimizer.CosineDecayRestarts;
import dev.lanewise.engine.optimizer.ExponentialDecay;
import dev.lanewise.engine.optimizer.InverseTimeDecay;
import dev.lanewise.engine.optimizer.LearningRateSchedule;
import dev.lanewise.engine.optimizer.PiecewiseConstantDecay;
import dev.lanewise.engine.optimizer.PolynomialDecay;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** An optimizer's learning rate: a number, or an object of {@code keras.optimizers.schedules}. */
final class ScheduleConfig {
  private static final String MODULE = "keras.optimizers.schedules";
  private static final String RATE = "learning_rate";
  static final String OLD_RATE = "lr";
  static final String OLD_DECAY = "decay";

  private static final long MOST_STEPS = 1L << 53; // what a JSON number holds exactly

  private static final Set<String> DECAY =
      Set.of("name", "initial_learning_rate", "decay_steps", "decay_rate", "staircase");

  private ScheduleConfig() {}

  /**
   * Reads an optimizer's rate. Keras 2 called it {@code lr} first, and had a setting for one
   * schedule: {@code decay}.
   */
  static LearningRateSchedule read(Config optimizer, double absent) {
    String key = optimizer.has(OLD_RATE) ? OLD_RATE : RATE;
    if (key.equals(OLD_RATE) && optimizer.has(RATE)) {
      throw optimizer.wrong(OLD_RATE, "absent beside " + RATE);
    }
    double decay = optimizer.number(OLD_DECAY, 0);
    if (!(optimizer.json().get(key) instanceof JsonObject)) {
      double rate = optimizer.number(key, absent);
      return decay == 0
          ? new ConstantLearningRate(rate)
          : new InverseTimeDecay(rate, 1, decay, false);
    }
    if (key.equals(OLD_RATE) || decay != 0) {
      throw optimizer.wrong(key, "a number, as where Keras 2 had lr and decay");
    }
    Config object = optimizer.child("learning_rate");
    String type = object.className();
    Config config = object.child("config").at("schedule " + LayerConfig.shortened(type));
    return switch (type) {
      case "CosineDecay" -> cosine(config);
      case "CosineDecayRestarts" -> restarts(config);
      case "ExponentialDecay" -> exponential(config);
      case "InverseTimeDecay" -> inverse(config);
      case "PiecewiseConstantDecay" -> piecewise(config);
      case "PolynomialDecay" -> polynomial(config);
      default ->
          throw new ModelFormatException(
              config.where()
                  + " is not supported; CosineDecay, CosineDecayRestarts, ExponentialDecay,"
                  + " InverseTimeDecay, PiecewiseConstantDecay and PolynomialDecay are");
    };
  }

  private static CosineDecay cosine(Config config) {
    config.requireKnown(
        Set.of(
            "name",
            "initial_learning_rate",
            "decay_steps",
            "alpha",
            "warmup_target",
            "warmup_steps"));
    return new CosineDecay(
        config.number("initial_learning_rate"),
        config.whole("decay_steps", 1, MOST_STEPS),
        config.number("alpha", 0),
        config.has("warmup_target") ? config.number("warmup_target") : null,
        config.has("warmup_steps") ? config.whole("warmup_steps", 0, MOST_STEPS) : 0);
  }

  private static CosineDecayRestarts restarts(Config config) {
    config.requireKnown(
        Set.of("name", "initial_learning_rate", "first_decay_steps", "t_mul", "m_mul", "alpha"));
    return new CosineDecayRestarts(
        config.number("initial_learning_rate"),
        config.whole("first_decay_steps", 1, MOST_STEPS),
        config.number("t_mul", CosineDecayRestarts.T_MUL),
        config.number("m_mul", 1),
        config.number("alpha", 0));
  }

  private static ExponentialDecay exponential(Config config) {
    config.requireKnown(DECAY);
    return new ExponentialDecay(
        config.number("initial_learning_rate"),
        config.whole("decay_steps", 1, MOST_STEPS),
        config.number("decay_rate"),
        config.bool("staircase", false));
  }

  private static InverseTimeDecay inverse(Config config) {
    config.requireKnown(DECAY);
    return new InverseTimeDecay(
        config.number("initial_learning_rate"),
        config.whole("decay_steps", 1, MOST_STEPS),
        config.number("decay_rate"),
        config.bool("staircase", false));
  }

  private static PolynomialDecay polynomial(Config config) {
    config.requireKnown(
        Set.of(
            "name", "initial_learning_rate", "decay_steps", "end_learning_rate", "power", "cycle"));
    return new PolynomialDecay(
        config.number("initial_learning_rate"),
        config.whole("decay_steps", 1, MOST_STEPS),
        config.number("end_learning_rate", 0.0001),
        config.number("power", 1),
        config.bool("cycle", false));
  }

  private static PiecewiseConstantDecay piecewise(Config config) {
    config.requireKnown(Set.of("name", "boundaries", "values"));
    List<Long> boundaries = new ArrayList<>();
    for (JsonElement boundary : config.array("boundaries")) {
      boundaries.add(config.element("boundaries", boundary).whole("boundaries", 0, MOST_STEPS));
    }
    List<Double> values = new ArrayList<>();
    for (JsonElement value : config.array("values")) {
      values.add(config.element("values", value).number("values"));
    }
    return new PiecewiseConstantDecay(boundaries, values);
  }

  static JsonElement write(LearningRateSchedule schedule) {
    JsonObject config = new JsonObject();
    return switch (schedule) {
      // Keras keeps it in a float32 variable and writes that, widened.
      case ConstantLearningRate constant ->
          new JsonPrimitive((double) (float) constant.learningRate());
      case CosineDecay cosine -> {
        config.addProperty("initial_learning_rate", cosine.initialLearningRate());
        config.addProperty("decay_steps", cosine.decaySteps());
        config.addProperty("alpha", cosine.alpha());
        config.addProperty("name", "CosineDecay");
        Double target = cosine.warmupTarget();
        config.add("warmup_target", target == null ? JsonNull.INSTANCE : new JsonPrimitive(target));
        config.addProperty("warmup_steps", cosine.warmupSteps());
        yield KerasObject.of(MODULE, "CosineDecay", config);
      }
      case CosineDecayRestarts restarts -> {
        config.addProperty("initial_learning_rate", restarts.initialLearningRate());
        config.addProperty("first_decay_steps", restarts.firstDecaySteps());
        config.addProperty("t_mul", restarts.tMul());
        config.addProperty("m_mul", restarts.mMul());
        config.addProperty("alpha", restarts.alpha());
        config.addProperty("name", "SGDRDecay");
        yield KerasObject.of(MODULE, "CosineDecayRestarts", config);
      }
      case ExponentialDecay decay -> {
        config.addProperty("initial_learning_rate", decay.initialLearningRate());
        config.addProperty("decay_steps", decay.decaySteps());
        config.addProperty("decay_rate", decay.decayRate());
        config.addProperty("staircase", decay.staircase());
        config.addProperty("name", "ExponentialDecay");
        yield KerasObject.of(MODULE, "ExponentialDecay", config);
      }
      case InverseTimeDecay decay -> {
        config.addProperty("initial_learning_rate", decay.initialLearningRate());
        config.addProperty("decay_steps", decay.decaySteps());
        config.addProperty("decay_rate", decay.decayRate());
        config.addProperty("staircase", decay.staircase());
        config.addProperty("name", "InverseTimeDecay");
        yield KerasObject.of(MODULE, "InverseTimeDecay", config);
      }
      case PolynomialDecay decay -> {
        config.addProperty("initial_learning_rate", decay.initialLearningRate());
        config.addProperty("decay_steps", decay.decaySteps());
        config.addProperty("end_learning_rate", decay.endLearningRate());
        config.addProperty("power", decay.power());
        config.addProperty("cycle", decay.cycle());
        config.addProperty("name", "PolynomialDecay");
        yield KerasObject.of(MODULE, "PolynomialDecay", config);
      }
      case PiecewiseConstantDecay stages -> {
        config.add("boundaries", OptimizerConfig.numbers(stages.boundaries()));
        config.add("values", OptimizerConfig.numbers(stages.values()));
        config.addProperty("name", "PiecewiseConstant");
        yield KerasObject.of(MODULE, "PiecewiseConstantDecay", config);
      }
    };
  }
}
