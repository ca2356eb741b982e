package dev.lanewise.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanewise.cli.tell.ExitCode;
import dev.lanewise.engine.archive.ZipWriter;
import dev.lanewise.engine.data.Npy;
import dev.lanewise.engine.keras.KerasFile;
import dev.lanewise.engine.keras.SavedModel;
import dev.lanewise.engine.layer.Activation;
import dev.lanewise.engine.layer.Dense;
import dev.lanewise.engine.layer.SimpleRnn;
import dev.lanewise.engine.loss.BinaryCrossentropy;
import dev.lanewise.engine.loss.Huber;
import dev.lanewise.engine.loss.Loss;
import dev.lanewise.engine.metric.Metric;
import dev.lanewise.engine.optimizer.Adam;
import dev.lanewise.engine.tensor.Shape;
import dev.lanewise.engine.train.Model;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Commands on models of numbers, and of yes and no, from files. */
class RegressionTest {
  @TempDir Path folder;

  private Path model;

  @BeforeEach
  void name() {
    model = folder.resolve("model.keras");
  }

  private void write(Dense last, Loss loss, Metric... metrics) {
    try (Model made =
        Model.sequential(Shape.of(4, 1), SimpleRnn.of(5), last)
            .compile(Adam.of(0.01), loss, metrics)) {
      KerasFile.write(SavedModel.of(made, LocalDateTime.of(2026, 1, 2, 3, 4, 5)), model);
    }
  }

  /** The label is the sum of a row, or whether it is above 0. */
  private Path table(String name, boolean numbers) throws IOException {
    Random random = new Random(name.length());
    StringBuilder lines = new StringBuilder("a,b,c,d,label\n");
    for (int i = 0; i < 60; i++) {
      double sum = 0;
      for (int k = 0; k < 4; k++) {
        double value = random.nextInt(200) / 100.0 - 1;
        sum += value;
        lines.append(String.format(Locale.ROOT, "%.2f,", value));
      }
      lines.append(
          numbers ? String.format(Locale.ROOT, "%.2f%n", sum) : (sum > 0 ? "1" : "0") + "\n");
    }
    return Files.writeString(folder.resolve(name), lines.toString());
  }

  private String tables(boolean numbers) throws IOException {
    return table("train.csv", numbers) + "," + table("a-test.csv", numbers);
  }

  private InProcess train(String data, Object... more) {
    Path out = folder.resolve("run");
    Object[] first = {"train", "--model", model, "--data", data, "--epochs", 3, "--out", out};
    return InProcess.run(Stream.concat(Stream.of(first), Stream.of(more)).toArray());
  }

  @Test
  void aModelOfNumbersIsTrainedJudgedAndReported() throws IOException {
    write(Dense.of(1), new Huber(0.5), Metric.MEAN_ABSOLUTE_ERROR, Metric.MEAN_SQUARED_ERROR);
    String data = tables(true);
    InProcess run = train(data, "--monitor", "val_mse", "--early-stopping", 5);
    assertThat(run.exit()).as(run.err()).isZero();
    assertThat(run.out()).contains("test loss: ", "test mae: ", "test mse: ");
    assertThat(run.err()).contains("targets -").contains("loss against epochs");
    Path trained = folder.resolve("run/model.keras");
    assertThat(KerasFile.read(trained).spec().loss()).isEqualTo(new Huber(0.5));
    InProcess judged = InProcess.run("evaluate", trained, "--data", data);
    assertThat(judged.out().replaceAll("(?m)^", "test ")).contains(run.out().strip());
    String report = Files.readString(folder.resolve("run/report.html"));
    assertThat(report)
        .contains("<h2>Predicted against true</h2>", "<h2>Residuals</h2>", "<h2>Largest errors")
        .contains("<dt>MAE</dt>", "<dt>RMSE</dt>", "<dt>R2</dt>")
        .doesNotContain("mistakes")
        .doesNotContain("Confusion");
    Files.delete(folder.resolve("run/report.html"));
    assertThat(InProcess.run("report", folder.resolve("run")).exit()).isZero();
    assertThat(folder.resolve("run/report.html")).hasContent(report);
  }

  @Test
  void aModelOfYesAndNoIsJudgedByItsSides() throws IOException {
    write(Dense.of(1), new BinaryCrossentropy(true, 0), Metric.AUC, Metric.BINARY_ACCURACY);
    InProcess run = train(tables(false), "--monitor", "val_auc", "--save-best");
    assertThat(run.exit()).as(run.err()).isZero();
    assertThat(run.out()).contains("test auc: ", "test binary_accuracy: ", "test loss: ");
    String report = Files.readString(folder.resolve("run/report.html"));
    assertThat(report).contains("<h2>Confusion</h2>", "<dt>mistakes</dt>");
    assertThat(Files.readString(folder.resolve("run/history.csv"))).contains("val_auc");
  }

  @Test
  void onlyWhatTheModelReportsIsWatched() throws IOException {
    write(Dense.of(1), Loss.MEAN_SQUARED_ERROR, Metric.MEAN_ABSOLUTE_ERROR);
    InProcess run = train(tables(true), "--monitor", "accuracy", "--early-stopping", 5);
    assertThat(run.exit()).isEqualTo(ExitCode.RUN_FAILED);
    assertThat(run.err())
        .contains("--monitor must be one of [loss, mae], or one with val_ before it, found acc");
  }

  @Test
  void moreClassesThanYesAndNoAreRefused() throws IOException {
    write(Dense.of(1, Activation.SIGMOID), Loss.BINARY_CROSSENTROPY);
    Path train = Files.writeString(folder.resolve("a.csv"), "label,a,b,c,d\n2,1,2,3,4\n");
    Path test = Files.writeString(folder.resolve("b.csv"), "label,a,b,c,d\n1,1,2,3,4\n");
    InProcess run = train(train + "," + test);
    assertThat(run.exit()).isEqualTo(ExitCode.MODEL);
    assertThat(run.err()).contains("tells 2 classes apart, the data have 3");
  }

  /** Targets with an axis of time come from archives of arrays. */
  @Test
  void sequencesOfNumbersAreReported() throws IOException {
    try (Model made =
        Model.sequential(Shape.of(4, 1), SimpleRnn.of(5).returningSequences(), Dense.of(2))
            .compile(Adam.of(0.01), Loss.MEAN_ABSOLUTE_ERROR, Metric.ROOT_MEAN_SQUARED_ERROR)) {
      KerasFile.write(SavedModel.of(made, LocalDateTime.of(2026, 1, 2, 3, 4, 5)), model);
    }
    Map<String, byte[]> members = new LinkedHashMap<>();
    Random random = new Random(3);
    for (String part : new String[] {"train", "test"}) {
      float[] x = new float[40 * 4];
      float[] y = new float[40 * 4 * 2];
      for (int i = 0; i < x.length; i++) {
        x[i] = random.nextInt(9) / 8f - 0.5f;
        y[2 * i] = x[i];
        y[2 * i + 1] = -x[i];
      }
      members.put("x_" + part + ".npy", Npy.write(Shape.of(40, 4, 1), x));
      members.put("y_" + part + ".npy", Npy.write(Shape.of(40, 4, 2), y));
    }
    Path data = Files.write(folder.resolve("set.npz"), ZipWriter.bytes(members));
    InProcess run = train(data.toString(), "--checkpoint-every", 1);
    assertThat(run.exit()).as(run.err()).isZero();
    assertThat(run.out()).contains("test root_mean_squared_error: ");
    assertThat(Files.readString(folder.resolve("run/report.html")))
        .contains("<h2>Outputs</h2>", "row, output");
  }
}
