import dev.lanewise.bench.Digits;
import dev.lanewise.engine.data.Dataset;
import dev.lanewise.engine.layer.*;
import dev.lanewise.engine.loss.Loss;
import dev.lanewise.engine.optimizer.*;
import dev.lanewise.engine.tensor.Shape;
import dev.lanewise.engine.train.*;
import java.util.*;
import java.util.stream.*;

/**
 * Trains the recurrent models of the benchmark suite that came with tf.keras, on 2,048 digits and
 * on random tokens: THREADS EPOCHS; the median of samples a second in all epochs but the first.
 */
class PublishedRows {
  private static final Random RANDOM = new Random(1);

  public static void main(String[] args) {
    int threads = Integer.parseInt(args[0]);
    int epochs = Integer.parseInt(args[1]);
    Initializers irnn =
        Initializers.DEFAULT
            .withKernel(new Initializer.RandomNormal(0, 0.001))
            .withRecurrent(Initializer.IDENTITY);
    SimpleRnn rectified =
        SimpleRnn.of(100)
            .withActivation(Activation.RELU)
            .with(RecurrentOptions.DEFAULTS.withInitializers(irnn));
    run(
        "IRNN, pixel MNIST",
        Model.sequential(Shape.of(784, 1), rectified, Dense.of(10, Activation.SOFTMAX))
            .compile(RmsProp.of(1e-6), Loss.CATEGORICAL_CROSSENTROPY),
        pixels(Shape.of(784, 1), 2048),
        256,
        threads,
        epochs);
    run(
        "hierarchical LSTM, MNIST",
        Model.sequential(
                Shape.of(28, 28, 1),
                new TimeDistributed(Lstm.of(128)),
                Lstm.of(128),
                Dense.of(10, Activation.SOFTMAX))
            .compile(RmsProp.withDefaults(), Loss.CATEGORICAL_CROSSENTROPY),
        pixels(Shape.of(28, 28, 1), 2048),
        256,
        threads,
        epochs);
    run(
        "2-layer BiLSTM, IMDB's shapes",
        Model.sequential(
                Shape.of(200),
                Embedding.of(20_000, 128),
                Bidirectional.of(Lstm.of(64).returningSequences()),
                Bidirectional.of(Lstm.of(64)),
                Dense.of(1, Activation.SIGMOID))
            .compile(Adam.withDefaults(), Loss.BINARY_CROSSENTROPY),
        tokens(1024),
        128,
        threads,
        epochs);
  }

  private static void run(
      String name, Model unready, Dataset data, int batch, int threads, int epochs) {
    List<Double> rates = new ArrayList<>();
    try (Model model = unready.withThreads(threads)) {
      model.fit(
          data,
          FitOptions.epochs(epochs).withBatchSize(batch),
          new Callback() {
            @Override
            public void onEpochEnd(int epoch, Map<String, Double> logs, EpochTimes times) {
              rates.add(data.size() / times.trainSeconds());
            }
          });
    }
    List<Double> warm = rates.subList(1, epochs).stream().sorted().toList();
    System.out.printf("%s: %.0f samples/s%n", name, warm.get(warm.size() / 2));
  }

  private static Dataset pixels(Shape shape, int samples) {
    Dataset digits = Digits.bundled().train();
    byte[] pixels = Arrays.copyOf(digits.byteFeatures(), samples * 784);
    int[] labels = IntStream.range(0, samples).map(sample -> digits.label(sample, 0)).toArray();
    return Dataset.ofBytes(shape, pixels, labels, 10);
  }

  private static Dataset tokens(int samples) {
    float[] ids = new float[samples * 200];
    for (int i = 0; i < ids.length; i++) {
      ids[i] = RANDOM.nextInt(20_000);
    }
    float[] targets = new float[samples];
    for (int i = 0; i < samples; i++) {
      targets[i] = RANDOM.nextInt(2);
    }
    return Dataset.of(Shape.of(200), ids, targets, 1);
  }
}
