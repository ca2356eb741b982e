package dev.lanewise.bench.peers;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.function.LongFunction;

/**
 * One process's run of the founding benchmark, reported in lines {@code key=value}: each epoch on
 * 48,000 digits with validation on 12,000, the accuracy on 10,000 test digits, and answering times.
 */
public final class Run {
  private static final int TRAINING = 48_000;
  private static final int WARM_UP_CALLS = 1_000;
  private static final int SINGLE_CALLS = 4_000;
  private static final int BATCH_CALLS = 400;

  private Run() {}

  /**
   * Runs one library.
   *
   * @param args the folder of MNIST's four files, and the number of epochs
   * @param library makes the peer from a seed
   */
  public static void main(String[] args, LongFunction<Peer> library) {
    Path folder = Path.of(args[0]);
    int epochs = Integer.parseInt(args[1]);
    Digits training = Digits.read(folder, false);
    Digits test = Digits.read(folder, true);
    try (Peer peer = library.apply(1)) {
      List<Double> seconds = new ArrayList<>();
      for (int epoch = 0; epoch < epochs; epoch++) {
        long begin = System.nanoTime();
        peer.train(training, shuffled(epoch));
        seconds.add((System.nanoTime() - begin) * 1e-9);
        accuracy(peer, training, TRAINING, training.size());
      }
      say("test_accuracy", accuracy(peer, test, 0, test.size()));
      say("first_epoch_seconds", seconds.getFirst());
      say("warm_epoch_seconds", median(seconds.subList(1, seconds.size())));
      answer(peer, test);
    }
  }

  private static int[] shuffled(long seed) {
    Random random = new Random(seed);
    int[] order = new int[TRAINING];
    for (int i = 0; i < TRAINING; i++) {
      int j = random.nextInt(i + 1);
      order[i] = order[j];
      order[j] = i;
    }
    return order;
  }

  private static double accuracy(Peer peer, Digits digits, int from, int to) {
    float[] images = new float[Peer.BATCH * Peer.PIXELS];
    float[] scores = new float[Peer.BATCH * Peer.CLASSES];
    int correct = 0;
    for (int first = from; first < to; first += Peer.BATCH) {
      int count = Math.min(Peer.BATCH, to - first);
      for (int i = 0; i < count; i++) {
        digits.copy(first + i, images, i * Peer.PIXELS);
      }
      peer.predict(images, count, scores);
      for (int i = 0; i < count; i++) {
        correct += best(scores, i * Peer.CLASSES) == digits.label(first + i) ? 1 : 0;
      }
    }
    return (double) correct / (to - from);
  }

  private static int best(float[] scores, int from) {
    int best = 0;
    for (int c = 1; c < Peer.CLASSES; c++) {
      if (scores[from + c] > scores[from + best]) {
        best = c;
      }
    }
    return best;
  }

  private static void answer(Peer peer, Digits test) {
    double[] single = times(peer, test, 1, SINGLE_CALLS);
    say("one_image_microseconds", single[single.length / 2]);
    say("one_image_p99_microseconds", single[single.length * 99 / 100]);
    double[] batch = times(peer, test, Peer.BATCH, BATCH_CALLS);
    say("images_per_second", Peer.BATCH * 1e6 / batch[batch.length / 2]);
  }

  /** Returns the microseconds of calls, sorted. */
  private static double[] times(Peer peer, Digits test, int count, int calls) {
    float[] images = new float[count * Peer.PIXELS];
    float[] scores = new float[count * Peer.CLASSES];
    for (int i = 0; i < count; i++) {
      test.copy(i, images, i * Peer.PIXELS);
    }
    int warmUp = Math.max(WARM_UP_CALLS / count, BATCH_CALLS);
    double[] times = new double[calls];
    for (int call = -warmUp; call < calls; call++) {
      long begin = System.nanoTime();
      peer.predict(images, count, scores);
      if (call >= 0) {
        times[call] = (System.nanoTime() - begin) * 1e-3;
      }
    }
    Arrays.sort(times);
    return times;
  }

  private static double median(List<Double> values) {
    List<Double> sorted = values.stream().sorted().toList();
    return sorted.isEmpty() ? Double.NaN : sorted.get(sorted.size() / 2);
  }

  private static void say(String key, double value) {
    System.out.printf(Locale.ROOT, "%s=%.4f%n", key, value);
  }
}
