package dev.lanewise.engine.train;

import dev.lanewise.engine.backend.cpu.CpuBackend;
import dev.lanewise.engine.data.Dataset;
import dev.lanewise.engine.layer.Activation;
import dev.lanewise.engine.layer.AveragePooling1D;
import dev.lanewise.engine.layer.BatchNormalization;
import dev.lanewise.engine.layer.Bidirectional;
import dev.lanewise.engine.layer.Conv1D;
import dev.lanewise.engine.layer.Dense;
import dev.lanewise.engine.layer.Dropout;
import dev.lanewise.engine.layer.Embedding;
import dev.lanewise.engine.layer.GlobalMaxPooling1D;
import dev.lanewise.engine.layer.LayerNormalization;
import dev.lanewise.engine.layer.Lstm;
import dev.lanewise.engine.layer.Masking;
import dev.lanewise.engine.layer.MaxPooling1D;
import dev.lanewise.engine.layer.Padding;
import dev.lanewise.engine.layer.RecurrentKind;
import dev.lanewise.engine.layer.RecurrentOptions;
import dev.lanewise.engine.layer.TimeDistributed;
import dev.lanewise.engine.layer.ZeroPadding1D;
import dev.lanewise.engine.loss.Loss;
import dev.lanewise.engine.metric.Metric;
import dev.lanewise.engine.optimizer.Adadelta;
import dev.lanewise.engine.optimizer.Adagrad;
import dev.lanewise.engine.optimizer.Adam;
import dev.lanewise.engine.optimizer.AdamW;
import dev.lanewise.engine.optimizer.Adamax;
import dev.lanewise.engine.optimizer.Lion;
import dev.lanewise.engine.optimizer.Nadam;
import dev.lanewise.engine.optimizer.Optimizer;
import dev.lanewise.engine.optimizer.RmsProp;
import dev.lanewise.engine.optimizer.Sgd;
import dev.lanewise.engine.optimizer.WeightAverage;
import dev.lanewise.engine.random.SplitMix64;
import dev.lanewise.engine.tensor.Shape;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.EnumMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Short training runs with partial batches and shards; their weights' digests. */
public final class SmallRun {
  /** Marks the digest in a child's output. */
  static final String DIGEST = "digest ";

  /** Marks the digest of all optimizers there. */
  static final String OPTIMIZERS = "optimizers ";

  /** Marks the digest of {@link #windows} there. */
  static final String WINDOWS = "windows ";

  /** Marks the digests of masked runs there. */
  static final String MASKS = "masks ";

  /** Marks the vectors' width there. */
  static final String BITS = "bits ";

  private static final int SAMPLES = 230;
  private static final int STEPS = 11;

  /** How much is trained: less where the JVM is slow, with every kind of layer all the same. */
  enum Extent {
    WHOLE,
    /** The same models, fewer samples: for a compiler to which vectors are objects. */
    SHORT,
    /** Few units, steps and samples: for the interpreter. */
    BRIEF
  }

  private SmallRun() {}

  /**
   * Prints the digests of the runs with as many threads as the first argument says, of the extent
   * that the second one names, and how many bits the vectors had.
   */
  public static void main(String[] args) {
    digestsOf(Extent.valueOf(args[1]), Integer.parseInt(args[0])).forEach(System.out::println);
    System.out.println(BITS + CpuBackend.vectorBits());
  }

  /** Returns a line for each group of runs. */
  static List<String> digestsOf(Extent extent, int threads) {
    if (extent == Extent.BRIEF) {
      return List.of(DIGEST + ofEachKind(kind -> briefDigest(kind, threads)));
    }
    boolean whole = extent == Extent.WHOLE;
    int samples = whole ? SAMPLES : 30; // two shards
    return List.of(
        DIGEST + ofEachKind(kind -> digest(kind, threads, samples)),
        OPTIMIZERS + digestOfOptimizers(threads, whole ? SAMPLES : 5),
        WINDOWS + digestOfWindows(threads, samples),
        MASKS + digestOfMasks(threads, whole ? SAMPLES : 7));
  }

  static Dataset data() {
    return data(6);
  }

  private static Dataset data(int steps) {
    SplitMix64 random = new SplitMix64(5);
    byte[] pixels = new byte[SAMPLES * steps * 9];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (byte) random.nextInt(256);
    }
    int[] labels = new int[SAMPLES];
    for (int i = 0; i < labels.length; i++) {
      labels[i] = (pixels[i * steps * 9] & 0xFF) / 64;
    }
    return Dataset.ofBytes(Shape.of(steps, 9), pixels, labels, 4);
  }

  private static Dataset first(int samples, Dataset of) {
    return of.slice(0, Math.min(samples, of.size()));
  }

  static Model model(int threads) {
    return model(RecurrentKind.SIMPLE_RNN, threads);
  }

  static Model model(int threads, Optimizer optimizer) {
    return model(RecurrentKind.SIMPLE_RNN, 6, 21, 33, threads, optimizer);
  }

  static Model model(RecurrentKind kind, int threads) {
    return model(kind, 6, 21, 33, threads, Adam.of(0.01));
  }

  private static Model model(
      RecurrentKind kind, int steps, int lower, int upper, int threads, Optimizer optimizer) {
    return Model.sequential(
            Shape.of(steps, 9),
            Bidirectional.of(kind.sequences(lower)),
            Dropout.of(0.25),
            kind.of(upper, Activation.SIGMOID, RecurrentOptions.DEFAULTS),
            Dense.of(4, Activation.SOFTMAX))
        .withSeed(3)
        .withThreads(threads)
        .compile(optimizer, Loss.CATEGORICAL_CROSSENTROPY, Metric.ACCURACY);
  }

  /** Returns a model of convolutions and poolings around a recurrent layer. */
  static Model windows(int threads) {
    return Model.sequential(
            Shape.of(6, 9),
            Conv1D.of(21, 3).withPadding(Padding.CAUSAL).withActivation(Activation.RELU),
            MaxPooling1D.of(2).withStrides(1).withPadding(Padding.SAME),
            LayerNormalization.withDefaults(),
            Lstm.of(17).returningSequences(),
            new ZeroPadding1D(1, 0),
            Conv1D.of(33, 2).withDilationRate(3).withPadding(Padding.SAME),
            AveragePooling1D.of(2),
            GlobalMaxPooling1D.withDefaults(),
            Dense.of(4, Activation.SOFTMAX))
        .withSeed(3)
        .withThreads(threads)
        .compile(Adam.of(0.01), Loss.CATEGORICAL_CROSSENTROPY, Metric.ACCURACY);
  }

  static String digestOfWindows(int threads) {
    return digestOfWindows(threads, SAMPLES);
  }

  private static String digestOfWindows(int threads, int samples) {
    try (Model model = windows(threads)) {
      model.fit(first(samples, data()), options());
      return digest(model);
    }
  }

  /** Returns one optimizer of every rule and form, those of {@link #model(int)} apart. */
  static List<Optimizer> optimizers() {
    return List.of(
        Adam.of(0.01).withAmsgrad().withWeightDecay(0.1),
        AdamW.of(0.01, 0.1),
        Adamax.of(0.01),
        Sgd.of(0.1).withWeightDecay(0.01),
        Sgd.of(0.1, 0.9).withNesterov(),
        RmsProp.of(0.01),
        RmsProp.of(0.01).withMomentum(0.5),
        RmsProp.of(0.01).withCentering(),
        RmsProp.of(0.01).withMomentum(0.5).withCentering().withWeightDecay(0.1),
        Nadam.of(0.01),
        Adagrad.of(0.1),
        Adadelta.of(1.0),
        Lion.of(0.001),
        Sgd.of(0.1).withAverage(WeightAverage.of(0.5)),
        AdamW.of(0.01, 0.1).withAverage(WeightAverage.of(0.75).withOverwriteFrequency(3)));
  }

  /**
   * Returns one digest of short runs with all of {@link #optimizers}, and of one with tokens and
   * statistics of batches.
   */
  static String digestOfOptimizers(int threads) {
    return digestOfOptimizers(threads, SAMPLES);
  }

  private static String digestOfOptimizers(int threads, int samples) {
    Dataset data = first(Math.min(samples, 60), data());
    StringBuilder digests = new StringBuilder();
    for (Optimizer optimizer : optimizers()) {
      try (Model model = model(threads, optimizer)) {
        model.fit(data, FitOptions.epochs(2).withBatchSize(26));
        digests.append(digest(model), 0, 8);
      }
    }
    try (Model model = tokens(threads)) {
      model.fit(first(samples, tokenData()), FitOptions.epochs(2).withBatchSize(26));
      digests.append(digest(model), 0, 8);
    }
    return digests.toString();
  }

  private static Model tokens(int threads) {
    return Model.sequential(
            Shape.of(6),
            Embedding.of(40, 9),
            BatchNormalization.withDefaults(),
            RecurrentKind.GRU.last(5).frozen(),
            Dense.of(4, Activation.SOFTMAX))
        .withSeed(3)
        .withThreads(threads)
        .compile(Adam.of(0.01), Loss.CATEGORICAL_CROSSENTROPY);
  }

  private static Dataset tokenData() {
    SplitMix64 random = new SplitMix64(6);
    float[] ids = new float[60 * 6];
    int[] labels = new int[60];
    for (int i = 0; i < ids.length; i++) {
      ids[i] = random.nextInt(random.nextInt(40) + 1);
      labels[i / 6] = (int) ids[i] % 4;
    }
    return Dataset.of(Shape.of(6), ids, labels, 4);
  }

  /** Returns samples that are padded at the end, the beginning or within, a label a step. */
  static Dataset paddedData() {
    SplitMix64 random = new SplitMix64(6);
    float[] values = new float[230 * STEPS * 5];
    int[] labels = new int[230 * STEPS];
    for (int n = 0; n < 230; n++) {
      int from = random.nextInt(STEPS + 1);
      int to = from + random.nextInt(STEPS + 1 - from);
      for (int t = 0; t < STEPS; t++) {
        boolean masked = n % 4 == 0 ? t < from : n % 4 == 1 ? t >= to : t >= from && t < to;
        for (int f = 0; f < 5; f++) {
          float value = random.nextInt(1000) / 500f - 0.999f;
          values[(n * STEPS + t) * 5 + f] = masked ? 0 : value;
        }
        labels[n * STEPS + t] = random.nextInt(4);
      }
    }
    return Dataset.of(Shape.of(STEPS, 5), values, labels, 4);
  }

  /** Returns a model that labels each step of {@link #paddedData}. */
  static Model maskedModel(RecurrentKind kind, int threads) {
    return Model.sequential(
            Shape.of(STEPS, 5),
            Masking.ofZeros(),
            Bidirectional.of(kind.sequences(19)),
            Dropout.of(0.25),
            kind.sequences(33),
            Dense.of(4, Activation.SOFTMAX))
        .withSeed(3)
        .withThreads(threads)
        .compile(Adam.of(0.01), Loss.SPARSE_CATEGORICAL_CROSSENTROPY, Metric.ACCURACY);
  }

  /** Returns one digest of short runs of {@link #maskedModel} with every kind of layer. */
  static String digestOfMasks(int threads) {
    return digestOfMasks(threads, SAMPLES);
  }

  private static String digestOfMasks(int threads, int samples) {
    Dataset padded = first(Math.min(samples, 90), paddedData());
    Dataset rows = first(samples, rowData());
    StringBuilder digests = new StringBuilder();
    for (RecurrentKind kind : RecurrentKind.values()) {
      try (Model model = maskedModel(kind, threads)) {
        model.fit(padded, FitOptions.epochs(2).withBatchSize(58));
        digests.append(digest(model), 0, 8);
      }
      try (Model model = rows(kind, threads)) {
        model.fit(rows, FitOptions.epochs(2).withBatchSize(34));
        digests.append(digest(model), 0, 8);
      }
    }
    return digests.toString();
  }

  /** Returns a model that goes over the pixels of each row, and then over the rows. */
  static Model rows(RecurrentKind kind, int threads) {
    return Model.sequential(
            Shape.of(STEPS, 6, 1),
            new TimeDistributed(kind.last(19)),
            kind.last(17),
            Dense.of(4, Activation.SOFTMAX))
        .withSeed(3)
        .withThreads(threads)
        .compile(Adam.of(0.01), Loss.CATEGORICAL_CROSSENTROPY);
  }

  /** Returns pictures whose rows begin with blanks, none of them up to all. */
  static Dataset rowData() {
    SplitMix64 random = new SplitMix64(7);
    byte[] pixels = new byte[60 * STEPS * 6];
    for (int row = 0; row < pixels.length; row += 6) {
      for (int i = random.nextInt(7); i < 6; i++) {
        pixels[row + i] = (byte) (1 + random.nextInt(255));
      }
    }
    int[] labels = new int[60];
    for (int i = 0; i < labels.length; i++) {
      labels[i] = (pixels[i * STEPS * 6 + 5] & 0xFF) / 64;
    }
    return Dataset.ofBytes(Shape.of(STEPS, 6, 1), pixels, labels, 4);
  }

  static FitOptions options() {
    return FitOptions.epochs(2).withBatchSize(64).withValidationSplit(0.1).withSeed(4);
  }

  /** Returns the digests of every kind's run, each with its name. */
  static Map<RecurrentKind, String> digests(int threads) {
    return ofEachKind(kind -> digest(kind, threads, SAMPLES));
  }

  private static Map<RecurrentKind, String> ofEachKind(Function<RecurrentKind, String> digest) {
    Map<RecurrentKind, String> digests = new EnumMap<>(RecurrentKind.class);
    for (RecurrentKind kind : RecurrentKind.values()) {
      digests.put(kind, digest.apply(kind));
    }
    return digests;
  }

  static String digest(int threads) {
    return digest(RecurrentKind.SIMPLE_RNN, threads, SAMPLES);
  }

  private static String digest(RecurrentKind kind, int threads, int samples) {
    try (Model model = model(kind, threads)) {
      model.fit(first(samples, data()), options());
      return digest(model);
    }
  }

  /**
   * Returns the digest of one epoch. The plain cell's first batch has two shards, of 25 samples and
   * of one; the others' batches have the rows of every other tile of the products, 5 + 2 and 4.
   */
  private static String briefDigest(RecurrentKind kind, int threads) {
    boolean plain = kind == RecurrentKind.SIMPLE_RNN;
    int steps = 3;
    int batch = plain ? 26 : 7;
    int samples = plain ? 28 : 11;
    try (Model model = model(kind, steps, 5, 17, threads, Adam.of(0.01))) {
      model.fit(first(samples, data(steps)), FitOptions.epochs(1).withBatchSize(batch));
      return digest(model);
    }
  }

  static String digest(Model model) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      for (float[] values : model.parameters().values()) {
        ByteBuffer bytes = ByteBuffer.allocate(values.length * Float.BYTES);
        bytes.asFloatBuffer().put(values);
        digest.update(bytes);
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
