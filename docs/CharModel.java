import dev.lanewise.engine.backend.Predictor;
import dev.lanewise.engine.backend.Stream;
import dev.lanewise.engine.data.Dataset;
import dev.lanewise.engine.keras.KerasFile;
import dev.lanewise.engine.keras.SavedModel;
import dev.lanewise.engine.layer.Activation;
import dev.lanewise.engine.layer.Dense;
import dev.lanewise.engine.layer.Embedding;
import dev.lanewise.engine.layer.Lstm;
import dev.lanewise.engine.loss.Loss;
import dev.lanewise.engine.metric.Metric;
import dev.lanewise.engine.optimizer.Adam;
import dev.lanewise.engine.random.SplitMix64;
import dev.lanewise.engine.tensor.Shape;
import dev.lanewise.engine.train.FitOptions;
import dev.lanewise.engine.train.Model;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/** A model of the next character, from any text file: see text.md. */
public final class CharModel {
  private static final int STEPS = 64;
  private static final int UNITS = 128;
  private static final int SEED = 1;

  private CharModel() {}

  public static void main(String[] args) throws IOException {
    List<String> given = List.of(args);
    if (given.size() >= 3 && given.getFirst().equals("train")) {
      train(Path.of(args[1]), Path.of(args[2]), Integer.parseInt(option(given, "--epochs", "10")));
    } else if (given.size() >= 2 && given.getFirst().equals("sample")) {
      System.out.println(
          sample(
              Path.of(args[1]),
              option(given, "--prompt", ""),
              Integer.parseInt(option(given, "--length", "500")),
              Double.parseDouble(option(given, "--temperature", "1")),
              Integer.parseInt(option(given, "--top-k", "0")),
              Long.parseLong(option(given, "--seed", "1"))));
    } else {
      throw new IllegalArgumentException(
          "train FILE RUN [--epochs N], or sample RUN [--prompt TEXT] [--length N]"
              + " [--temperature T] [--top-k K] [--seed S]");
    }
  }

  private static String option(List<String> given, String name, String absent) {
    int at = given.indexOf(name);
    return at < 0 || at + 1 == given.size() ? absent : given.get(at + 1);
  }

  /** Windows of the text, each with the character that follows each of its own. */
  private static void train(Path file, Path run, int epochs) throws IOException {
    int[] text = Files.readString(file).codePoints().toArray();
    int[] vocabulary = IntStream.of(text).distinct().sorted().toArray();
    int windows = (text.length - 1) / STEPS;
    if (windows < 2) {
      throw new IllegalArgumentException(
          file + ": has " + text.length + " characters, at least " + (2 * STEPS + 1) + " needed");
    }
    float[] ids = new float[windows * STEPS];
    int[] next = new int[windows * STEPS];
    for (int i = 0; i < ids.length; i++) {
      ids[i] = Arrays.binarySearch(vocabulary, text[i]);
      next[i] = Arrays.binarySearch(vocabulary, text[i + 1]);
    }
    int characters = Math.max(2, vocabulary.length);
    Files.createDirectories(run);
    Files.writeString(vocabularyOf(run), new String(vocabulary, 0, vocabulary.length));
    try (Model model =
        Model.sequential(
                Shape.of(STEPS),
                Embedding.of(characters, 32),
                Lstm.of(UNITS).returningSequences(),
                Dense.of(characters, Activation.SOFTMAX))
            .withSeed(SEED)) {
      model.compile(Adam.of(0.003), Loss.SPARSE_CATEGORICAL_CROSSENTROPY, Metric.ACCURACY);
      FitOptions options = FitOptions.epochs(epochs).withBatchSize(32).withSeed(SEED);
      var history =
          model.fit(Dataset.of(Shape.of(STEPS), ids, next, characters), options).history();
      KerasFile.write(SavedModel.of(model, LocalDateTime.now()), run.resolve("model.keras"));
      System.out.println(
          "loss "
              + history.get("loss").getLast()
              + ", accuracy "
              + history.get("accuracy").getLast());
    }
  }

  private static Path vocabularyOf(Path run) {
    return run.resolve("vocabulary.txt");
  }

  /**
   * Lets the model write on.
   *
   * @param temperature below 1 for the likely, above for the daring
   * @param most how many of the likeliest characters are drawn from; 0 for all
   */
  private static String sample(
      Path run, String prompt, int length, double temperature, int most, long seed)
      throws IOException {
    if (!(temperature > 0) || most < 0 || length < 0) {
      throw new IllegalArgumentException(
          "temperature must be above 0, top-k and length at least 0, found "
              + temperature
              + ", "
              + most
              + " and "
              + length);
    }
    int[] vocabulary = Files.readString(vocabularyOf(run)).codePoints().toArray();
    SplitMix64 random = new SplitMix64(seed);
    StringBuilder text = new StringBuilder(prompt);
    try (Model model = KerasFile.read(run.resolve("model.keras")).toModel();
        Predictor predictor = model.predictor();
        Stream stream = predictor.stream()) {
      float[] id = new float[1];
      float[] probabilities = new float[stream.outputSize()];
      int[] begin = prompt.isEmpty() ? new int[] {vocabulary[0]} : prompt.codePoints().toArray();
      for (int character : begin) {
        id[0] = Arrays.binarySearch(vocabulary, character);
        if (id[0] < 0) {
          throw new IllegalArgumentException(
              "prompt: '" + Character.toString(character) + "' is not in the model's vocabulary");
        }
        stream.step(id, probabilities);
      }
      for (int i = 0; i < length; i++) {
        int drawn = draw(probabilities, vocabulary.length, temperature, most, random);
        text.appendCodePoint(vocabulary[drawn]);
        id[0] = drawn;
        stream.step(id, probabilities);
      }
    }
    return text.toString();
  }

  /** StrictMath, so that a seed gives the same text everywhere. */
  private static int draw(
      float[] probabilities, int characters, double temperature, int most, SplitMix64 random) {
    List<Integer> likely =
        IntStream.range(0, characters)
            .boxed()
            .sorted(Comparator.comparingDouble(c -> -probabilities[c]))
            .limit(most == 0 ? characters : most)
            .toList();
    double largest = StrictMath.log(probabilities[likely.getFirst()]);
    double[] shares = new double[likely.size()];
    double sum = 0;
    for (int i = 0; i < shares.length; i++) {
      double log = StrictMath.log(probabilities[likely.get(i)]);
      shares[i] = StrictMath.exp((log - largest) / temperature);
      sum += shares[i];
    }
    double at = random.nextDouble() * sum;
    for (int i = 0; i < shares.length; i++) {
      at -= shares[i];
      if (at < 0) {
        return likely.get(i);
      }
    }
    return likely.getLast();
  }
}
