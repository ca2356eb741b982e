package dev.lanewise.cli.command;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.lanewise.cli.argument.ModelArgument;
import dev.lanewise.cli.tell.FileDigest;
import dev.lanewise.cli.tell.JsonText;
import dev.lanewise.cli.tell.OptimizerText;
import dev.lanewise.cli.tell.TextTable;
import dev.lanewise.cli.tell.Version;
import dev.lanewise.cli.tell.WeightsDigest;
import dev.lanewise.engine.backend.ModelSpec;
import dev.lanewise.engine.backend.OutputSpec;
import dev.lanewise.engine.backend.PlanOptions;
import dev.lanewise.engine.backend.cpu.CpuBackend;
import dev.lanewise.engine.keras.KerasFile;
import dev.lanewise.engine.keras.SavedModel;
import dev.lanewise.engine.layer.Layer;
import dev.lanewise.engine.tensor.MemoryLedger;
import dev.lanewise.engine.text.Printable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.ArrayList;
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

  /** One line of the summary. */
  private record Row(String name, String type, String output, long parameters) {}

  @Override
  public Integer call() {
    SavedModel saved = KerasFile.read(model.file); // a model that cannot answer can be looked at
    ModelSpec spec = saved.spec();
    List<Row> rows = rows(saved, spec);
    PlanOptions options = new PlanOptions(BATCH, Runtime.getRuntime().availableProcessors());
    long planBytes = new CpuBackend().planBytes(spec, options);
    if (json) {
      System.out.println(JsonText.of(object(saved, rows, planBytes)));
    } else {
      print(saved, rows, planBytes);
    }
    return 0;
  }

  private static List<Row> rows(SavedModel saved, ModelSpec spec) {
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < spec.layers().size(); i++) {
      Layer layer = spec.layers().get(i);
      long count =
          spec.graph().parameters(i).stream().mapToLong(p -> p.shape().elementCount()).sum();
      int output = spec.graph().firstValue(spec.graph().firstCall(i));
      String shape = batched(saved.openShapes().get(output));
      rows.add(new Row(saved.layers().get(i).name(), layer.className(), shape, count));
    }
    return rows;
  }

  private static String inputs(SavedModel saved) {
    return saved.openShapes().subList(0, saved.inputs().size()).stream()
        .map(InspectCommand::batched)
        .collect(Collectors.joining(", "));
  }

  /** As Keras prints shapes. */
  private static String batched(List<Integer> sizes) {
    return sizes.stream()
        .map(size -> size < 0 ? "None" : Integer.toString(size))
        .collect(Collectors.joining(", ", "(None, ", ")"));
  }

  private void print(SavedModel saved, List<Row> rows, long planBytes) {
    System.out.println("Model: \"" + shown(saved.name()) + "\", input " + inputs(saved));
    TextTable table = new TextTable("Layer (type)", "Output Shape", "Param #");
    for (Row row : rows) {
      table.row(
          shown(row.name) + " (" + row.type + ")",
          row.output,
          String.format(Locale.ROOT, "%,d", row.parameters));
    }
    System.out.print(table);
    long parameters = saved.spec().parameterCount();
    long trainable = saved.spec().trainableCount();
    long state = saved.parameters().slots().size() * trainable;
    System.out.println(
        String.format(
            Locale.ROOT,
            "parameters: %,d (%,d bytes); %,d trainable, %,d not",
            parameters,
            parameters * 4,
            trainable,
            parameters - trainable));
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

  private JsonObject object(SavedModel saved, List<Row> rows, long planBytes) {
    JsonObject object = new JsonObject();
    object.addProperty("name", saved.name());
    object.addProperty("input_shape", inputs(saved));
    JsonArray layers = new JsonArray();
    for (Row row : rows) {
      JsonObject layer = new JsonObject();
      layer.addProperty("name", row.name);
      layer.addProperty("class_name", row.type);
      layer.addProperty("output_shape", row.output);
      layer.addProperty("parameters", row.parameters);
      layers.add(layer);
    }
    object.add("layers", layers);
    object.addProperty("parameters", saved.spec().parameterCount());
    object.addProperty("trainable_parameters", saved.spec().trainableCount());
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
