package dev.lanewise.cli.tell;

import dev.lanewise.engine.optimizer.Adadelta;
import dev.lanewise.engine.optimizer.Adagrad;
import dev.lanewise.engine.optimizer.Adam;
import dev.lanewise.engine.optimizer.AdamW;
import dev.lanewise.engine.optimizer.Adamax;
import dev.lanewise.engine.optimizer.ConstantLearningRate;
import dev.lanewise.engine.optimizer.CosineDecay;
import dev.lanewise.engine.optimizer.CosineDecayRestarts;
import dev.lanewise.engine.optimizer.ExponentialDecay;
import dev.lanewise.engine.optimizer.GradientClipping;
import dev.lanewise.engine.optimizer.InverseTimeDecay;
import dev.lanewise.engine.optimizer.LearningRateSchedule;
import dev.lanewise.engine.optimizer.Lion;
import dev.lanewise.engine.optimizer.Nadam;
import dev.lanewise.engine.optimizer.Optimizer;
import dev.lanewise.engine.optimizer.PiecewiseConstantDecay;
import dev.lanewise.engine.optimizer.PolynomialDecay;
import dev.lanewise.engine.optimizer.RmsProp;
import dev.lanewise.engine.optimizer.Sgd;
import dev.lanewise.engine.optimizer.WeightAverage;

/** An optimizer in words. */
public final class OptimizerText {
  private OptimizerText() {}

  public static String of(Optimizer optimizer) {
    return rule(optimizer)
        + ", "
        + rate(optimizer.learningRate())
        + clipping(optimizer.clipping())
        + decay(optimizer.weightDecay())
        + average(optimizer.average());
  }

  private static String rule(Optimizer optimizer) {
    return switch (optimizer) {
      case Adam adam -> "Adam" + amsgrad(adam);
      case AdamW adamW -> "AdamW" + amsgrad(adamW.adam());
      case Adamax adamax -> "Adamax";
      case Sgd sgd when sgd.momentum() == 0 -> "SGD";
      case Sgd sgd ->
          "SGD with " + (sgd.nesterov() ? "Nesterov " : "") + "momentum " + sgd.momentum();
      case RmsProp rms ->
          (rms.centered() ? "centered RMSprop" : "RMSprop")
              + (rms.momentum() == 0 ? "" : " with momentum " + rms.momentum());
      case Nadam nadam -> "Nadam";
      case Adagrad adagrad -> "Adagrad";
      case Adadelta adadelta -> "Adadelta";
      case Lion lion -> "Lion";
    };
  }

  private static String amsgrad(Adam adam) {
    return adam.amsgrad() ? " with amsgrad" : "";
  }

  private static String decay(double share) {
    return share == 0 ? "" : ", weight decay " + number(share);
  }

  private static String average(WeightAverage average) {
    if (!average.kept()) {
      return "";
    }
    int updates = average.overwriteFrequency();
    return ", running means of weights, momentum "
        + number(average.momentum())
        + (updates == 0 ? "" : ", which these become every " + updates + " updates");
  }

  private static String rate(LearningRateSchedule schedule) {
    return switch (schedule) {
      case ConstantLearningRate constant -> "learning rate " + number(constant.learningRate());
      case ExponentialDecay decay ->
          "learning rate from "
              + number(decay.initialLearningRate())
              + ", times "
              + number(decay.decayRate())
              + (decay.staircase() ? " after each " : " in ")
              + decay.decaySteps()
              + " updates";
      case InverseTimeDecay decay ->
          "learning rate "
              + number(decay.initialLearningRate())
              + ", divided by 1 + "
              + number(decay.decayRate())
              + (decay.staircase() ? " after each " : " in ")
              + decay.decaySteps()
              + " updates";
      case PolynomialDecay decay ->
          "learning rate from "
              + number(decay.initialLearningRate())
              + " to "
              + number(decay.endLearningRate())
              + " in "
              + decay.decaySteps()
              + " updates"
              + (decay.power() == 1 ? "" : ", power " + number(decay.power()))
              + (decay.cycle() ? ", in cycles" : "");
      case PiecewiseConstantDecay stages ->
          "learning rates "
              + String.join(", ", stages.values().stream().map(OptimizerText::number).toList())
              + " up to updates "
              + stages.boundaries();
      case CosineDecayRestarts restarts ->
          "learning rate from "
              + number(restarts.initialLearningRate())
              + " along cosines, the first over "
              + restarts.firstDecaySteps()
              + " updates, each next "
              + number(restarts.tMul())
              + " times as long"
              + (restarts.mMul() == 1 ? "" : " and " + number(restarts.mMul()) + " times as high");
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
