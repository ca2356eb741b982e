package dev.lanewise.engine.keras;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.lanewise.engine.data.Dataset;
import dev.lanewise.engine.golden.Npy;
import dev.lanewise.engine.keras.SavedModel.Obstacle;
import dev.lanewise.engine.tensor.Shape;
import dev.lanewise.engine.train.Model;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Models that Keras computes in other floats than float32. */
class DtypesGoldenTest {
  private static final String FOLDER = "dtypes/";
  private static final int SAMPLES = 5;
  private static final Shape SAMPLE = Shape.of(6, 2);
  private static final double TOLERANCE = 1e-6;

  @TempDir private Path folder;

  /** What Keras gives with the same weights in float32, and nearly what it gave in the others. */
  @ParameterizedTest
  @CsvSource({
    "mixed_float16, keras, 2e-4",
    "mixed_bfloat16, h5, 2e-3",
    "float16, keras, 2e-4",
    "float64, h5, 2e-6"
  })
  void modelsPredictInFloat32(String policy, String ending, double apart) {
    SavedModel saved = KerasFile.read(Golden.path(FOLDER + policy + "." + ending));
    Npy answers = Npy.read(FOLDER + policy);
    Dataset data = Dataset.of(SAMPLE, Npy.read(FOLDER + "x").floats(), new float[SAMPLES], 1);
    float[] given;
    try (Model model = saved.toModel()) {
      given = model.predict(data, SAMPLES);
    }
    for (int i = 0; i < given.length; i++) {
      assertThat(Math.abs(given[i] - answers.values()[i]))
          .as("float32, %d", i)
          .isLessThan(TOLERANCE);
      assertThat(Math.abs(given[i] - answers.values()[given.length + i]))
          .as("%s, %d", policy, i)
          .isLessThan(apart);
    }
    assertThat(saved.obstacle()).startsWith("dtype " + policy + " is computed in float32 here");
    assertThat(saved.obstacles()).noneMatch(Obstacle::changesLoss);
    assertThatThrownBy(() -> KerasFile.write(saved, folder.resolve("again.keras")))
        .hasMessageContaining("dtype " + policy);
  }

  @Test
  void whatIsNoFloatIsRefusedByLayer() {
    for (String dtype :
        List.of("\"int8\"", "\"complex64\"", "{\"class_name\":\"DTypePolicyMap\"}")) {
      assertThatThrownBy(
              () -> DtypeConfig.collect(config("{\"dtype\":" + dtype + "}"), new ArrayList<>()))
          .isInstanceOf(ModelFormatException.class)
          .hasMessageStartingWith("layer x: key dtype must be float32, or of other floats, found ");
    }
    assertThatThrownBy(() -> DtypeConfig.requireFloat32(config("{\"dtype\":\"float16\"}")))
        .hasMessage("layer x: key dtype must be float32, found float16");
    assertThat(DtypeConfig.requireFloat(config("{}"))).isEqualTo("float32");
  }

  private static Config config(String json) {
    JsonObject object = JsonParser.parseString(json).getAsJsonObject();
    return new Config("layer x", object);
  }
}
