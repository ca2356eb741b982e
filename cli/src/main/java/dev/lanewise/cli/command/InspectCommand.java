package dev.lanewise.cli.command;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.lanewise.cli.argument.ModelArgument;
import dev.lanewise.cli.tell.FileDigest;
import dev.lanewise.cli.tell.JsonText;
import dev.lanewise.cli.tell.OptimizerText;
import dev.lanewise.cli.tell.Version;
import dev.lanewise.cli.tell.WeightsDigest;
import dev.lanewise.engine.backend.ModelSpec;
import dev.lanewise.engine.backend.OutputSpec;
import dev.lanewise.engine.backend.PlanOptions;
import dev.lanewise.engine.backend.cpu.CpuBackend;
import dev.lanewise.engine.keras.KerasFile;
import dev.lanewise.engine.keras.SavedModel;
import dev.lanewise.engine.tensor.MemoryLedger;
import dev.lanewise.engine.text.Printable;
import dev.lanewise.engine.train.Summary;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code inspect}: what a model file holds. */
@Command(
    name = "inspect",
    description = "Prints a model's layers, shapes, parameter counts, bytes and hashes.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false,
    footerHeading = "%nExamples:%n",
    footer = {"  lanewise inspect model.keras", "  lanewise inspect model.keras --json"})
public final class InspectCommand implements Callable<Integer> {
  private static final int BATCH = 150;
  private static final int LONGEST = 100;

  @Mixin private ModelArgument model = new ModelArgument();

  @Option(names = "--json", description = "one JSON object on stdout")
  private boolean json;

  @Override
  public Integer call() {
    SavedModel saved = KerasFile.read(model.file); // a model that cannot answer can be looked at
    ModelSpec spec = saved.spec();
    List<String> names = saved.layers().stream().map(SavedModel.NamedLayer::name).toList();
    Summary summary = Summary.of(spec, names);
    PlanOptions options = new PlanOptions(BATCH, Runtime.getRuntime().availableProcessors());
    long planBytes = new CpuBackend().planBytes(spec, options);
    if (json) {
      System.out.println(JsonText.of(object(saved, summary, planBytes)));
    } else {
      print(saved, summary, planBytes);
    }
    return 0;
  }

  private void print(SavedModel saved, Summary summary, long planBytes) {
    System.out.println("Model: \"" + shown(saved.name()) + "\", input " + summary.input());
    System.out.print(summary.table());
    System.out.println(summary.total());
    long state = saved.parameters().slots().size() * summary.trainable();
    System.out.println("optimizer: " + optimizer(saved));
    System.out.println(
        String.format(
            Locale.ROOT,
            "optimizer state: %,d values, %,d updates done",
            state,
            saved.parameters().iterations()));
    String fault = saved.weightFault();
    if (fault != null) {
      System.out.println("answers nothing: " + Printable.of(fault));
    }
    for (SavedModel.Obstacle obstacle : saved.obstacles()) {
      System.out.println("predicts only: " + Printable.of(obstacle.reason()));
    }
    System.out.println(
        String.format(
            Locale.ROOT,
            "plan for batches of %d: %,d bytes off-heap%s",
            BATCH,
            planBytes,
            beyondBudget(planBytes)));
    System.out.println(
        String.format(
            Locale.ROOT,
            "file: %,d bytes, Keras %s, saved %s",
            fileBytes(),
            known(shown(saved.origin().kerasVersion())),
            known(shown(date(saved)))));
    System.out.println("file SHA-256: " + FileDigest.sha256(model.file));
    System.out.println("weights SHA-256: " + WeightsDigest.sha256(saved.parameters().values()));
  }

  private static String optimizer(SavedModel saved) {
    SavedModel.NamedOptimizer optimizer = saved.optimizer();
    SavedModel.Objective objective = saved.objective();
    String rule = optimizer == null ? "none" : OptimizerText.of(optimizer.rule());
    return objective == null ? rule : rule + "; loss " + losses(objective.outputs());
  }

  /** Returns the losses of a model's outputs in words. */
  static String losses(List<OutputSpec> outputs) {
    return outputs.size() == 1
        ? outputs.getFirst().loss().kerasName()
        : outputs.stream()
            .map(output -> output.name() + " " + output.loss().kerasName())
            .collect(Collectors.joining(", "));
  }

  private static String beyondBudget(long planBytes) {
    long budget = MemoryLedger.budgetBytes();
    return planBytes > budget
        ? String.format(Locale.ROOT, ", more than the budget of %,d", budget)
        : "";
  }

  private static String date(SavedModel saved) {
    return saved.origin().dateSaved().replace('@', ' ');
  }

  /** Names are the file's, and may be anything. */
  private static String shown(String name) {
    return Printable.of(name, LONGEST);
  }

  private static String known(String text) {
    return text.isEmpty() ? "unknown" : text;
  }

  private long fileBytes() {
    try {
      return Files.size(model.file);
    } catch (IOException e) {
      throw new UncheckedIOException(model.file + ": " + e.getMessage(), e);
    }
  }

  private JsonObject object(SavedModel saved, Summary summary, long planBytes) {
    JsonObject object = new JsonObject();
    object.addProperty("name", saved.name());
    object.addProperty("input_shape", summary.input());
    JsonArray layers = new JsonArray();
    for (Summary.Row row : summary.layers()) {
      JsonObject layer = new JsonObject();
      layer.addProperty("name", row.name());
      layer.addProperty("class_name", row.type());
      layer.addProperty("output_shape", row.output());
      layer.addProperty("parameters", row.parameters());
      layers.add(layer);
    }
    object.add("layers", layers);
    object.addProperty("parameters", summary.parameters());
    object.addProperty("trainable_parameters", summary.trainable());
    object.addProperty("optimizer", optimizer(saved));
    object.addProperty("optimizer_slots", saved.parameters().slots().size());
    object.addProperty("iterations", saved.parameters().iterations());
    object.addProperty("plan_bytes", planBytes);
    object.addProperty("finite", saved.weightFault() == null);
    JsonArray obstacles = new JsonArray();
    saved.obstacles().forEach(obstacle -> obstacles.add(obstacle.reason()));
    object.add("predicts_only", obstacles);
    object.addProperty("file_bytes", fileBytes());
    object.addProperty("keras_version", saved.origin().kerasVersion());
    object.addProperty("date_saved", saved.origin().dateSaved());
    object.addProperty("file_sha256", FileDigest.sha256(model.file));
    object.addProperty("weights_sha256", WeightsDigest.sha256(saved.parameters().values()));
    return object;
  }
}
