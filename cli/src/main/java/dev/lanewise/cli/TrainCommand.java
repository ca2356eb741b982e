package dev.lanewise.cli;

import dev.lanewise.engine.backend.cpu.CpuBackend;
import dev.lanewise.engine.data.Dataset;
import dev.lanewise.engine.data.IdxFolder;
import dev.lanewise.engine.layer.Activation;
import dev.lanewise.engine.layer.Dense;
import dev.lanewise.engine.layer.SimpleRnn;
import dev.lanewise.engine.loss.Loss;
import dev.lanewise.engine.metric.Metric;
import dev.lanewise.engine.optimizer.Optimizer;
import dev.lanewise.engine.train.Callback;
import dev.lanewise.engine.train.Evaluation;
import dev.lanewise.engine.train.FitOptions;
import dev.lanewise.engine.train.Model;
import java.io.Console;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code train}: the founding benchmark, {@code SimpleRNN(units) -> Dense(classes, softmax)}. */
@Command(
    name = "train",
    description = "Trains SimpleRNN -> Dense(softmax) on images and prints the test accuracy.",
    mixinStandardHelpOptions = true,
    versionProvider = Lanewise.Version.class,
    sortOptions = false,
    footerHeading = "%nExamples:%n",
    footer = {"  lanewise train", "  lanewise train --epochs 1 --limit 6000 --json"})
final class TrainCommand implements Callable<Integer> {
  @Mixin private TrainOptions options = new TrainOptions();

  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() {
    options.check(Objects.requireNonNull(spec, "picocli sets it").commandLine());
    TrainingData reading =
        options.data.isEmpty() ? TrainingData.bundled() : TrainingData.from(options.data);
    BackendChoice choice = BackendChoice.of(options.backend);
    TrainReport report = report();
    try (BatchLosses losses = batchLosses()) {
      EarlyWarmUp.await(choice.backend()); // beside the reading
      if (losses == null) {
        run(choice, reading.await(), report, List.of(report));
      } else {
        run(choice, reading.await(), report, List.of(report, losses));
        losses.finish();
      }
    }
    return 0;
  }

  private @Nullable BatchLosses batchLosses() {
    return options.batchLosses == null ? null : new BatchLosses(options.batchLosses);
  }

  private void run(
      BackendChoice choice, IdxFolder data, TrainReport report, List<Callback> callbacks) {
    Dataset samples = data.train();
    if (options.limit != null && options.limit < samples.size()) {
      samples = samples.slice(0, options.limit);
    }
    int updates = fitOptions().batchesAnEpoch(samples.size());
    Optimizer optimizer = options.optimizer.optimizer(updates, options.epochs);
    try (Model model = model(choice, samples, optimizer)) {
      model.prepare(Math.min(options.batchSize, samples.size()));
      report.begin(facts(choice, model, samples, data.test()));
      long begin = System.nanoTime();
      model.fit(samples, fitOptions(), callbacks.toArray(Callback[]::new));
      long fitted = System.nanoTime();
      Evaluation test = model.evaluate(data.test(), options.batchSize);
      long evaluated = System.nanoTime();
      if (!Double.isFinite(test.loss())) {
        throw new RunFailedException(
            "the test loss is " + test.loss() + " after the last update; lower the learning rate");
      }
      String digest = WeightsDigest.sha256(model.parameters().values());
      report.end(
          test,
          new TrainReport.RunTimes((fitted - begin) * 1e-9, (evaluated - fitted) * 1e-9),
          digest);
    }
  }

  private Model model(BackendChoice choice, Dataset samples, Optimizer optimizer) {
    return Model.sequential(
            samples.sampleShape(),
            SimpleRnn.of(options.units),
            Dense.of(samples.classes(), Activation.SOFTMAX))
        .withSeed(options.seed)
        .withThreads(options.threads)
        .onBackend(choice.backend())
        .compile(optimizer, Loss.CATEGORICAL_CROSSENTROPY, Metric.ACCURACY);
  }

  private FitOptions fitOptions() {
    FitOptions fit =
        FitOptions.epochs(options.epochs)
            .withBatchSize(options.batchSize)
            .withValidationSplit(options.validationSplit)
            .withSeed(options.seed);
    return options.noShuffle ? fit.withoutShuffle() : fit;
  }

  private TrainReport.RunFacts facts(
      BackendChoice choice, Model model, Dataset samples, Dataset test) {
    int train = fitOptions().trainingCount(samples.size());
    return new TrainReport.RunFacts(
        choice.backend().name(),
        choice.probe().description(),
        choice.reason(),
        options.threads,
        CpuBackend.vectorBits(),
        options.seed,
        options.epochs,
        train,
        samples.size() - train,
        test.size(),
        model.spec().parameterCount(),
        model.bytes());
  }

  private TrainReport report() {
    if (options.json) {
      return new JsonReport(System.out);
    }
    TextReport.Detail detail = TextReport.Detail.NORMAL;
    if (options.quiet) {
      detail = TextReport.Detail.QUIET;
    } else if (options.verbose) {
      detail = TextReport.Detail.VERBOSE;
    }
    return new TextReport(System.out, System.err, detail, onTerminal());
  }

  @SuppressWarnings("SystemConsoleNull") // it is null again with JDK 25's plain console
  private static boolean onTerminal() {
    Console console = System.console();
    return console != null && console.isTerminal() && !"dumb".equals(System.getenv("TERM"));
  }
}
