package dev.lanewise.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanewise.engine.archive.ZipWriter;
import dev.lanewise.engine.data.Npy;
import dev.lanewise.engine.keras.KerasFile;
import dev.lanewise.engine.keras.SavedModel;
import dev.lanewise.engine.layer.Bidirectional;
import dev.lanewise.engine.layer.Dense;
import dev.lanewise.engine.layer.Layer;
import dev.lanewise.engine.layer.Lstm;
import dev.lanewise.engine.layer.Recurrent;
import dev.lanewise.engine.loss.Loss;
import dev.lanewise.engine.optimizer.Adam;
import dev.lanewise.engine.tensor.Shape;
import dev.lanewise.engine.train.Model;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code train --truncated-backprop} on a model with an answer for each step. */
class TruncatedBackpropTest {
  private static final int STEPS = 10;
  private static final int SAMPLES = 20;
  private static final Recurrent STATES = Lstm.of(5).returningSequences();

  @TempDir Path folder;

  private Path data;

  @BeforeEach
  void write() throws IOException {
    Random random = new Random(3);
    Map<String, byte[]> members = new LinkedHashMap<>();
    for (String name : List.of("x_train", "y_train", "x_test", "y_test")) {
      float[] values = new float[SAMPLES * STEPS];
      for (int i = 0; i < values.length; i++) {
        values[i] = (float) random.nextGaussian();
      }
      members.put(name + ".npy", Npy.write(Shape.of(SAMPLES, STEPS, 1), values));
    }
    data = Files.write(folder.resolve("long.npz"), ZipWriter.bytes(members));
  }

  private Path model(Layer... layers) {
    Path file = folder.resolve("model.keras");
    try (Model made =
        Model.sequential(Shape.of(STEPS, 1), layers)
            .compile(Adam.of(0.01), Loss.MEAN_SQUARED_ERROR)) {
      KerasFile.write(SavedModel.of(made, LocalDateTime.of(2026, 1, 2, 3, 4, 5)), file);
    }
    return file;
  }

  private InProcess train(Path model, Object... more) {
    List<Object> line =
        new ArrayList<>(
            List.of("train", "--model", model, "--data", data, "--batch-size", 8, "--epochs", 2));
    line.addAll(List.of(more));
    return InProcess.run(line.toArray());
  }

  /** 16 sequences in batches of 8, and three windows each: six updates an epoch. */
  @Test
  void windowsAreUpdatesAndTheirMemoryIsTold() throws IOException {
    Path losses = folder.resolve("losses.csv");
    Path model = model(STATES, Dense.of(1));
    InProcess run = train(model, "--truncated-backprop", 4, "--no-out", "--batch-losses", losses);
    assertThat(run.exit()).as(run.err()).isZero();
    assertThat(run.err())
        .containsPattern("truncated backprop: windows of 4 steps, in [\\d,]+ bytes");
    assertThat(Files.readAllLines(losses)).hasSize(1 + 2 * 6);
    InProcess json = train(model, "--truncated-backprop", 4, "--no-out", "--json");
    assertThat(json.out()).contains("\"window_steps\":4");
  }

  @Test
  void checkpointsInTheMiddleOfABatchChangeNothing() {
    Path model = model(STATES, Dense.of(1));
    InProcess once = train(model, "--truncated-backprop", 4, "--no-out", "--json");
    assertThat(once.exit()).as(once.err()).isZero();
    Path parts = folder.resolve("parts");
    InProcess saved =
        train(model, "--truncated-backprop", 4, "--out", parts, "--json", "--checkpoint-every", 5);
    assertThat(saved.exit()).as(saved.err()).isZero();
    assertThat(digest(saved)).isEqualTo(digest(once));
  }

  private static String digest(InProcess run) {
    String rest = run.out().substring(run.out().indexOf("weights_sha256"));
    return rest.lines().findFirst().orElseThrow();
  }

  @Test
  void whatHasNoAnswerForEachStepIsRefusedInOneLine() {
    InProcess noModel = InProcess.run("train", "--truncated-backprop", 4, "--no-out");
    assertThat(noModel.exit()).isEqualTo(2);
    assertThat(noModel.err()).contains("--truncated-backprop needs a --model with an answer");
    InProcess none = train(model(STATES, Dense.of(1)), "--truncated-backprop", 0, "--no-out");
    assertThat(none.exit()).isEqualTo(2);
    InProcess ahead =
        train(model(Bidirectional.of(STATES), Dense.of(1)), "--truncated-backprop", 4, "--no-out");
    assertThat(ahead.exit()).isEqualTo(1);
    assertThat(ahead.err().strip())
        .contains("layer 0 (bidirectional) reads the sequence from its end as well")
        .doesNotContain("\n");
  }
}
