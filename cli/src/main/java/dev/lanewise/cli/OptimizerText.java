package dev.lanewise.cli;

import dev.lanewise.engine.optimizer.Adam;
import dev.lanewise.engine.optimizer.ConstantLearningRate;
import dev.lanewise.engine.optimizer.CosineDecay;
import dev.lanewise.engine.optimizer.GradientClipping;
import dev.lanewise.engine.optimizer.LearningRateSchedule;
import dev.lanewise.engine.optimizer.Optimizer;
import dev.lanewise.engine.optimizer.PiecewiseConstantDecay;
import dev.lanewise.engine.optimizer.Sgd;

/** An optimizer in words. */
final class OptimizerText {
  private OptimizerText() {}

  static String of(Optimizer optimizer) {
    String rule =
        switch (optimizer) {
          case Adam adam -> "Adam";
          case Sgd sgd when sgd.momentum() == 0 -> "SGD";
          case Sgd sgd ->
              "SGD with " + (sgd.nesterov() ? "Nesterov " : "") + "momentum " + sgd.momentum();
        };
    return rule + ", " + rate(optimizer.learningRate()) + clipping(optimizer.clipping());
  }

  private static String rate(LearningRateSchedule schedule) {
    return switch (schedule) {
      case ConstantLearningRate constant -> "learning rate " + number(constant.learningRate());
      case PiecewiseConstantDecay stages ->
          "learning rates "
              + String.join(", ", stages.values().stream().map(OptimizerText::number).toList())
              + " up to updates "
              + stages.boundaries();
      case CosineDecay cosine -> {
        Double peak = cosine.warmupTarget();
        String warmup =
            peak == null
                ? "learning rate from " + number(cosine.initialLearningRate())
                : "learning rate from "
                    + number(cosine.initialLearningRate())
                    + " to "
                    + number(peak)
                    + " in "
                    + cosine.warmupSteps()
                    + " updates,";
        yield warmup + " along a cosine over " + cosine.decaySteps() + " updates";
      }
    };
  }

  private static String clipping(GradientClipping clipping) {
    String limit = number(clipping.limit());
    return switch (clipping.kind()) {
      case NONE -> "";
      case NORM -> ", each gradient's norm at most " + limit;
      case GLOBAL_NORM -> ", the gradient's norm at most " + limit;
      case VALUE -> ", each gradient element at most " + limit;
    };
  }

  /** As float32, which is what is computed with: 0.001 and not 0.0010000000474974513. */
  private static String number(double value) {
    return Float.toString((float) value);
  }
}
