import dev.lanewise.engine.backend.*;
import dev.lanewise.engine.backend.cpu.CpuBackend;
import dev.lanewise.engine.data.Dataset;
import dev.lanewise.engine.layer.*;
import dev.lanewise.engine.loss.Loss;
import dev.lanewise.engine.optimizer.Adam;
import dev.lanewise.engine.tensor.Shape;
import java.util.*;
import java.util.stream.*;

/**
 * Times batches of sequences of 10 to 100 steps, masked to 100, in turn with batches of 100 steps:
 * THREADS ROUNDS; what the steps that count would take over what all of it takes.
 */
class MaskedSteps {
  private static final int STEPS = 100;
  private static final int FEATURES = 16;
  private static final int BATCH = 128;

  public static void main(String[] args) {
    int threads = Integer.parseInt(args[0]);
    int rounds = Integer.parseInt(args[1]);
    List<Layer> cells =
        List.of(
            SimpleRnn.of(64),
            Lstm.of(64),
            Gru.of(64),
            Lstm.of(150),
            Bidirectional.of(Lstm.of(64)),
            Lstm.of(64).returningSequences());
    for (Layer cell : cells) {
      for (boolean front : new boolean[] {false, true}) {
        measure(cell, front, threads, rounds);
      }
    }
  }

  private static void measure(Layer cell, boolean front, int threads, int rounds) {
    Random random = new Random(1);
    int batches = 8;
    int samples = BATCH * batches;
    int[] lengths = random.ints(samples, 10, STEPS + 1).toArray();
    float[] full = new float[samples * STEPS * FEATURES];
    float[] padded = new float[full.length];
    for (int i = 0; i < full.length; i++) {
      full[i] = (float) random.nextGaussian();
      int step = i / FEATURES % STEPS;
      int length = lengths[i / FEATURES / STEPS];
      boolean counts = front ? step >= STEPS - length : step < length;
      padded[i] = counts ? full[i] : 0;
    }
    int[] labels = random.ints(samples, 0, 10).toArray();
    Shape shape = Shape.of(STEPS, FEATURES);
    List<Layer> end =
        cell instanceof Lstm lstm && lstm.returnSequences()
            ? List.of(cell, Lstm.of(64), Dense.of(10, Activation.SOFTMAX))
            : List.of(cell, Dense.of(10, Activation.SOFTMAX));
    List<Layer> masked = new ArrayList<>(List.of(Masking.ofZeros()));
    masked.addAll(end);
    Plan plain = plan(end, Dataset.of(shape, full, labels, 10), threads);
    Plan short_ = plan(masked, Dataset.of(shape, padded, labels, 10), threads);
    double share = IntStream.of(lengths).sum() / (double) samples / STEPS;
    double[] ratios = new double[rounds];
    int[] order = IntStream.range(0, samples).toArray();
    for (int r = -rounds / 3; r < rounds; r++) {
      double all = epoch(plain, order, batches);
      double some = epoch(short_, order, batches);
      ratios[Math.max(r, 0)] = share * all / some;
    }
    Arrays.sort(ratios);
    System.out.printf(
        "%s%s, padded in %s: %.2f of the speed of the steps that count%n",
        cell.className(),
        end.size() > 2 ? " of two" : "",
        front ? "front" : "the end",
        ratios[rounds / 2]);
    plain.close();
    short_.close();
  }

  private static double epoch(Plan plan, int[] order, int batches) {
    plan.beginEpoch(order, BATCH);
    long begin = System.nanoTime();
    for (int b = 0; b < batches; b++) {
      plan.step(1, new Totals());
    }
    return (System.nanoTime() - begin) * 1e-6;
  }

  private static Plan plan(List<Layer> stack, Dataset data, int threads) {
    ModelSpec spec =
        new ModelSpec(
            data.sampleShape(), stack, Loss.CATEGORICAL_CROSSENTROPY, Adam.withDefaults());
    Random random = new Random(2);
    List<float[]> start = new ArrayList<>();
    for (ParameterSpec parameter : spec.parameters()) {
      float[] values = new float[(int) parameter.shape().elementCount()];
      for (int i = 0; i < values.length; i++) {
        values[i] = (float) (random.nextGaussian() * 0.05);
      }
      start.add(values);
    }
    Plan plan = new CpuBackend().compile(spec, new PlanOptions(BATCH, threads));
    plan.load(Parameters.initial(start));
    plan.bind(data);
    return plan;
  }
}
