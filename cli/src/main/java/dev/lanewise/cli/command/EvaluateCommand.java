package dev.lanewise.cli.command;

import com.google.gson.JsonObject;
import dev.lanewise.cli.argument.DataOptions;
import dev.lanewise.cli.argument.ModelArgument;
import dev.lanewise.cli.argument.SampleSet;
import dev.lanewise.cli.argument.UnsupportedMetrics;
import dev.lanewise.cli.tell.JsonText;
import dev.lanewise.cli.tell.KerasFormat;
import dev.lanewise.cli.tell.RunFailedException;
import dev.lanewise.cli.tell.Version;
import dev.lanewise.engine.data.DataSplits;
import dev.lanewise.engine.data.Dataset;
import dev.lanewise.engine.keras.ModelFormatException;
import dev.lanewise.engine.keras.SavedModel;
import dev.lanewise.engine.text.Printable;
import dev.lanewise.engine.train.Evaluation;
import dev.lanewise.engine.train.Model;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code evaluate}: loss and metrics of a model on a data set. */
@Command(
    name = "evaluate",
    description = "Prints a model's loss and metrics on the test set.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false,
    footerHeading = "%nExamples:%n",
    footer = {
      "  lanewise evaluate model.keras",
      "  lanewise evaluate model.keras --set train --json"
    })
public final class EvaluateCommand implements Callable<Integer> {
  private static final int BATCH = 150;

  @Mixin private ModelArgument model = new ModelArgument();

  @Mixin private DataOptions data = new DataOptions();

  @Option(
      names = "--set",
      paramLabel = "NAME",
      defaultValue = "test",
      description = "train or test (${DEFAULT-VALUE})")
  private SampleSet set = SampleSet.test;

  @Option(names = "--json", description = "one JSON object on stdout")
  private boolean json;

  @Override
  public Integer call() {
    SavedModel described = model.read();
    requireLoss(described);
    DataSplits read = data.begin(described.spec()).await();
    SavedModel saved = ModelArgument.forSamples(described, read.test());
    DataSplits splits = read.shapedFor(saved.inputs());
    DataOptions.tell(splits);
    Dataset samples = set.of(splits);
    requireFit(saved, samples);
    try (Model loaded = saved.toModel()) {
      Evaluation result = loaded.evaluate(samples, loaded.spec().batchOr(BATCH));
      requireNumber(result);
      if (json) {
        JsonObject object = new JsonObject();
        object.addProperty("samples", samples.size());
        result.values().forEach(object::addProperty);
        System.out.println(JsonText.of(object));
      } else {
        result
            .values()
            .forEach((name, value) -> System.out.println(name + ": " + KerasFormat.value(value)));
      }
    }
    return 0;
  }

  /** No loss is put in the place of one that is not supported: its value would mean nothing. */
  private void requireLoss(SavedModel saved) {
    String reason = saved.lossObstacle();
    if (reason != null) {
      throw new ModelFormatException(
          model.file
              + ": its loss cannot be computed here, predict gives its answers without it: "
              + reason);
    }
    if (saved.objective() == null) {
      System.err.println(
          "note: "
              + Printable.of(model.file.toString())
              + " was never compiled; the loss is "
              + InspectCommand.losses(saved.spec().outputs()));
    }
    UnsupportedMetrics.tell(saved, model.file, "not reported");
  }

  private void requireNumber(Evaluation result) {
    if (!Double.isFinite(result.loss())) {
      throw new RunFailedException(
          model.file
              + ": the loss is "
              + KerasFormat.value(result.loss())
              + "; the data have a value that is no number, or the model's answers overflow");
    }
  }

  private void requireFit(SavedModel saved, Dataset samples) {
    if (!saved.inputs().equals(samples.inputs())) {
      throw new ModelFormatException(
          model.file
              + ": takes "
              + Dataset.shown(saved.inputs())
              + ", the data are "
              + Dataset.shown(samples.inputs()));
    }
    ModelArgument.requireSamples(model.file, saved, samples);
  }
}
