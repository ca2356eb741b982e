package dev.lanewise.engine.train;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanewise.engine.backend.Predictor;
import dev.lanewise.engine.backend.Stream;
import dev.lanewise.engine.data.Dataset;
import dev.lanewise.engine.layer.Activation;
import dev.lanewise.engine.layer.Bidirectional;
import dev.lanewise.engine.layer.Dense;
import dev.lanewise.engine.layer.Layer;
import dev.lanewise.engine.layer.RecurrentKind;
import dev.lanewise.engine.loss.Loss;
import dev.lanewise.engine.optimizer.Adam;
import dev.lanewise.engine.tensor.MemoryLedger;
import dev.lanewise.engine.tensor.Shape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;

/**
 * Models, predictors and streams opened, used and closed again and again leave nothing. A build has
 * a few rounds; {@code -Dlanewise.test.soak=100000} makes a campaign, which says by how much the
 * process's anonymous memory grew a round.
 */
class SoakTest {
  private static final int ROUNDS = Integer.getInteger("lanewise.test.soak", 64);

  /** From here on the JVM's own growth is over, and a slope says something. */
  private static final int MANY = 10_000;

  private static final int POINTS = 200;
  private static final double LEAK_BYTES = 64; // a round: less than any array that could be lost
  private static final Shape INPUT = Shape.of(5, 3);
  private static final RecurrentKind[] KINDS = RecurrentKind.values();

  @Test
  void whatIsClosedLeavesNothing() throws IOException {
    long live = MemoryLedger.liveBytes();
    int threads = Thread.activeCount();
    List<long[]> growth = new ArrayList<>(); // round, bytes
    for (int round = 0; round < ROUNDS; round++) {
      useAndClose(round);
      assertThat(MemoryLedger.liveBytes()).as("after round %s", round).isEqualTo(live);
      if (round >= ROUNDS / 5 && round % Math.max(1, ROUNDS / POINTS) == 0) {
        growth.add(new long[] {round, anonymousBytes()});
      }
    }
    assertThat(Thread.activeCount()).isEqualTo(threads);
    Slope slope = Slope.of(growth);
    System.out.printf("%d rounds: %s of anonymous memory a round%n", ROUNDS, slope);
    if (ROUNDS >= MANY) {
      assertThat(slope.bytes() - 2 * slope.error()).as("%s", slope).isLessThan(LEAK_BYTES);
    }
  }

  private static void useAndClose(int round) {
    RecurrentKind kind = KINDS[round % KINDS.length];
    boolean both = round / KINDS.length % 2 == 0;
    Layer recurrent = both ? Bidirectional.of(kind.last(7)) : kind.last(17);
    float[] inputs = new float[4 * (int) INPUT.elementCount()];
    Arrays.fill(inputs, round % 10 / 10f);
    Dataset data = Dataset.of(INPUT, inputs, new int[] {0, 1, 2, 0}, 3);
    try (Model model =
        Model.sequential(INPUT, recurrent, Dense.of(3, Activation.SOFTMAX))
            .withThreads(1 + round % 3)
            .compile(Adam.of(0.01), Loss.CATEGORICAL_CROSSENTROPY)) {
      model.fit(data, FitOptions.epochs(1).withBatchSize(4));
      try (Predictor predictor = model.predictor()) {
        float[] outputs = new float[4 * 3];
        predictor.predict(inputs, outputs);
        assertThat(outputs).isEqualTo(model.predict(data, 4));
        if (!both) {
          steps(predictor, outputs);
        }
      }
    }
  }

  /** Forty streams, half of them forks, of one predictor. */
  private static void steps(Predictor predictor, float[] outputs) {
    float[] in = {0.1f, 0.2f, 0.3f};
    float[] out = new float[outputs.length / 4];
    for (int i = 0; i < 20; i++) {
      try (Stream stream = predictor.stream()) {
        stream.step(in, out);
        try (Stream fork = stream.fork()) {
          fork.step(in, out);
        }
      }
    }
  }

  /** Returns what the process has of memory that is no file's; 0 where the system does not tell. */
  private static long anonymousBytes() throws IOException {
    Path status = Path.of("/proc/self/status");
    if (!Files.isReadable(status)) {
      return 0;
    }
    return Files.readAllLines(status).stream()
        .filter(line -> line.startsWith("RssAnon:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) * 1024)
        .sum();
  }

  /** A line through points, by least squares; the error is the slope's standard error. */
  private record Slope(double bytes, double error) {
    static Slope of(List<long[]> points) {
      double x = points.stream().mapToLong(point -> point[0]).average().orElseThrow();
      double y = points.stream().mapToLong(point -> point[1]).average().orElseThrow();
      double xx = 0;
      double xy = 0;
      for (long[] point : points) {
        xx += (point[0] - x) * (point[0] - x);
        xy += (point[0] - x) * (point[1] - y);
      }
      double slope = xy / xx;
      double rest = 0;
      for (long[] point : points) {
        double apart = point[1] - y - slope * (point[0] - x);
        rest += apart * apart;
      }
      return new Slope(slope, Math.sqrt(rest / (points.size() - 2) / xx));
    }

    @Override
    public String toString() {
      return String.format(Locale.ROOT, "%.1f +- %.1f bytes", bytes, error);
    }
  }
}
