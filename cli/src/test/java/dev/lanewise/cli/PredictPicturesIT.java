package dev.lanewise.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonParser;
import dev.lanewise.cli.argument.TrainingData;
import dev.lanewise.engine.data.Dataset;
import dev.lanewise.engine.data.Npy;
import dev.lanewise.engine.data.Reading;
import dev.lanewise.engine.tensor.Shape;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Digits as people have them: large, dark on paper, off the middle. */
class PredictPicturesIT {
  private static final int DIGITS = 100;
  private static final int PIXEL = 9;

  @TempDir private Path folder;

  /** Paints a digit's pixels as squares of ink on a sheet of paper. */
  private void write(Dataset data, int index, Path file) throws IOException {
    BufferedImage paper = new BufferedImage(400, 330, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = paper.createGraphics();
    graphics.setColor(new Color(245, 243, 238));
    graphics.fillRect(0, 0, 400, 330);
    for (int i = 0; i < 28 * 28; i++) {
      int ink = data.byteFeatures()[(data.firstSample() + index) * 784 + i] & 0xFF;
      if (ink > 0) {
        int level = 245 - ink * 215 / 255;
        graphics.setColor(new Color(level, level, level));
        graphics.fillRect(130 + i % 28 * PIXEL, 20 + i / 28 * PIXEL, PIXEL, PIXEL);
      }
    }
    graphics.dispose();
    ImageIO.write(paper, "png", file.toFile());
  }

  private List<Integer> labels(List<String> files) {
    List<String> arguments = new ArrayList<>(List.of("predict", "out/model.keras", "--json"));
    arguments.addAll(files);
    Child.Outcome run = Child.run(folder, arguments.toArray(String[]::new));
    assertThat(run.exit()).as(run.stderr()).isZero();
    return run.stdout()
        .lines()
        .map(line -> JsonParser.parseString(line).getAsJsonObject().get("label").getAsInt())
        .toList();
  }

  @Test
  void largeDigitsOnPaperAreTakenForWhatTheirOriginalsAreTakenFor() throws IOException {
    assertThat(Child.run(folder, "train", "--epochs", "1", "--out", "out").exit()).isZero();
    Dataset digits = TrainingData.bundled(Reading.PLAIN).await().test().slice(0, DIGITS);
    float[] values = new float[DIGITS * 784];
    List<String> pictures = new ArrayList<>();
    for (int i = 0; i < values.length; i++) {
      values[i] = (digits.byteFeatures()[i] & 0xFF) / 255f;
    }
    for (int i = 0; i < DIGITS; i++) {
      pictures.add("digit" + i + ".png");
      write(digits, i, folder.resolve(pictures.get(i)));
    }
    Files.write(folder.resolve("digits.npy"), Npy.write(Shape.of(DIGITS, 28, 28), values));
    List<Integer> originals = labels(List.of("digits.npy"));
    List<Integer> prepared = labels(pictures);
    int same = 0;
    for (int i = 0; i < DIGITS; i++) {
      same += originals.get(i).equals(prepared.get(i)) ? 1 : 0;
    }
    assertThat(same).isGreaterThanOrEqualTo(95);
  }
}
