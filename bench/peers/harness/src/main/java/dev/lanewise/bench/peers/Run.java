package dev.lanewise.bench.peers;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Random;

/**
 * One process's run of the founding benchmark: epochs on the first 80 % of the training digits with
 * validation on the rest, the accuracy on the test digits, and answering times. It reports as our
 * own command line does with {@code --json}: one object a line.
 */
public final class Run {
  private static final double TRAINING_SHARE = 0.8;
  private static final int WARM_UP_CALLS = 1_000;
  private static final int SINGLE_CALLS = 2_000;
  private static final int BATCH_CALLS = 400;

  /** Makes a peer. */
  @FunctionalInterface
  public interface Library {
    /**
     * Returns a peer with the benchmark's model in it.
     *
     * @param cell its recurrent layer
     * @param seed what its start values come from, where the library takes one
     */
    Peer make(Cell cell, long seed);
  }

  private Run() {}

  /**
   * Runs one library.
   *
   * @param args the folder of MNIST's four files, the number of epochs, how many of the training
   *     digits to take, from the first, and the name of a {@link Cell}
   * @param library makes the peer
   */
  public static void main(String[] args, Library library) {
    Path folder = Path.of(args[0]);
    int epochs = Integer.parseInt(args[1]);
    int limit = Integer.parseInt(args[2]);
    Cell cell = Cell.named(args[3]);
    Digits all = Digits.read(folder, false);
    Digits digits = all.first(Math.min(limit, all.size()));
    Digits test = Digits.read(folder, true);
    int training = wholeBatches(digits.size());
    try (Peer peer = library.make(cell, 1)) {
      for (int epoch = 0; epoch < epochs; epoch++) {
        int[] order = shuffled(training, epoch);
        long begin = System.nanoTime();
        peer.train(digits, order);
        double seconds = (System.nanoTime() - begin) * 1e-9;
        double loss = Score.of(peer, digits, training, digits.size()).loss();
        say("epoch", Map.of("train_seconds", seconds, "val_loss", loss));
      }
      say("end", Map.of("test_accuracy", Score.of(peer, test, 0, test.size()).accuracy()));
      answer(peer, test);
    }
  }

  private static int wholeBatches(int digits) {
    int batches = (int) (digits * TRAINING_SHARE) / Peer.BATCH;
    if (batches == 0) {
      throw new IllegalArgumentException(
          "peers: 80 % of "
              + digits
              + " digits is no batch of "
              + Peer.BATCH
              + "; raise the limit");
    }
    return batches * Peer.BATCH;
  }

  private static int[] shuffled(int count, long seed) {
    Random random = new Random(seed);
    int[] order = new int[count];
    for (int i = 0; i < count; i++) {
      int j = random.nextInt(i + 1);
      order[i] = order[j];
      order[j] = i;
    }
    return order;
  }

  private static void answer(Peer peer, Digits test) {
    double[] single = times(peer, test, 1, SINGLE_CALLS);
    double[] batch = times(peer, test, Peer.BATCH, BATCH_CALLS);
    say(
        "answers",
        Map.of(
            "one_image_microseconds",
            single[single.length / 2],
            "one_image_p99_microseconds",
            single[single.length * 99 / 100],
            "images_per_second",
            Peer.BATCH * 1e6 / batch[batch.length / 2]));
  }

  /** Returns the microseconds of calls, sorted; each call gets other digits. */
  private static double[] times(Peer peer, Digits test, int count, int calls) {
    float[] images = new float[count * Peer.PIXELS];
    float[] scores = new float[count * Peer.CLASSES];
    int warmUp = Math.max(WARM_UP_CALLS / count, BATCH_CALLS);
    double[] times = new double[calls];
    for (int call = -warmUp; call < calls; call++) {
      int first = (call + warmUp) * count % (test.size() - count);
      for (int i = 0; i < count; i++) {
        test.copy(first + i, images, i * Peer.PIXELS);
      }
      long begin = System.nanoTime();
      peer.predict(images, count, scores);
      if (call >= 0) {
        times[call] = (System.nanoTime() - begin) * 1e-3;
      }
    }
    Arrays.sort(times);
    return times;
  }

  private static void say(String event, Map<String, Double> values) {
    StringBuilder line = new StringBuilder("{\"event\":\"" + event + '"');
    values.forEach((name, value) -> line.append(",\"" + name + "\":" + rounded(value)));
    System.out.println(line.append('}'));
  }

  private static String rounded(double value) {
    return String.format(Locale.ROOT, "%.4f", value);
  }
}
