package dev.lanewise.cli.train;

import dev.lanewise.cli.tell.OptionGroups.Group;
import java.util.List;

/** In which groups the many options of {@code train} are told. */
final class TrainHelp {
  static final List<Group> GROUPS =
      List.of(
          new Group(
              "Data",
              List.of("--data", "--scaling", "--limit", "--validation-split", "--no-shuffle")),
          new Group(
              "Model",
              List.of(
                  "--cell",
                  "--units",
                  "--layers",
                  "--bidirectional",
                  "--dropout",
                  "--recurrent-dropout",
                  "--classes",
                  "--model",
                  "--init")),
          new Group(
              "Optimizer",
              List.of(
                  "--recipe",
                  "--optimizer",
                  "--learning-rate",
                  "--schedule",
                  "--warmup-steps",
                  "--step-epochs",
                  "--step-factor",
                  "--momentum",
                  "--nesterov",
                  "--amsgrad",
                  "--centered",
                  "--weight-decay",
                  "--clipnorm",
                  "--global-clipnorm",
                  "--clipvalue",
                  "--use-ema",
                  "--ema-momentum",
                  "--ema-overwrite-frequency")),
          new Group(
              "Run",
              List.of(
                  "--epochs",
                  "--batch-size",
                  "--seed",
                  "--truncated-backprop",
                  "--backend",
                  "--threads",
                  "--early-stopping",
                  "--restore-best",
                  "--reduce-lr-on-plateau",
                  "--reduce-lr-factor",
                  "--monitor",
                  "--terminate-on-nan",
                  "--checkpoint-every",
                  "--resume")),
          new Group(
              "Output",
              List.of(
                  "--out",
                  "--force",
                  "--no-out",
                  "--save-best",
                  "--csv-log",
                  "--tensorboard",
                  "--tensorboard-histograms",
                  "--batch-losses",
                  "--json",
                  "--quiet",
                  "--verbose")));

  private TrainHelp() {}
}
