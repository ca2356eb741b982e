package dev.lanewise.cli.train;

import dev.lanewise.cli.argument.BackendChoice;
import dev.lanewise.cli.argument.ModelArgument;
import dev.lanewise.cli.argument.NewModelInput;
import dev.lanewise.cli.run.RunFolder;
import dev.lanewise.cli.train.setting.TrainOptions;
import dev.lanewise.engine.backend.ModelSpec;
import dev.lanewise.engine.backend.Parameters;
import dev.lanewise.engine.backend.Windows;
import dev.lanewise.engine.data.Dataset;
import dev.lanewise.engine.keras.KerasFile;
import dev.lanewise.engine.keras.ModelFormatException;
import dev.lanewise.engine.keras.SavedModel;
import dev.lanewise.engine.loss.Loss;
import dev.lanewise.engine.metric.Metric;
import dev.lanewise.engine.optimizer.Optimizer;
import dev.lanewise.engine.train.FitOptions;
import dev.lanewise.engine.train.Model;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.ZoneId;
import org.jspecify.annotations.Nullable;

/**
 * The model that a run trains, and how it is written.
 *
 * @param model in memory
 * @param origin the file that it comes from, whose names it keeps; null if it is new
 * @param choice the backend that trains it
 */
record TrainedModel(Model model, @Nullable SavedModel origin, BackendChoice choice)
    implements AutoCloseable {
  private static final long OTHER_BYTES = 1 << 16;

  /**
   * Returns the model that the options describe, or the one that {@code --model} names.
   *
   * @param saved what is in that file
   * @param preferred the backend to train it on, if that has the kernels
   * @throws ModelFormatException if a file cannot be used
   * @throws dev.lanewise.cli.tell.BackendUnavailableException if the backend that was asked for
   *     cannot run it
   */
  static TrainedModel of(
      TrainOptions options, @Nullable SavedModel saved, BackendChoice preferred, Dataset samples) {
    if (saved != null && options.run.model != null) {
      requireTrainable(options.run.model, saved, samples);
    }
    Model model = saved == null ? described(options, samples) : stack(saved);
    FitOptions fit = options.fitOptions();
    int steps = saved == null ? 1 : saved.inputs().getFirst().size(0);
    int updates = fit.updatesAnEpoch(samples.size(), steps);
    SavedModel.Objective objective = saved == null ? null : saved.objective();
    SavedModel.NamedOptimizer own = saved == null ? null : saved.optimizer();
    Optimizer optimizer =
        options.optimizer.optimizer(
            objective == null || own == null ? null : own.rule(), updates, options.epochs);
    if (saved != null) {
      model.compile(optimizer, saved.spec().outputs());
    } else {
      model.compile(optimizer, Loss.CATEGORICAL_CROSSENTROPY, Metric.ACCURACY);
    }
    ModelSpec trained =
        fit.truncatedBackprop() == 0
            ? model.spec()
            : new Windows(model.spec(), fit.truncatedBackprop())
                .models(options.batchSize)
                .getFirst();
    BackendChoice choice = preferred.forModel(options.backend, trained);
    model.withSeed(options.seed).withThreads(options.threads).onBackend(choice.backend());
    if (saved != null) {
      model.setParameters(fitting(saved.parameters(), model.spec()));
    } else if (options.run.init != null) {
      ModelSpec spec = model.spec();
      model.setParameters(Parameters.initial(KerasFile.readWeights(options.run.init, spec)));
    }
    return new TrainedModel(model, saved, choice);
  }

  /** State of another kind of optimizer is of no use to this one, which begins afresh. */
  private static Parameters fitting(Parameters saved, ModelSpec spec) {
    return saved.hasSlotsOf(spec.optimizer()) ? saved : Parameters.initial(saved.values());
  }

  private static void requireTrainable(Path file, SavedModel saved, Dataset samples) {
    if (saved.obstacle() != null) {
      throw new ModelFormatException(file + ": cannot be trained: " + saved.obstacle());
    }
    if (!samples.fits(saved.inputs())) {
      throw new ModelFormatException(
          file
              + ": takes "
              + Dataset.shown(saved.inputs())
              + ", the data are "
              + Dataset.shown(samples.inputs()));
    }
    ModelArgument.requireSamples(file, saved, samples);
  }

  private static Model described(TrainOptions options, Dataset samples) {
    return Model.sequential(NewModelInput.of(samples), options.model.stack(samples.classes()));
  }

  private static Model stack(SavedModel saved) {
    return Model.of(saved.graph());
  }

  /** Writes the model with parameters of its own or others into a run's folder. */
  void write(Parameters parameters, RunFolder folder, String name) {
    LocalDateTime now = LocalDateTime.now(ZoneId.systemDefault());
    folder.write(name, KerasFile.bytes(SavedModel.of(model, now, origin, parameters)));
  }

  /**
   * Returns about how large a file of it is: the parameters, and the slots of those that are
   * trained.
   */
  long fileBytes() {
    ModelSpec spec = model.spec();
    long kept = spec.optimizer().slots().size() * spec.trainableCount();
    return OTHER_BYTES + Float.BYTES * (spec.parameterCount() + kept);
  }

  @Override
  public void close() {
    model.close();
  }
}
