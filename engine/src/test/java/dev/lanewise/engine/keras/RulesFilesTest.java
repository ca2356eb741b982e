package dev.lanewise.engine.keras;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.lanewise.engine.archive.ZipArchive;
import dev.lanewise.engine.backend.Plan;
import dev.lanewise.engine.backend.PlanOptions;
import dev.lanewise.engine.backend.Totals;
import dev.lanewise.engine.backend.cpu.CpuBackend;
import dev.lanewise.engine.data.Dataset;
import dev.lanewise.engine.golden.Npy;
import dev.lanewise.engine.keras.SavedModel.Obstacle;
import dev.lanewise.engine.layer.BatchNormalization;
import dev.lanewise.engine.layer.Dense;
import dev.lanewise.engine.layer.Dropout;
import dev.lanewise.engine.layer.Layer;
import dev.lanewise.engine.layer.Lstm;
import dev.lanewise.engine.layer.MultiHeadAttention;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Initializers, penalties and constraints of convolutions that leave products out, of
 * normalizations and of attention, read from Keras's files, trained as Keras did, written.
 */
class RulesFilesTest {
  private static final String FOLDER = "rules/";
  private static final int SAMPLES = 12;
  private static final int BATCH = 4;

  @TempDir Path folder;

  private static Npy array(String member) {
    return Npy.readMember(FOLDER + "rules", member);
  }

  @ParameterizedTest
  @ValueSource(strings = {"windows.keras", "windows.h5", "heads.keras", "heads.h5"})
  void theyTrainAsInKeras(String file) {
    SavedModel saved = KerasFile.read(Golden.path(FOLDER + file));
    assertThat(saved.obstacle()).isNull();
    String name = file.substring(0, file.indexOf('.'));
    Dataset data = Dataset.of(saved.input(), array("x").floats(), array("t").floats(), 3);
    try (Plan plan = new CpuBackend().compile(saved.spec(), new PlanOptions(BATCH, 2))) {
      plan.load(saved.parameters());
      plan.bind(data);
      for (int epoch = 0; epoch < 2; epoch++) {
        plan.beginEpoch(IntStream.range(0, SAMPLES).toArray(), BATCH);
        plan.step(SAMPLES / BATCH, new Totals());
      }
      List<float[]> found = plan.snapshot().values();
      for (int i = 0; i < found.size(); i++) {
        float[] values = found.get(i);
        assertThat(IntStream.range(0, values.length).mapToDouble(k -> values[k]).toArray())
            .as("%s, array %d", file, i)
            .containsExactly(array(name + "_" + i).values(), within(2e-6));
      }
    }
  }

  /** Adds each rule's class and what it sets, in order, but for seeds, which are not kept. */
  private static void rules(JsonElement element, List<String> all) {
    if (element.isJsonArray()) {
      element.getAsJsonArray().forEach(each -> rules(each, all));
    } else if (element instanceof JsonObject object) {
      object
          .asMap()
          .forEach(
              (key, value) -> {
                if (key.matches(".*_(initializer|regularizer|constraint)")) {
                  all.add(key + rule(value));
                } else {
                  rules(value, all);
                }
              });
    }
  }

  private static String rule(JsonElement value) {
    if (!(value instanceof JsonObject object)) {
      return value.toString();
    }
    JsonObject config = object.getAsJsonObject("config");
    config.entrySet().removeIf(setting -> setting.getValue().isJsonNull());
    config.remove("seed");
    return object.get("class_name").toString() + config;
  }

  private static List<String> rulesOf(Path file) throws IOException {
    byte[] archive = Files.readAllBytes(file);
    byte[] config = ZipArchive.of(archive, file.toString()).read("config.json", 1000);
    List<String> all = new ArrayList<>();
    rules(JsonParser.parseString(new String(config, StandardCharsets.UTF_8)), all);
    return all;
  }

  @ParameterizedTest
  @CsvSource({"windows, 37", "heads, 37"})
  void theyAreWrittenAsKerasWritesThem(String name, int count) throws IOException {
    Path original = Golden.path(FOLDER + name + ".keras");
    SavedModel saved = KerasFile.read(original);
    Path again = folder.resolve("again.keras");
    KerasFile.write(saved, again);
    assertThat(rulesOf(again)).hasSize(count).isEqualTo(rulesOf(original));
    assertThat(KerasFile.read(again).layers()).isEqualTo(saved.layers());
  }

  private static Layer layer(String name) {
    return switch (name) {
      case "lstm" -> Lstm.of(2);
      case "dense" -> Dense.of(2).frozen();
      case "heads" -> MultiHeadAttention.of(1, 2);
      case "norm" -> BatchNormalization.withDefaults();
      default -> Dropout.of(0.5);
    };
  }

  /** What a layer has no array for is no rule of it: of this its training would know nothing. */
  @ParameterizedTest
  @CsvSource({
    "lstm, recurrent, true",
    "dense, recurrent, false",
    "dense, bias, true",
    "heads, kernel, true",
    "heads, gamma, false",
    "norm, beta, true",
    "norm, kernel, false",
    "norm, depthwise, false",
    "drop, kernel, false"
  })
  void aRuleForAnArrayThatALayerDoesNotHaveEndsTraining(String name, String array, boolean has) {
    JsonObject json = new JsonObject();
    json.addProperty(array + "_regularizer", "l2");
    json.addProperty(array + "_constraint", "non_neg");
    List<Obstacle> obstacles = new ArrayList<>();
    var arrays = RulesConfig.carriedBy(layer(name));
    TrainingOnly.collect(new Config("layer", json), arrays, arrays, obstacles);
    assertThat(obstacles).hasSize(has ? 0 : 2);
  }
}
