import dev.lanewise.engine.backend.*;
import dev.lanewise.engine.backend.cpu.CpuBackend;
import dev.lanewise.engine.data.*;
import dev.lanewise.engine.layer.*;
import dev.lanewise.engine.loss.Loss;
import dev.lanewise.engine.metric.Metric;
import dev.lanewise.engine.optimizer.Adam;
import dev.lanewise.engine.random.SplitMix64;
import dev.lanewise.engine.tensor.Shape;
import dev.lanewise.engine.train.*;
import java.nio.file.Path;
import java.util.*;

/**
 * Times answers of one thread with weights in float32 and in bfloat16, in turn: blocks of steps of
 * a stream, and of whole samples. Prints p50 and p99 in microseconds of each. With a folder of
 * MNIST it then trains three models and prints what either precision makes of the test images.
 *
 * <p>Arguments: blocks, none of which are timed if 0, and the folder if accuracy is asked for.
 */
public class HalvesInTurn {
  static final int BLOCK = 500;

  interface Call {
    void run();
  }

  public static void main(String[] args) {
    int blocks = Integer.parseInt(args[0]);
    System.out.println("what,float32 p50,p99,bfloat16 p50,p99,ratio p50");
    for (String cell : blocks == 0 ? List.<String>of() : List.of("lstm", "gru", "simple_rnn")) {
      for (int units : new int[] {64, 150, 256, 512}) {
        stream(cell, units, blocks);
      }
    }
    for (String cell : blocks == 0 ? List.<String>of() : List.of("simple_rnn", "lstm", "gru")) {
      for (int units : new int[] {64, 150, 256, 512}) {
        image(cell, units, Math.max(3, blocks / 10));
      }
    }
    if (args.length > 1) {
      IdxFolder mnist = IdxFolder.load(Path.of(args[1]));
      accuracy("simple_rnn", 150, 5, mnist);
      accuracy("lstm", 64, 3, mnist);
      accuracy("gru", 64, 3, mnist);
    }
  }

  static Layer layer(String cell, int units) {
    return switch (cell) {
      case "lstm" -> Lstm.of(units);
      case "gru" -> Gru.of(units);
      default -> SimpleRnn.of(units);
    };
  }

  static ModelSpec spec(Shape input, Layer... layers) {
    return new ModelSpec(input, List.of(layers), Loss.MEAN_SQUARED_ERROR, Adam.withDefaults());
  }

  static Parameters start(ModelSpec spec) {
    SplitMix64 random = new SplitMix64(1);
    return Parameters.initial(
        spec.parameters().stream().map(p -> p.initializer().values(p.shape(), random)).toList());
  }

  static void stream(String cell, int units, int blocks) {
    ModelSpec spec = spec(Shape.of(1, 1), layer(cell, units));
    Parameters start = start(spec);
    CpuBackend cpu = new CpuBackend();
    try (Predictor single = cpu.predictor(spec, start, 1, Precision.FLOAT32);
        Predictor half = cpu.predictor(spec, start, 1, Precision.BF16);
        Stream one = single.stream();
        Stream two = half.stream()) {
      float[] input = {0.5f};
      float[] output = new float[units];
      inTurn(
          "stream " + cell + " " + units,
          blocks,
          BLOCK,
          () -> one.step(input, output),
          () -> two.step(input, output));
    }
  }

  static void image(String cell, int units, int blocks) {
    ModelSpec spec = spec(Shape.of(28, 28), layer(cell, units), Dense.of(10, Activation.SOFTMAX));
    Parameters start = start(spec);
    CpuBackend cpu = new CpuBackend();
    try (Predictor single = cpu.predictor(spec, start, 1, Precision.FLOAT32);
        Predictor half = cpu.predictor(spec, start, 1, Precision.BF16)) {
      byte[] image = new byte[784];
      new Random(1).nextBytes(image);
      float[] output = new float[10];
      inTurn(
          "image " + cell + " " + units,
          blocks,
          BLOCK / 5,
          () -> single.predict(image, output),
          () -> half.predict(image, output));
    }
  }

  static void inTurn(String what, int blocks, int calls, Call... both) {
    long[][] times = new long[2][blocks * calls];
    for (int b = -Math.max(5, 20_000 / calls); b < blocks; b++) {
      for (int side = 0; side < 2; side++) {
        for (int i = 0; i < calls; i++) {
          long begin = System.nanoTime();
          both[side].run();
          times[side][Math.max(b, 0) * calls + i] = System.nanoTime() - begin;
        }
      }
    }
    Arrays.sort(times[0]);
    Arrays.sort(times[1]);
    System.out.printf(
        Locale.ROOT,
        "%s,%.2f,%.2f,%.2f,%.2f,%.2f%n",
        what,
        at(times[0], 0.5),
        at(times[0], 0.99),
        at(times[1], 0.5),
        at(times[1], 0.99),
        at(times[0], 0.5) / at(times[1], 0.5));
  }

  static double at(long[] sorted, double share) {
    return sorted[(int) (sorted.length * share)] / 1e3;
  }

  static void accuracy(String cell, int units, int epochs, IdxFolder mnist) {
    try (Model model =
        Model.sequential(Shape.of(28, 28), layer(cell, units), Dense.of(10, Activation.SOFTMAX))
            .onBackend(new CpuBackend())
            .withSeed(1)
            .compile(Adam.withDefaults(), Loss.CATEGORICAL_CROSSENTROPY, Metric.ACCURACY)) {
      FitOptions options = FitOptions.epochs(epochs).withBatchSize(150).withValidationSplit(0.2);
      model.fit(mnist.train(), options);
      int images = mnist.test().size();
      float[][] answers = new float[2][images * 10];
      for (Precision precision : Precision.values()) {
        try (Predictor predictor = model.predictor(precision)) {
          predictor.predict(mnist.test().byteFeatures(), answers[precision.ordinal()]);
        }
      }
      int[] right = new int[2];
      int different = 0;
      float most = 0;
      for (int i = 0; i < images; i++) {
        int[] best = {best(answers[0], i), best(answers[1], i)};
        different += best[0] == best[1] ? 0 : 1;
        for (int side = 0; side < 2; side++) {
          right[side] += best[side] == mnist.test().label(i, 0) ? 1 : 0;
        }
        for (int c = 10 * i; c < 10 * i + 10; c++) {
          most = Math.max(most, Math.abs(answers[0][c] - answers[1][c]));
        }
      }
      System.out.printf(
          Locale.ROOT,
          "%s(%d) after %d epochs: %d and %d of %d images right, %d answered otherwise, a"
              + " probability at most %.4f apart%n",
          cell,
          units,
          epochs,
          right[0],
          right[1],
          images,
          different,
          most);
    }
  }

  static int best(float[] answers, int image) {
    int best = 0;
    for (int c = 1; c < 10; c++) {
      best = answers[10 * image + c] > answers[10 * image + best] ? c : best;
    }
    return best;
  }
}
