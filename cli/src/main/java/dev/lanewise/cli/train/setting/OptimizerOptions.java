package dev.lanewise.cli.train.setting;

import dev.lanewise.cli.argument.OptionRange;
import dev.lanewise.engine.optimizer.ConstantLearningRate;
import dev.lanewise.engine.optimizer.CosineDecay;
import dev.lanewise.engine.optimizer.GradientClipping;
import dev.lanewise.engine.optimizer.LearningRateSchedule;
import dev.lanewise.engine.optimizer.Optimizer;
import dev.lanewise.engine.optimizer.PiecewiseConstantDecay;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** How {@code train} learns: a recipe, and what is to differ from it. */
public final class OptimizerOptions {
  /** How the step size changes from update to update. */
  enum Schedule {
    constant,
    step,
    cosine
  }

  @Option(
      names = "--recipe",
      paramLabel = "NAME",
      defaultValue = "notebook",
      description =
          "notebook: Adam as in the Keras notebook; tuned: a warm-up, a cosine and a limit of the"
              + " gradient's norm, for the same model and epochs (${DEFAULT-VALUE})")
  Recipe recipe = Recipe.notebook;

  @Mixin RuleOptions rule = new RuleOptions();

  @Option(
      names = "--learning-rate",
      paramLabel = "RATE",
      description =
          "the step size, at its highest (Keras's: 0.001, with sgd 0.01; the tuned recipe has its"
              + " own)")
  @Nullable Double learningRate;

  @Option(
      names = "--schedule",
      paramLabel = "NAME",
      description = "constant, step or cosine: how the step size goes on (constant)")
  @Nullable Schedule schedule;

  @Option(
      names = "--warmup-steps",
      paramLabel = "N",
      description = "updates in which the step size rises from a tenth, before a cosine (0)")
  @Nullable Integer warmupSteps;

  @Option(
      names = "--step-epochs",
      paramLabel = "N",
      defaultValue = "2",
      description = "epochs between the steps of --schedule step (${DEFAULT-VALUE})")
  int stepEpochs = 2;

  @Option(
      names = "--step-factor",
      paramLabel = "F",
      defaultValue = "0.5",
      description = "what each step multiplies the step size by (${DEFAULT-VALUE})")
  double stepFactor = 0.5;

  @Option(
      names = "--clipnorm",
      paramLabel = "LIMIT",
      description = "limit of the norm of each parameter's gradient (none)")
  @Nullable Double clipnorm;

  @Option(
      names = "--global-clipnorm",
      paramLabel = "LIMIT",
      description = "limit of the norm of all gradients together (none)")
  @Nullable Double globalClipnorm;

  @Option(
      names = "--clipvalue",
      paramLabel = "LIMIT",
      description = "limit of each gradient's magnitude (none)")
  @Nullable Double clipvalue;

  @Mixin AverageOptions average = new AverageOptions();

  /** Refuses values that make no sense. */
  void check(CommandLine command) {
    rule.check(command);
    average.check(command);
    OptionRange.require(
        command,
        recipe == Recipe.notebook || rule.rule == null || rule.rule == RuleOptions.Rule.adam,
        "--recipe " + recipe + " was found for adam; leave --optimizer " + rule.rule + " away");
    if (learningRate != null) {
      OptionRange.positive(command, "--learning-rate", learningRate);
    }
    if (warmupSteps != null) {
      OptionRange.check(command, "--warmup-steps", warmupSteps, 0, Integer.MAX_VALUE);
    }
    OptionRange.check(command, "--step-epochs", stepEpochs, 1, Integer.MAX_VALUE);
    OptionRange.require(
        command,
        stepFactor > 0 && stepFactor <= 1,
        "--step-factor must be above 0 and at most 1, found " + stepFactor);
    Map<String, Double> limits = clipLimits();
    limits.forEach((name, limit) -> OptionRange.positive(command, name, limit));
    OptionRange.require(
        command,
        limits.size() <= 1,
        "--clipnorm, --global-clipnorm and --clipvalue exclude each other");
    OptionRange.require(
        command,
        warmupSteps == null || warmupSteps == 0 || schedule() == Schedule.cosine,
        "--warmup-steps needs --schedule cosine");
  }

  /**
   * Returns the rule that these options describe.
   *
   * @param own the rule of a model that goes on, which stays where nothing else is asked for; null
   *     for a new model
   * @param updatesAnEpoch the batches of an epoch
   * @param epochs the epochs of the run, over which a cosine falls to zero
   */
  public Optimizer optimizer(@Nullable Optimizer own, long updatesAnEpoch, int epochs) {
    boolean stays = own != null && !rule.given();
    Optimizer base = own == null || rule.given() ? rule.optimizer() : own;
    boolean rateStays = stays && learningRate == null && !scheduled();
    Optimizer rated =
        rateStays ? base : base.withLearningRate(schedule(rate(base), updatesAnEpoch, epochs));
    boolean limitStays = stays && clipLimits().isEmpty() && recipe == Recipe.notebook;
    return average.of(limitStays ? rated : rated.withClipping(clipping()));
  }

  private boolean scheduled() {
    return schedule != null || warmupSteps != null || recipe != Recipe.notebook;
  }

  private double rate(Optimizer base) {
    if (learningRate != null) {
      return learningRate;
    }
    Double tuned = recipe.learningRate();
    return tuned != null ? tuned : base.learningRate().at(0);
  }

  /** Returns whether the step size is the same for all updates, unless a callback sets it. */
  boolean isConstant() {
    return schedule() == Schedule.constant;
  }

  private LearningRateSchedule schedule(double rate, long updatesAnEpoch, int epochs) {
    return switch (schedule()) {
      case constant -> new ConstantLearningRate(rate);
      case step -> steps(rate, updatesAnEpoch, epochs);
      case cosine -> cosine(rate, updatesAnEpoch * epochs);
    };
  }

  private LearningRateSchedule steps(double rate, long updatesAnEpoch, int epochs) {
    List<Long> boundaries = new ArrayList<>();
    List<Double> values = new ArrayList<>(List.of(rate));
    for (int epoch = stepEpochs; epoch < epochs; epoch += stepEpochs) {
      boundaries.add(epoch * updatesAnEpoch - 1); // the last update at the old value
      values.add(values.getLast() * stepFactor);
    }
    return new PiecewiseConstantDecay(boundaries, values);
  }

  /** A run shorter than its warm-up has a warm-up of half its updates. */
  private LearningRateSchedule cosine(double rate, long updates) {
    long wanted = warmupSteps != null ? warmupSteps : recipe.warmupSteps();
    long warmup = Math.min(wanted, updates / 2);
    return warmup == 0
        ? CosineDecay.of(rate, updates)
        : new CosineDecay(rate * Recipe.WARMUP_START, updates - warmup, 0, rate, warmup);
  }

  private Schedule schedule() {
    return schedule != null ? schedule : recipe.schedule();
  }

  private GradientClipping clipping() {
    if (clipnorm != null) {
      return GradientClipping.norm(clipnorm);
    }
    if (globalClipnorm != null) {
      return GradientClipping.globalNorm(globalClipnorm);
    }
    return clipvalue != null ? GradientClipping.value(clipvalue) : recipe.clipping();
  }

  private Map<String, Double> clipLimits() {
    Map<String, Double> limits = new TreeMap<>();
    if (clipnorm != null) {
      limits.put("--clipnorm", clipnorm);
    }
    if (globalClipnorm != null) {
      limits.put("--global-clipnorm", globalClipnorm);
    }
    if (clipvalue != null) {
      limits.put("--clipvalue", clipvalue);
    }
    return limits;
  }
}
