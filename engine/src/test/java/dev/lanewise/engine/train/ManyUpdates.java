package dev.lanewise.engine.train;

import dev.lanewise.engine.data.Dataset;
import dev.lanewise.engine.layer.Activation;
import dev.lanewise.engine.layer.Bidirectional;
import dev.lanewise.engine.layer.Dense;
import dev.lanewise.engine.layer.Dropout;
import dev.lanewise.engine.layer.RecurrentKind;
import dev.lanewise.engine.loss.Loss;
import dev.lanewise.engine.optimizer.Adam;
import dev.lanewise.engine.random.SplitMix64;
import dev.lanewise.engine.tensor.Shape;
import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/** Runs of many small updates, whole and cut in two; digests of weights and optimizer. */
final class ManyUpdates {
  /** Batches of seven samples each: the rows of two tiles of the products, 5 and 2. */
  private static final int BATCHES = 4;

  private static final int STEPS = 3;

  private ManyUpdates() {}

  /**
   * Prints a digest a kind; it is an error if threads or a cut change it. Takes how many updates
   * there are, at how many drawn places a run is cut, and with how many threads it is repeated.
   */
  public static void main(String[] args) throws IOException {
    int updates = Integer.parseInt(args[0]);
    int cuts = Integer.parseInt(args[1]);
    List<Integer> threads = List.of(args[2].split(",")).stream().map(Integer::valueOf).toList();
    for (RecurrentKind kind :
        List.of(
            RecurrentKind.SIMPLE_RNN, RecurrentKind.LSTM_DROPPING, RecurrentKind.GRU_DROPPING)) {
      System.out.println(kind + " " + digest(kind, updates, cuts, threads));
    }
  }

  private static String digest(RecurrentKind kind, int updates, int cuts, List<Integer> threads)
      throws IOException {
    TreeSet<Integer> places = new TreeSet<>();
    SplitMix64 random = new SplitMix64(updates);
    while (places.size() < Math.min(cuts, updates - 1)) {
      places.add(1 + random.nextInt(updates - 1)); // not after the last: there is nothing to do
    }
    Map<Integer, byte[]> states = new TreeMap<>();
    FitOptions options = FitOptions.epochs(updates / BATCHES).withBatchSize(7).withSeed(4);
    String expected = null;
    for (int count : threads) {
      try (Model model = model(kind, count)) {
        model.fit(data(), options, keeping(places, states));
        String found = digest(model);
        expected = expected == null ? found : expected;
        require(kind + " with " + count + " threads", found, expected);
      }
    }
    int next = 0;
    for (Map.Entry<Integer, byte[]> state : states.entrySet()) {
      int count = threads.get(next++ % threads.size());
      try (Model model = model(kind, count)) {
        TrainingState cut = CheckpointFormat.read(state.getValue()).state();
        model.resume(cut, data(), options, keeping(new TreeSet<>(), states));
        require(kind + " cut after " + state.getKey(), digest(model), String.valueOf(expected));
      }
    }
    return String.valueOf(expected);
  }

  private static void require(String what, String found, String expected) {
    if (!found.equals(expected)) {
      throw new IllegalStateException(what + ": " + found + ", expected " + expected);
    }
  }

  private static Callback keeping(TreeSet<Integer> places, Map<Integer, byte[]> states) {
    return new Callback() {
      private Training training;

      @Override
      public void onTrainBegin(Training running) {
        training = running;
      }

      @Override
      public void onTrainBatchEnd(int epoch, int batch, Progress progress) {
        int updates = epoch * BATCHES + batch + 1;
        if (places.contains(updates)) {
          states.put(updates, CheckpointFormat.bytes(new Checkpoint(Map.of(), training.state())));
        }
      }
    };
  }

  private static Model model(RecurrentKind kind, int threads) {
    return Model.sequential(
            Shape.of(STEPS, 9),
            Bidirectional.of(kind.sequences(5)),
            Dropout.of(0.25),
            kind.last(17),
            Dense.of(4, Activation.SOFTMAX))
        .withSeed(3)
        .withThreads(threads)
        .compile(Adam.of(0.01), Loss.CATEGORICAL_CROSSENTROPY);
  }

  private static Dataset data() {
    SplitMix64 random = new SplitMix64(5);
    int samples = 7 * BATCHES;
    byte[] pixels = new byte[samples * STEPS * 9];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (byte) random.nextInt(256);
    }
    int[] labels = new int[samples];
    for (int i = 0; i < samples; i++) {
      labels[i] = (pixels[i * STEPS * 9] & 0xFF) / 64;
    }
    return Dataset.ofBytes(Shape.of(STEPS, 9), pixels, labels, 4);
  }

  /** Of weights, slots and the count of updates: all that the next update depends on. */
  private static String digest(Model model) {
    TrainingState state =
        new TrainingState(
            model.parameters(), 0, 0, new double[0], new History(), List.of(), List.of());
    try {
      byte[] bytes = CheckpointFormat.bytes(new Checkpoint(Map.of(), state));
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
