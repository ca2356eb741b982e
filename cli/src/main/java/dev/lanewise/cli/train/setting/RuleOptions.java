package dev.lanewise.cli.train.setting;

import dev.lanewise.cli.argument.OptionRange;
import dev.lanewise.engine.optimizer.Adadelta;
import dev.lanewise.engine.optimizer.Adagrad;
import dev.lanewise.engine.optimizer.Adam;
import dev.lanewise.engine.optimizer.AdamW;
import dev.lanewise.engine.optimizer.Adamax;
import dev.lanewise.engine.optimizer.Lion;
import dev.lanewise.engine.optimizer.Nadam;
import dev.lanewise.engine.optimizer.Optimizer;
import dev.lanewise.engine.optimizer.RmsProp;
import dev.lanewise.engine.optimizer.Sgd;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Option;

/** Which rule {@code train} learns by, with Keras's defaults and what is to differ from them. */
final class RuleOptions {
  private static final double SGD_RATE = 0.01;

  /** The rules; lower case, as they are typed. */
  enum Rule {
    adam,
    adamw,
    adamax,
    sgd,
    rmsprop,
    nadam,
    adagrad,
    adadelta,
    lion
  }

  @Option(
      names = "--optimizer",
      paramLabel = "NAME",
      description = "${COMPLETION-CANDIDATES}: the rule, with Keras's defaults (adam)")
  @Nullable Rule rule;

  @Option(
      names = "--weight-decay",
      paramLabel = "SHARE",
      description =
          "what every weight loses in an update, times the step size (0; 0.004 with adamw)")
  @Nullable Double weightDecay;

  @Option(
      names = "--momentum",
      paramLabel = "M",
      description = "how much of the last step sgd or rmsprop keeps, below 1 (0)")
  @Nullable Double momentum;

  @Option(names = "--nesterov", description = "sgd with momentum looks ahead")
  boolean nesterov;

  @Option(names = "--amsgrad", description = "the divisor of adam or adamw never falls")
  boolean amsgrad;

  @Option(names = "--centered", description = "rmsprop divides by the variance's root")
  boolean centered;

  /** Returns whether any of these is given. */
  boolean given() {
    return rule != null
        || weightDecay != null
        || momentum != null
        || nesterov
        || amsgrad
        || centered;
  }

  /** Refuses values that make no sense, or that the rule has no use for. */
  void check(CommandLine command) {
    Rule chosen = chosen();
    OptionRange.require(
        command,
        weightDecay == null || (weightDecay >= 0 && Float.isFinite(weightDecay.floatValue())),
        "--weight-decay must be at least 0 and finite, found " + weightDecay);
    OptionRange.require(
        command,
        momentum == null || (momentum >= 0 && momentum < 1),
        "--momentum must be at least 0 and below 1, found " + momentum);
    OptionRange.require(
        command,
        momentum == null || chosen == Rule.sgd || chosen == Rule.rmsprop,
        "--momentum needs --optimizer sgd or rmsprop");
    OptionRange.require(
        command,
        !nesterov || (chosen == Rule.sgd && momentum != null && momentum > 0),
        "--nesterov needs --optimizer sgd and a --momentum above 0");
    OptionRange.require(
        command,
        !amsgrad || chosen == Rule.adam || chosen == Rule.adamw,
        "--amsgrad needs --optimizer adam or adamw");
    OptionRange.require(
        command, !centered || chosen == Rule.rmsprop, "--centered needs --optimizer rmsprop");
  }

  /** Returns the rule with Keras's step size. */
  Optimizer optimizer() {
    Optimizer plain = plain();
    return weightDecay == null ? plain : plain.withWeightDecay(weightDecay);
  }

  private Optimizer plain() {
    double kept = momentum == null ? 0 : momentum;
    return switch (chosen()) {
      case adam -> adam(Adam.withDefaults());
      case adamw -> new AdamW(adam(AdamW.withDefaults().adam()));
      case adamax -> Adamax.withDefaults();
      case sgd -> nesterov ? Sgd.of(SGD_RATE, kept).withNesterov() : Sgd.of(SGD_RATE, kept);
      case rmsprop -> {
        RmsProp rms = RmsProp.withDefaults().withMomentum(kept);
        yield centered ? rms.withCentering() : rms;
      }
      case nadam -> Nadam.withDefaults();
      case adagrad -> Adagrad.withDefaults();
      case adadelta -> Adadelta.withDefaults();
      case lion -> Lion.withDefaults();
    };
  }

  private Adam adam(Adam adam) {
    return amsgrad ? adam.withAmsgrad() : adam;
  }

  private Rule chosen() {
    return rule == null ? Rule.adam : rule;
  }
}
