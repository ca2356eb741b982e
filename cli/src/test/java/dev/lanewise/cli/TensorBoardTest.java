package dev.lanewise.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanewise.engine.tensorboard.EventReader;
import dev.lanewise.engine.tensorboard.EventReader.Value;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code train --tensorboard} writes, read by another library. */
class TensorBoardTest {
  @TempDir private Path folder;

  private static List<Value> tagged(List<Value> values, String tag) {
    return values.stream().filter(value -> value.tag().equals(tag)).toList();
  }

  private static void requirePicture(Value value, int epoch) throws IOException {
    assertThat(value.plugin()).isEqualTo("images");
    assertThat(value.step()).isEqualTo(epoch);
    BufferedImage image =
        ImageIO.read(new ByteArrayInputStream(value.strings().get(2).toByteArray()));
    assertThat(value.strings().get(0).toStringUtf8()).isEqualTo("" + image.getWidth());
    assertThat(value.strings().get(1).toStringUtf8()).isEqualTo("" + image.getHeight());
    assertThat(image.getWidth()).isGreaterThan(400);
  }

  @Test
  void aRunShowsCurvesWeightsSettingsSamplesAndConfusion() throws IOException {
    Path log = folder.resolve("log");
    Path csv = folder.resolve("epochs.csv");
    InProcess run =
        InProcess.run(
            "train",
            "--units",
            8,
            "--limit",
            300,
            "--epochs",
            2,
            "--no-out",
            "--csv-log",
            csv,
            "--tensorboard",
            log,
            "--tensorboard-histograms",
            2);
    assertThat(run.exit()).as(run.err()).isZero();
    List<Value> train = EventReader.read(log, "train");
    List<Value> validation = EventReader.read(log, "validation");
    List<String> lines = Files.readAllLines(csv);
    assertThat(lines.getFirst()).isEqualTo("epoch,accuracy,loss,val_accuracy,val_loss");
    for (int epoch = 0; epoch < 2; epoch++) {
      String[] told = lines.get(epoch + 1).split(",", -1);
      requireNumber(tagged(train, "epoch_accuracy").get(epoch), told[1]);
      requireNumber(tagged(train, "epoch_loss").get(epoch), told[2]);
      requireNumber(tagged(train, "epoch_learning_rate").get(epoch), "0.001");
      requireNumber(tagged(validation, "epoch_accuracy").get(epoch), told[3]);
      requireNumber(tagged(validation, "epoch_loss").get(epoch), told[4]);
    }
    assertThat(tagged(train, "0_SimpleRnn/kernel/histogram"))
        .extracting(Value::step)
        .containsExactly(0L);
    requirePicture(tagged(train, "samples").getFirst(), 0);
    requirePicture(tagged(train, "confusion_matrix").getFirst(), 1);
    assertThat(tagged(train, "settings").getFirst().strings().getFirst().toStringUtf8())
        .contains("| --units | 8 |", "| --limit | 300 |", "| parameters | 386 |")
        .contains("| optimizer | ")
        .doesNotContain("tensorboard");
  }

  private static void requireNumber(Value value, String told) {
    assertThat(value.numbers().getFirst())
        .as(value.tag())
        .isEqualTo((double) Float.parseFloat(told));
  }

  @Test
  void histogramsAloneAreRefused() {
    InProcess run = InProcess.run("train", "--tensorboard-histograms", 1);
    assertThat(run.exit()).isEqualTo(2);
    assertThat(run.err()).contains("--tensorboard-histograms needs --tensorboard");
  }

  @Test
  void aFolderThatCannotBeMadeEndsTheRunBeforeItTrains() throws IOException {
    Path taken = Files.writeString(folder.resolve("taken"), "");
    InProcess run = InProcess.run("train", "--limit", 300, "--no-out", "--tensorboard", taken);
    assertThat(run.exit()).isEqualTo(3);
    assertThat(run.err()).contains("taken").contains("cannot be made").doesNotContain("Epoch");
  }
}
