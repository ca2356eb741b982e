package dev.lanewise.engine.keras;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
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
import dev.lanewise.engine.layer.Constraint;
import dev.lanewise.engine.layer.Constraint.MaxNorm;
import dev.lanewise.engine.layer.Constraint.MinMaxNorm;
import dev.lanewise.engine.layer.Constraint.NonNeg;
import dev.lanewise.engine.layer.Constraint.UnitNorm;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Models whose weights keep rules, read from Keras's files, trained as Keras did, written. */
class ConstraintFilesTest {
  private static final String FOLDER = "constraints/";
  private static final int SAMPLES = 12;
  private static final int BATCH = 4;
  private static final int EPOCHS = 2;

  @TempDir Path folder;

  private static Npy array(String member) {
    return Npy.readMember(FOLDER + "constraints", member);
  }

  /** Returns the weights after Keras's batches, in its order. */
  private static List<float[]> trained(SavedModel saved, boolean tokens, int threads) {
    float[] x = array(tokens ? "ids" : "x").floats();
    Dataset data = Dataset.of(saved.input(), x, array("t").floats(), 3);
    try (Plan plan = new CpuBackend().compile(saved.spec(), new PlanOptions(BATCH, threads))) {
      plan.load(saved.parameters());
      plan.bind(data);
      for (int epoch = 0; epoch < EPOCHS; epoch++) {
        plan.beginEpoch(IntStream.range(0, SAMPLES).toArray(), BATCH);
        plan.step(SAMPLES / BATCH, new Totals());
      }
      return plan.snapshot().values();
    }
  }

  @ParameterizedTest
  @CsvSource({"lstm.keras", "lstm.h5", "gru.keras", "embedding.keras", "embedding.h5"})
  void theyTrainAsInKeras(String file) {
    SavedModel saved = KerasFile.read(Golden.path(FOLDER + file));
    assertThat(saved.obstacle()).isNull();
    String name = file.substring(0, file.indexOf('.'));
    List<float[]> found = trained(saved, name.equals("embedding"), 2);
    for (int i = 0; i < found.size(); i++) {
      assertThat(doubles(found.get(i)))
          .as("%s, array %d", file, i)
          .containsExactly(array(name + "_" + i).values(), within(2e-6));
    }
  }

  private static double[] doubles(float[] values) {
    return IntStream.range(0, values.length).mapToDouble(k -> values[k]).toArray();
  }

  private static void constraints(JsonElement element, List<String> all) {
    if (element.isJsonArray()) {
      element.getAsJsonArray().forEach(each -> constraints(each, all));
    } else if (element instanceof JsonObject object) {
      object
          .asMap()
          .forEach(
              (key, value) -> {
                if (key.endsWith("_constraint") && value instanceof JsonObject held) {
                  all.add(key + held.get("class_name") + held.get("config"));
                } else {
                  constraints(value, all);
                }
              });
    }
  }

  private static List<String> constraintsOf(Path file) throws IOException {
    byte[] archive = Files.readAllBytes(file);
    byte[] config = ZipArchive.of(archive, file.toString()).read("config.json", 1000);
    List<String> all = new ArrayList<>();
    constraints(JsonParser.parseString(new String(config, StandardCharsets.UTF_8)), all);
    return all;
  }

  @ParameterizedTest
  @CsvSource({"lstm, 5", "gru, 6", "embedding, 6"})
  void theyAreWrittenAsKerasWritesThem(String name, int count) throws IOException {
    Path original = Golden.path(FOLDER + name + ".keras");
    SavedModel saved = KerasFile.read(original);
    Path again = folder.resolve("again.keras");
    KerasFile.write(saved, again);
    assertThat(constraintsOf(again)).hasSize(count).isEqualTo(constraintsOf(original));
    assertThat(KerasFile.read(again).layers()).isEqualTo(saved.layers());
  }

  private static Config layer(String value) {
    JsonObject layer = new JsonObject();
    layer.add("kernel_constraint", JsonParser.parseString(value));
    return new Config("layer", layer);
  }

  private static Constraint read(String value) {
    return ConstraintConfig.read(layer(value), "kernel_constraint", 2);
  }

  private static List<Obstacle> obstacles(String value) {
    List<Obstacle> obstacles = new ArrayList<>();
    TrainingOnly.collect(layer(value), Set.of(), Set.of("kernel"), obstacles);
    return obstacles;
  }

  static Stream<Arguments> forms() {
    return Stream.of(
        Arguments.of("'max_norm'", new MaxNorm(2)),
        Arguments.of("'NonNeg'", new NonNeg()),
        Arguments.of("{'class_name':'UnitNorm','config':{'axis':-1}}", new UnitNorm(List.of(-1))),
        Arguments.of(
            "{'class_name':'MaxNorm','config':{'max_value':3,"
                + "'axis':{'class_name':'__tuple__','items':[0,1]}}}",
            new MaxNorm(3, List.of(0, 1))),
        Arguments.of(
            "{'module':'keras.constraints','class_name':'MinMaxNorm','config':{'rate':0.5}}",
            new MinMaxNorm(0, 1, 0.5, List.of(0))));
  }

  @ParameterizedTest
  @MethodSource("forms")
  void theyAreReadInEveryForm(String value, Constraint expected) {
    assertThat(read(value.replace('\'', '"'))).isEqualTo(expected);
    assertThat(obstacles(value.replace('\'', '"'))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "'maxnorm'",
        "{'name':'maxnorm','m':2,'axis':0}",
        "{'class_name':'RadialConstraint','config':{}}",
        "{'module':'mine','class_name':'NonNeg','config':{}}",
        "{'class_name':'MaxNorm','config':{'max_value':-1}}",
        "{'class_name':'MaxNorm','config':{'max_value':'much'}}",
        "{'class_name':'UnitNorm','config':{'axis':null}}",
        "{'class_name':'UnitNorm','config':{'axis':0.5}}",
        "{'class_name':'UnitNorm','config':{'axis':[]}}",
        "7",
      })
  void theOthersAreObstacles(String value) {
    String json = value.replace('\'', '"');
    assertThat(read(json)).isEqualTo(Constraint.none());
    assertThat(obstacles(json)).hasSize(1);
    assertThat(obstacles(json).getFirst().reason()).contains("key kernel_constraint");
  }

  @Test
  void anAxisThatThereIsNotIsRefusedByKey() {
    String json = "{\"class_name\":\"UnitNorm\",\"config\":{\"axis\":2}}";
    assertThatThrownBy(() -> read(json))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageContaining("key kernel_constraint")
        .hasMessageContaining("2 sizes");
  }

  /** What a layer does not carry keeps it from training, and from being written without it. */
  @Test
  void aLayerThatCarriesNoneOnlyPredicts() {
    List<Obstacle> obstacles = new ArrayList<>();
    TrainingOnly.collect(layer("\"non_neg\""), obstacles);
    assertThat(obstacles).hasSize(1);
  }
}
