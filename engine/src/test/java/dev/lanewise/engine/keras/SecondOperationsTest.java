package dev.lanewise.engine.keras;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.lanewise.engine.data.Dataset;
import dev.lanewise.engine.golden.Npy;
import dev.lanewise.engine.tensor.Shape;
import dev.lanewise.engine.train.Model;
import java.nio.file.Path;
import java.time.LocalDateTime;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Functions of TensorFlow's in files of Keras 2 that are several operations, or have arrays. */
class SecondOperationsTest {
  private static final LocalDateTime NOON = LocalDateTime.of(2026, 11, 30, 12, 0);

  @TempDir private Path folder;

  private static float[] answers(Model model, String name) {
    Shape shape = model.spec().input();
    float[] x = Npy.read("second/" + name + "_x").floats();
    int samples = x.length / Math.toIntExact(shape.elementCount());
    return model.predict(Dataset.of(shape, x, new float[samples], 1), samples);
  }

  @ParameterizedTest
  @ValueSource(strings = {"positions", "split", "pad"})
  void answersAreKerassAndThoseOfWhatIsWritten(String name) {
    float[] expected = Npy.read("second/" + name + "_y").floats();
    Path written = folder.resolve("written.keras");
    SavedModel saved = KerasFile.read(Golden.path("second/" + name + ".h5"));
    try (Model model = saved.toModel()) {
      float[] found = answers(model, name);
      assertThat(found).hasSameSizeAs(expected);
      for (int i = 0; i < found.length; i++) {
        assertThat(found[i]).as("answer %s", i).isCloseTo(expected[i], within(2e-6f));
      }
      KerasFile.write(SavedModel.of(model, NOON, saved, model.parameters()), written);
      try (Model again = KerasFile.read(written).toModel()) {
        assertThat(answers(again, name)).containsExactly(found);
      }
    }
  }
}
