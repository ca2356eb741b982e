package dev.lanewise.engine.keras;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanewise.engine.layer.Layer;
import dev.lanewise.engine.layer.LayerNormalization;
import dev.lanewise.engine.layer.MultiHeadAttention;
import dev.lanewise.engine.tensor.Shape;
import dev.lanewise.engine.train.Model;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Axes, depths and widths as files have them, written anew from the model that is made of one. */
class AxesFilesTest {
  private static final LocalDateTime TIME = LocalDateTime.of(2026, 2, 3, 4, 5, 6);

  @TempDir private Path folder;

  private SavedModel again(SavedModel saved) throws IOException {
    try (Model model = saved.toModel()) {
      SavedModel anew = SavedModel.of(model, TIME, saved, model.parameters());
      byte[] archive = KerasFile.bytes(anew);
      return KerasFile.read(Files.write(folder.resolve("anew.keras"), archive));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"elus", "heads_of_other_widths", "axes", "groups", "means_of_steps"})
  void areWrittenAsTheyWereRead(String name) throws IOException {
    SavedModel saved = KerasFile.read(Golden.path("layers/" + name + ".keras"));
    SavedModel again = again(saved);
    assertThat(again.graph()).isEqualTo(saved.graph());
    List<float[]> weights = again.parameters().values();
    for (int i = 0; i < weights.size(); i++) {
      assertThat(weights.get(i)).containsExactly(saved.parameters().values().get(i));
    }
  }

  /** Keras orders axes before it counts those from the last. */
  @Test
  void weightsHaveTheSizesOfAxesInKerasOrder() {
    Layer layer = LayerNormalization.withDefaults().withAxes(1, -1);
    assertThat(layer.parameters(Shape.of(4, 3)).getFirst().shape()).isEqualTo(Shape.of(3, 4));
  }

  @Test
  void aWidthIsThatOfOutputsAlone() {
    MultiHeadAttention heads = MultiHeadAttention.of(2, 3).withOutputDim(5);
    List<Shape> read = List.of(Shape.of(4, 6), Shape.of(7, 2));
    assertThat(heads.mergedShape(read)).isEqualTo(Shape.of(4, 5));
    assertThat(heads.parameters(read).getLast().shape()).isEqualTo(Shape.of(5));
    assertThat(heads.parameters(read).getFirst().shape()).isEqualTo(Shape.of(6, 2, 3));
  }
}
