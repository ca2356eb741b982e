package dev.lanewise.engine.keras;

import dev.lanewise.engine.fuzz.RoundTrips;
import dev.lanewise.engine.loss.Loss;
import dev.lanewise.engine.optimizer.Adam;
import dev.lanewise.engine.reference.RandomGraph;
import dev.lanewise.engine.train.Model;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Graphs of layers of all kinds with options of all kinds, as {@code .keras} archives. */
class GraphRoundTripTest {
  private static final LocalDateTime TIME = LocalDateTime.of(2026, 2, 3, 4, 5, 6);

  @TempDir private Path folder;

  @Test
  void archivesAreTheSameBytesAgain() {
    RoundTrips.same(
        random -> archive(random.nextLong(), random.nextLong()),
        archive -> KerasFile.bytes(read(archive)));
  }

  private static byte[] archive(long graph, long weights) {
    try (Model model = Model.of(RandomGraph.of(graph).graph()).withSeed(weights)) {
      model.compile(Adam.withDefaults(), Loss.MEAN_SQUARED_ERROR);
      return KerasFile.bytes(SavedModel.of(model, TIME));
    }
  }

  private SavedModel read(byte[] archive) {
    try {
      return KerasFile.read(Files.write(folder.resolve("drawn.keras"), archive));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
