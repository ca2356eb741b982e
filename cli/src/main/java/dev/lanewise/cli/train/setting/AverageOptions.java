package dev.lanewise.cli.train.setting;

import dev.lanewise.cli.argument.OptionRange;
import dev.lanewise.engine.optimizer.Optimizer;
import dev.lanewise.engine.optimizer.WeightAverage;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Option;

/** Whether {@code train} keeps running means of the weights, by Keras's names. */
final class AverageOptions {
  @Option(
      names = "--use-ema",
      description = "keep a running mean of each weight, which the weights become at the end")
  boolean used;

  @Option(
      names = "--ema-momentum",
      paramLabel = "M",
      description = "what an update keeps of a mean, from 0 to 1 (0.99)")
  @Nullable Double momentum;

  @Option(
      names = "--ema-overwrite-frequency",
      paramLabel = "N",
      description = "updates after which the weights become their means, again and again (none)")
  @Nullable Integer overwriteFrequency;

  /** Refuses values that make no sense. */
  void check(CommandLine command) {
    OptionRange.require(
        command,
        used || (momentum == null && overwriteFrequency == null),
        "--ema-momentum and --ema-overwrite-frequency need --use-ema");
    OptionRange.require(
        command,
        momentum == null || (momentum >= 0 && momentum <= 1),
        "--ema-momentum must be from 0 to 1, found " + momentum);
    if (overwriteFrequency != null) {
      OptionRange.check(
          command, "--ema-overwrite-frequency", overwriteFrequency, 1, Integer.MAX_VALUE);
    }
  }

  /** Returns the rule with what is asked for, or as it is. */
  Optimizer of(Optimizer rule) {
    if (!used) {
      return rule;
    }
    WeightAverage average =
        momentum == null ? WeightAverage.withDefaults() : WeightAverage.of(momentum);
    return rule.withAverage(
        overwriteFrequency == null ? average : average.withOverwriteFrequency(overwriteFrequency));
  }
}
