package dev.lanewise.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanewise.engine.archive.ZipWriter;
import dev.lanewise.engine.data.Npy;
import dev.lanewise.engine.keras.KerasFile;
import dev.lanewise.engine.keras.SavedModel;
import dev.lanewise.engine.layer.Dense;
import dev.lanewise.engine.layer.Lstm;
import dev.lanewise.engine.loss.Loss;
import dev.lanewise.engine.optimizer.Adam;
import dev.lanewise.engine.tensor.Shape;
import dev.lanewise.engine.train.Model;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Models whose labels are without places in the sequence. */
class LabelModelsTest {
  private static final Shape INPUT = Shape.of(7, 3);
  private static final int SAMPLES = 20;
  private static final int MOST = 2;

  @TempDir private Path folder;

  private Path model;

  @BeforeEach
  void writeAModel() {
    model = folder.resolve("model.keras");
    try (Model made =
        Model.sequential(INPUT, Lstm.of(4).returningSequences(), Dense.of(5))
            .compile(Adam.withDefaults(), Loss.CTC)) {
      KerasFile.write(SavedModel.of(made, LocalDateTime.of(2026, 1, 2, 3, 4, 5)), model);
    }
  }

  private Path data(float... firstLabels) throws IOException {
    Random random = new Random(1);
    float[] x = new float[SAMPLES * 21];
    float[] y = new float[SAMPLES * MOST];
    for (int i = 0; i < x.length; i++) {
      x[i] = (float) random.nextGaussian();
    }
    for (int i = 0; i < y.length; i++) {
      y[i] = 1 + random.nextInt(4);
    }
    System.arraycopy(firstLabels, 0, y, 0, firstLabels.length);
    byte[] inputs = Npy.write(Shape.of(SAMPLES, 7, 3), x);
    byte[] labels = Npy.write(Shape.of(SAMPLES, MOST), y);
    Map<String, byte[]> members = new LinkedHashMap<>();
    members.put("x_train.npy", inputs);
    members.put("y_train.npy", labels);
    members.put("x_test.npy", inputs);
    members.put("y_test.npy", labels);
    return Files.write(folder.resolve("data.npz"), ZipWriter.bytes(members));
  }

  @Test
  void aRunReportsHowManyLabelsAreRead() throws IOException {
    Path run = folder.resolve("run");
    InProcess train =
        InProcess.run("train", "--model", model, "--data", data(3, 0), "--epochs", 1, "--out", run);
    assertThat(train.exit()).as(train.err()).isZero();
    assertThat(Files.readString(run.resolve("report.html")))
        .contains("label error rate", "sequences read right", "What is read");
    InProcess evaluated = InProcess.run("evaluate", run.resolve("model.keras"), "--data", data());
    assertThat(evaluated.exit()).as(evaluated.err()).isZero();
    assertThat(evaluated.out()).containsPattern("loss: \\d");
  }

  @Test
  void labelsThatCannotBeAreToldInOneLineBeforeARunBegins() throws IOException {
    Path run = folder.resolve("run");
    InProcess train = InProcess.run("train", "--model", model, "--data", data(0, 2), "--out", run);
    assertThat(train.exit()).isEqualTo(3);
    assertThat(train.err())
        .contains(
            "lanewise: data: sample 0 has the label 2 behind a 0, which fills up shorter targets"
                + " and is no label of ctc; count classes from 1");
    assertThat(run).doesNotExist();
  }
}
