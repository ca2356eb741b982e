package dev.lanewise.engine.keras;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.lanewise.engine.layer.Initializer;
import dev.lanewise.engine.layer.Initializer.Distribution;
import dev.lanewise.engine.layer.Initializer.FanMode;
import dev.lanewise.engine.layer.ParameterRules;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class InitializerConfigTest {
  private static ParameterRules read(String json) {
    return RulesConfig.read(
        new Config("layer", JsonParser.parseString(json).getAsJsonObject()), 2, 1);
  }

  private static Initializer kernel(String value) {
    return read("{\"kernel_initializer\": " + value + "}").kernel().initializer();
  }

  static Stream<Initializer> all() {
    return Stream.of(
        Initializer.ZEROS,
        Initializer.ONES,
        new Initializer.Constant(0.25),
        Initializer.RANDOM_NORMAL,
        new Initializer.TruncatedNormal(0.5, 2),
        new Initializer.RandomUniform(-1, 2),
        Initializer.GLOROT_NORMAL,
        Initializer.GLOROT_UNIFORM,
        Initializer.HE_NORMAL,
        Initializer.HE_UNIFORM,
        Initializer.LECUN_NORMAL,
        Initializer.LECUN_UNIFORM,
        new Initializer.VarianceScaling(0.3, FanMode.FAN_OUT, Distribution.UNTRUNCATED_NORMAL),
        new Initializer.Orthogonal(1.5),
        Initializer.IDENTITY);
  }

  @ParameterizedTest
  @MethodSource("all")
  void everyOneGoesIntoAFileAndBack(Initializer initializer) {
    JsonObject written = InitializerConfig.write(initializer);
    assertThat(kernel(written.toString())).isEqualTo(initializer);
  }

  @Test
  void theyAreWrittenAsKerasWritesThem() {
    assertThat(InitializerConfig.write(Initializer.HE_NORMAL).toString())
        .isEqualTo(
            "{\"module\":\"keras.initializers\",\"class_name\":\"HeNormal\","
                + "\"config\":{\"seed\":null},\"registered_name\":null}");
    assertThat(InitializerConfig.write(new Initializer.Constant(2)).toString())
        .contains("\"class_name\":\"Constant\",\"config\":{\"value\":2.0}");
  }

  @ParameterizedTest
  @CsvSource({
    "he_normal, HE_NORMAL",
    "glorot_uniform, GLOROT_UNIFORM",
    "zero, ZEROS",
    "lecun_uniform, LECUN_UNIFORM",
    "normal, RANDOM_NORMAL",
    "IdentityInitializer, IDENTITY",
  })
  void namesAloneMeanTheDefaults(String name, String expected) throws ReflectiveOperationException {
    assertThat(kernel('"' + name + '"')).isEqualTo(Initializer.class.getField(expected).get(null));
  }

  /** Keras 2 has Glorot's as a scaling of the variance. */
  @Test
  void whatMeansTheSameIsTheSame() {
    String scaling =
        """
        {"class_name": "VarianceScaling",
         "config": {"scale": 2.0, "mode": "fan_in", "distribution": "normal", "seed": 7}}\
        """;
    assertThat(kernel(scaling)).isEqualTo(Initializer.HE_NORMAL);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "null",
        "\"of_my_own\"",
        "7",
        "[1]",
        "{}",
        "{\"class_name\": \"OfMyOwn\", \"config\": {}}",
        "{\"class_name\": \"RandomNormal\", \"config\": {\"stddev\": -1}}",
        "{\"class_name\": \"VarianceScaling\", \"config\": {\"mode\": \"fan_sideways\"}}",
      })
  void whatIsNotKnownRefusesNoFile(String value) {
    assertThat(kernel(value)).isEqualTo(Initializer.GLOROT_UNIFORM);
    assertThat(read("{\"recurrent_initializer\": " + value + "}"))
        .isEqualTo(ParameterRules.DEFAULT);
  }
}
