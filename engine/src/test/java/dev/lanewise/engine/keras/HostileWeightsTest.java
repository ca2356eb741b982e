package dev.lanewise.engine.keras;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lanewise.engine.backend.ModelSpec;
import dev.lanewise.engine.layer.Dense;
import dev.lanewise.engine.layer.SimpleRnn;
import dev.lanewise.engine.loss.Loss;
import dev.lanewise.engine.optimizer.Sgd;
import dev.lanewise.engine.tensor.Shape;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** HDF5 files with one fault each; resources/hostile/make.py made them. */
@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class HostileWeightsTest {
  private static final ModelSpec SPEC =
      new ModelSpec(
          Shape.of(3, 2),
          List.of(SimpleRnn.of(2), Dense.of(1)),
          Loss.MEAN_SQUARED_ERROR,
          Sgd.of(1));

  @TempDir Path folder;

  private static Path file(String name) throws URISyntaxException {
    return Path.of(HostileWeightsTest.class.getResource("/hostile/" + name + ".h5").toURI());
  }

  @Test
  void theFileWithoutAFaultIsRead() throws URISyntaxException {
    List<float[]> weights = KerasFile.readWeights(file("whole"), SPEC);
    assertThat(weights).hasSize(5);
    assertThat(weights.get(0)).containsExactly(1, 1, 1, 1);
  }

  @ParameterizedTest
  @CsvSource({
    "soft-link, is a link",
    "external-link, is a link",
    "soft-link-to-group, is a link",
    "external-storage, damaged",
    "virtual, damaged",
    "missing, has 2 variables",
    "never-stored, bytes stored",
    "petabytes, the model has",
    "deflated, only plain arrays",
    "other-shape, the model has",
    "integers, is int32; float32",
    "one-too-many, has 3 variables",
  })
  void eachFaultIsRefusedInOneLine(String name, String message) throws URISyntaxException {
    Path file = file(name);
    assertThatThrownBy(() -> KerasFile.readWeights(file, SPEC))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageContaining(message)
        .hasMessageNotContaining("\n");
  }

  @Test
  void doublesAreRead() throws URISyntaxException {
    assertThat(KerasFile.readWeights(file("double"), SPEC)).hasSize(5);
  }

  @Test
  void everyTruncationIsRefused() throws Exception {
    byte[] whole = Files.readAllBytes(file("whole"));
    Path cut = folder.resolve("cut.h5");
    for (int length = 0; length < whole.length; length += length < 600 ? 1 : 37) {
      Files.write(cut, Arrays.copyOf(whole, length));
      assertThatThrownBy(() -> KerasFile.readWeights(cut, SPEC))
          .as(length + " bytes")
          .isInstanceOf(ModelFormatException.class);
    }
  }

  /**
   * HDF5 of this age has no checksums: a flip in a number goes unseen, one elsewhere is refused.
   */
  @Test
  void flippedBitsAreRefusedOrGiveWholeArrays() throws Exception {
    byte[] whole = Files.readAllBytes(file("whole"));
    Path flipped = folder.resolve("flipped.h5");
    Random random = new Random(5);
    int refused = 0;
    for (int i = 0; i < 2000; i++) {
      byte[] bytes = whole.clone();
      int bit = random.nextInt(bytes.length * 8);
      bytes[bit / 8] ^= (byte) (1 << (bit % 8));
      Files.write(flipped, bytes);
      try {
        assertThat(KerasFile.readWeights(flipped, SPEC)).hasSize(5);
      } catch (ModelFormatException e) {
        refused++;
      }
    }
    assertThat(refused).isBetween(50, 1950);
  }

  @Test
  void nothingLargeIsAllocatedForAClaim() throws Exception {
    Path file = file("petabytes");
    com.sun.management.ThreadMXBean bean =
        (com.sun.management.ThreadMXBean) java.lang.management.ManagementFactory.getThreadMXBean();
    readRefused(file); // classes are loaded by now
    long before = bean.getCurrentThreadAllocatedBytes();
    readRefused(file);
    assertThat(bean.getCurrentThreadAllocatedBytes() - before).isLessThan(1 << 20);
  }

  private static void readRefused(Path file) throws IOException {
    assertThatThrownBy(() -> KerasFile.readWeights(file, SPEC))
        .isInstanceOf(ModelFormatException.class);
  }
}
