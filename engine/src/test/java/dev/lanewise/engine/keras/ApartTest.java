package dev.lanewise.engine.keras;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lanewise.engine.data.Dataset;
import dev.lanewise.engine.golden.Npy;
import dev.lanewise.engine.layer.Activation;
import dev.lanewise.engine.layer.Lstm;
import dev.lanewise.engine.loss.Loss;
import dev.lanewise.engine.tensor.Shape;
import dev.lanewise.engine.train.Model;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A model in two files: its JSON, and its weights. */
class ApartTest {
  private static final String GOLDEN = "apart/";

  private static Path path(String file) {
    return Golden.path(GOLDEN + file);
  }

  private static float[] answers(SavedModel saved) {
    float[] ones = new float[5 * 3];
    Arrays.fill(ones, 1);
    try (Model model = saved.toModel()) {
      return model.predict(Dataset.of(Shape.of(5, 3), ones, new float[2], 2), 1);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "third, third.weights.h5, HARD_SIGMOID",
    "second, second.h5, KERAS_2_HARD_SIGMOID",
  })
  void answersAsKeras(String name, String weights, Activation recurrent) {
    SavedModel read = KerasFile.read(path(name + ".json"), path(weights));
    float[] expected = Npy.read(GOLDEN + name).floats();
    float[] found = answers(read);
    for (int i = 0; i < expected.length; i++) {
      assertThat(found[i]).isCloseTo(expected[i], org.assertj.core.data.Offset.offset(1e-6f));
    }
    assertThat(((Lstm) read.layers().getFirst().layer()).recurrentActivation())
        .isEqualTo(recurrent);
    assertThat(read.parameters().slots()).isEmpty();
  }

  /** As Keras 3 writes what it is compiled with, and Keras 2 does not. */
  @Test
  void isCompiledAsItsJsonSays() {
    SavedModel third = KerasFile.read(path("third.json"), path("third.weights.h5"));
    assertThat(third.objective().loss()).isEqualTo(Loss.CATEGORICAL_CROSSENTROPY);
    SavedModel second = KerasFile.read(path("second.json"), path("second.h5"));
    assertThat(second.objective()).isNull();
  }

  @Test
  void halvesAndOthersWeightsAreRefused() {
    Path json = path("third.json");
    assertThatThrownBy(() -> KerasFile.read(json))
        .isInstanceOf(ModelFormatException.class)
        .hasMessage(
            json
                + ": expected a .keras archive or an .h5 file, found JSON, which has no weights;"
                + " give both, convert MODEL.json NEW.keras --weights WEIGHTS.h5");
    Path weights = path("third.weights.h5");
    assertThatThrownBy(() -> KerasFile.read(weights, weights))
        .hasMessage(
            weights
                + ": expected the JSON of model.to_json(), found a file of Keras's that has"
                + " weights itself");
    Path others = Golden.path("keras_files/simple_rnn/simple_rnn.weights.h5");
    assertThatThrownBy(() -> KerasFile.read(json, others))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageStartingWith(others + ": ");
  }
}
