package dev.lanewise.engine.keras;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonElement;
import com.google.gson.JsonParser;
import dev.lanewise.engine.backend.Plan;
import dev.lanewise.engine.backend.PlanOptions;
import dev.lanewise.engine.backend.Totals;
import dev.lanewise.engine.backend.cpu.CpuBackend;
import dev.lanewise.engine.data.Dataset;
import dev.lanewise.engine.golden.Npy;
import dev.lanewise.engine.onnx.OnnxExport;
import dev.lanewise.engine.tensor.Shape;
import dev.lanewise.engine.train.Model;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.IntStream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Models of Keras's whose layers keep states from batch to batch. */
class StatefulFilesTest {
  private static final int BATCH = 4;
  private static final Shape SAMPLE = Shape.of(5, 3);

  @TempDir Path folder;

  private static Dataset data(String inputs) {
    float[] x = Npy.read("stateful/" + inputs).floats();
    return Dataset.of(SAMPLE, x, Npy.read("stateful/y").floats(), 2);
  }

  private static float[] answers(SavedModel saved, String inputs) {
    try (Model model = saved.toModel()) {
      return model.predict(data(inputs), BATCH);
    }
  }

  private static SavedModel read(String file) {
    return KerasFile.read(Golden.path("stateful/" + file));
  }

  @ParameterizedTest
  @CsvSource({
    "stack.keras, x",
    "bidirectional.keras, x",
    "masked.keras, x_masked",
    "masked.h5, x_masked",
    "masked_sequences.keras, x_masked"
  })
  void threeBatchesInTurnAreAnsweredAsByKeras(String file, String inputs) {
    SavedModel saved = read(file);
    assertThat(saved.obstacle()).isNull();
    float[] found = answers(saved, inputs);
    float[] expected = Npy.read("stateful/" + file.split("\\.")[0]).floats();
    assertThat(found).containsExactly(expected, Offset.offset(2e-6f));
    Path copy = folder.resolve("copy.keras");
    KerasFile.write(saved, copy);
    SavedModel again = KerasFile.read(copy);
    assertThat(again.graph()).isEqualTo(saved.graph());
    assertThat(again.graph().batchSize()).isEqualTo(BATCH);
    assertThat(answers(again, inputs)).isEqualTo(found);
    assertThat(KerasFile.bytes(again)).isEqualTo(KerasFile.bytes(saved));
  }

  /** Two epochs of three batches: nothing but the weights changes at the end of the first. */
  @Test
  void trainsAsKeras() throws IOException {
    SavedModel saved = read("stack.keras");
    String losses = Files.readString(Golden.path("stateful/stack_losses.json"));
    try (Plan plan = new CpuBackend().compile(saved.spec(), new PlanOptions(BATCH, 2))) {
      plan.load(saved.parameters());
      plan.bind(data("x"));
      Totals totals = new Totals(saved.spec());
      int step = 0;
      for (JsonElement loss : JsonParser.parseString(losses).getAsJsonArray()) {
        if (step++ % 3 == 0) {
          plan.beginEpoch(IntStream.range(0, 3 * BATCH).toArray(), BATCH);
        }
        totals.reset();
        plan.step(1, totals);
        assertThat(totals.meanLoss()).isCloseTo(loss.getAsDouble(), Offset.offset(1e-6));
      }
      float[] found = new float[3 * BATCH * 2];
      plan.predict(data("x"), BATCH, found);
      float[] expected = Npy.read("stateful/stack_after").floats();
      assertThat(found).containsExactly(expected, Offset.offset(2e-6f));
    }
  }

  @Test
  void aTrainedFileAnswersTwoBatchesAsKeras() {
    Golden golden = new Golden("recurrent/files/stateful", "stateful");
    try (Model model = KerasFile.read(golden.file(".keras")).toModel()) {
      float[] found = model.predict(golden.input(), 2 * BATCH);
      assertThat(found).containsExactly(golden.answer().floats(), Offset.offset(2e-6f));
    }
  }

  @Test
  void statesAreNotExported() {
    SavedModel saved = read("stack.keras");
    assertThatThrownBy(() -> OnnxExport.bytes(saved.spec(), saved.parameters()))
        .hasMessage(
            "onnx: layer0 (LSTM): states that are kept from batch to batch (stateful) are not"
                + " exported");
  }
}
