package dev.lanewise.engine.train;

import dev.lanewise.engine.backend.Parameters;
import dev.lanewise.engine.fuzz.RoundTrips;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Checkpoints with any settings, history and arrays. */
class CheckpointRoundTripTest {
  private static final int MOST = 4;

  @Test
  void checkpointsAreTheSameBytesAgain() {
    RoundTrips.same(
        random -> CheckpointFormat.bytes(checkpoint(random)),
        file -> CheckpointFormat.bytes(CheckpointFormat.read(file)));
  }

  private static Checkpoint checkpoint(Random random) {
    Map<String, String> settings = new TreeMap<>();
    for (int left = random.nextInt(MOST); left > 0; left--) {
      settings.put(RoundTrips.text(random), RoundTrips.text(random));
    }
    List<Parameters.Slot> slots =
        several(random, () -> new Parameters.Slot(RoundTrips.text(random), arrays(random)));
    Double rate = random.nextBoolean() ? null : Math.abs(RoundTrips.number(random)) + 1e-300;
    Parameters parameters = new Parameters(arrays(random), slots, random.nextLong(), rate);
    return new Checkpoint(
        settings,
        new TrainingState(
            parameters,
            random.nextInt(),
            random.nextInt(),
            random.doubles(random.nextInt(MOST)).toArray(),
            history(random),
            arrays(random),
            several(random, () -> arrays(random))));
  }

  private static History history(Random random) {
    List<String> names = several(random, () -> RoundTrips.text(random));
    History history = new History();
    int epochs = random.nextInt(MOST);
    for (int epoch = 0; epoch < epochs; epoch++) {
      Map<String, Double> logs = new TreeMap<>();
      names.forEach(name -> logs.put(name, RoundTrips.number(random)));
      history.add(epoch, logs);
    }
    return history;
  }

  private static List<float[]> arrays(Random random) {
    return several(random, () -> RoundTrips.floats(random, random.nextInt(MOST)));
  }

  private static <T> List<T> several(Random random, Supplier<T> one) {
    return Stream.generate(one).limit(random.nextInt(MOST)).toList();
  }
}
