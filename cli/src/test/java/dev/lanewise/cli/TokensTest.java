package dev.lanewise.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanewise.cli.tell.ExitCode;
import dev.lanewise.engine.data.Npy;
import dev.lanewise.engine.keras.KerasFile;
import dev.lanewise.engine.keras.SavedModel;
import dev.lanewise.engine.layer.Activation;
import dev.lanewise.engine.layer.Dense;
import dev.lanewise.engine.layer.Embedding;
import dev.lanewise.engine.layer.Lstm;
import dev.lanewise.engine.loss.Loss;
import dev.lanewise.engine.optimizer.Adam;
import dev.lanewise.engine.tensor.Shape;
import dev.lanewise.engine.train.Model;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Commands on a model that begins with a table of vectors for tokens. */
class TokensTest {
  private static final int STEPS = 4;

  @TempDir Path folder;

  private Path model;

  @BeforeEach
  void write() {
    model = folder.resolve("model.keras");
    try (Model made =
        Model.sequential(
                Shape.of(STEPS),
                Embedding.of(300, 3),
                Lstm.of(5).frozen(),
                Dense.of(1, Activation.SIGMOID))
            .compile(Adam.of(0.01), Loss.BINARY_CROSSENTROPY)) {
      KerasFile.write(SavedModel.of(made, LocalDateTime.of(2026, 1, 2, 3, 4, 5)), model);
    }
  }

  /** Whole numbers up to 200, as pixels have them. */
  private static int[] ids(int samples) {
    return new Random(samples).ints(samples * (long) STEPS, 0, 201).toArray();
  }

  /** An array of int32, whose bits are written as if they were floats. */
  private Path array(String name, int[] ids) throws IOException {
    float[] bits = new float[ids.length];
    for (int i = 0; i < bits.length; i++) {
      bits[i] = Float.intBitsToFloat(ids[i]);
    }
    byte[] file = Npy.write(Shape.of(ids.length / STEPS, STEPS), bits);
    int type = new String(file, StandardCharsets.ISO_8859_1).indexOf("<f4");
    file[type + 1] = 'i';
    return Files.write(folder.resolve(name), file);
  }

  private Path table(String name, int[] ids) throws IOException {
    StringBuilder lines = new StringBuilder("a,b,c,d,label\n");
    for (int i = 0; i < ids.length; i += STEPS) {
      for (int p = 0; p < STEPS; p++) {
        lines.append(ids[i + p]).append(',');
      }
      lines.append(ids[i] % 2).append('\n');
    }
    return Files.writeString(folder.resolve(name), lines.toString());
  }

  @Test
  void idsAreNoPixels() throws IOException {
    int[] ids = ids(3);
    InProcess run = InProcess.run("predict", model, array("ids.npy", ids), "--json");
    assertThat(run.exit()).as(run.err()).isZero();
    assertThat(run.err()).contains("taken as they are");
    float[] floats = new float[ids.length];
    for (int i = 0; i < ids.length; i++) {
      floats[i] = ids[i];
    }
    Path same = Files.write(folder.resolve("same.npy"), Npy.write(Shape.of(3, STEPS), floats));
    InProcess again = InProcess.run("predict", model, same, "--json");
    assertThat(again.out().replace("same.npy", "ids.npy")).isEqualTo(run.out());
  }

  @Test
  void aModelIsTrainedJudgedAndLookedAt() throws IOException {
    String data = table("train.csv", ids(60)) + "," + table("test.csv", ids(20));
    Path out = folder.resolve("run");
    InProcess run =
        InProcess.run("train", "--model", model, "--data", data, "--epochs", 2, "--out", out);
    assertThat(run.exit()).as(run.err()).isZero();
    Path trained = out.resolve("model.keras");
    InProcess judged = InProcess.run("evaluate", trained, "--data", data);
    assertThat(judged.exit()).as(judged.err()).isZero();
    assertThat(run.out()).contains(judged.out().strip());
    InProcess inspected = InProcess.run("inspect", trained);
    assertThat(inspected.out())
        .contains("parameters: 1,086 (4,344 bytes); 906 trainable, 180 not")
        .contains("optimizer state: 1,812 values");
  }

  @Test
  void whatIsNoIdIsRefusedBeforeAnythingIsDone() throws IOException {
    int[] bad = ids(20);
    bad[STEPS + 2] = 300;
    String message =
        "sample 1, step 2: the id of a token must be a whole number from 0 to 299, the Embedding's"
            + " input_dim being 300, found 300";
    String test = table("train.csv", ids(60)) + "," + table("test.csv", bad);
    String train = table("train2.csv", bad) + "," + table("test2.csv", ids(20));
    for (InProcess run :
        new InProcess[] {
          InProcess.run("predict", model, array("bad.npy", bad)),
          InProcess.run("evaluate", model, "--data", test),
          InProcess.run("train", "--model", model, "--data", test, "--no-out"),
          InProcess.run("train", "--model", model, "--data", train, "--no-out"),
        }) {
      assertThat(run.exit()).as(run.err()).isEqualTo(ExitCode.DATA);
      assertThat(run.err()).contains(message).doesNotContain("Epoch");
      assertThat(run.out()).isEmpty();
    }
  }
}
