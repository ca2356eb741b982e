import dev.lanewise.engine.backend.*;
import dev.lanewise.engine.backend.cpu.CpuBackend;
import dev.lanewise.engine.data.Dataset;
import dev.lanewise.engine.layer.*;
import dev.lanewise.engine.loss.Loss;
import dev.lanewise.engine.optimizer.Adam;
import dev.lanewise.engine.tensor.Shape;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.*;
import java.util.function.DoubleSupplier;
import java.util.stream.IntStream;

/**
 * Times steps of two builds in turn: OLD_CLASSES NEW_CLASSES OWN_CLASSES LAYER UNITS THREADS
 * ROUNDS; prints the median of new / old, and of both in ms. OWN_CLASSES is where this program was
 * compiled to, or, with a colon between, against the old classes and against the new; {@code
 * -Dbatch=1} makes batches of one sample, {@code -Dsteps=784} samples of 784 steps, {@code
 * -Dspread=0.03} start weights of that deviation. Updates are small, so that all rounds compute
 * alike.
 */
public class TwoBuilds {
  /** One build's steps; loaded once for each. */
  public static class Steps implements DoubleSupplier {
    private static final int BATCH = Integer.getInteger("batch", 150);
    private static final int[] ORDER = IntStream.range(0, BATCH).toArray();

    private final Plan plan;

    public Steps() {
      int units = Integer.getInteger("units");
      Shape input = Shape.of(Integer.getInteger("steps", 28), 28);
      Layer layer =
          switch (System.getProperty("layer")) {
            case "lstm" -> Lstm.of(units);
            case "gru" -> Gru.of(units);
            case "bidirectional_lstm" -> Bidirectional.of(Lstm.of(units));
            default -> SimpleRnn.of(units);
          };
      List<Layer> stack = List.of(layer, Dense.of(10, Activation.SOFTMAX));
      ModelSpec spec = new ModelSpec(input, stack, Loss.CATEGORICAL_CROSSENTROPY, Adam.of(1e-7));
      double spread = Double.parseDouble(System.getProperty("spread", "0.05"));
      Random random = new Random(2);
      List<float[]> start = new ArrayList<>();
      for (ParameterSpec parameter : spec.parameters()) {
        float[] values = new float[(int) parameter.shape().elementCount()];
        for (int i = 0; i < values.length; i++) {
          values[i] = (float) (random.nextGaussian() * spread);
        }
        start.add(values);
      }
      byte[] pixels = new byte[BATCH * (int) input.elementCount()];
      random.nextBytes(pixels);
      plan = new CpuBackend().compile(spec, new PlanOptions(BATCH, Integer.getInteger("threads")));
      plan.load(Parameters.initial(start));
      plan.bind(Dataset.ofBytes(input, pixels, random.ints(BATCH, 0, 10).toArray(), 10));
    }

    @Override
    public double getAsDouble() {
      plan.beginEpoch(ORDER, BATCH);
      long begin = System.nanoTime();
      plan.step(1, new Totals());
      return System.nanoTime() - begin;
    }
  }

  public static void main(String[] args) throws Exception {
    System.setProperty("layer", args[3]);
    System.setProperty("units", args[4]);
    System.setProperty("threads", args[5]);
    DoubleSupplier[] builds = new DoubleSupplier[2];
    for (int b = 0; b < 2; b++) {
      String[] own = args[2].split(":");
      URL[] classes = {
        Path.of(args[b]).toUri().toURL(), Path.of(own[Math.min(b, own.length - 1)]).toUri().toURL()
      };
      ClassLoader loader = new URLClassLoader(classes, ClassLoader.getPlatformClassLoader());
      builds[b] =
          (DoubleSupplier)
              loader.loadClass("TwoBuilds$Steps").getDeclaredConstructor().newInstance();
    }
    int rounds = Integer.parseInt(args[6]);
    double[] ratios = new double[rounds];
    double[][] all = new double[2][rounds];
    for (int r = -rounds / 2; r < rounds; r++) {
      double[] times = new double[2];
      times[r & 1] = builds[r & 1].getAsDouble();
      times[1 - (r & 1)] = builds[1 - (r & 1)].getAsDouble();
      ratios[Math.max(r, 0)] = times[1] / times[0];
      all[0][Math.max(r, 0)] = times[0] / 1e6;
      all[1][Math.max(r, 0)] = times[1] / 1e6;
    }
    Arrays.sort(ratios);
    Arrays.sort(all[0]);
    Arrays.sort(all[1]);
    System.out.printf(
        "new / old: %.3f (%.2f and %.2f ms)%n",
        ratios[rounds / 2], all[1][rounds / 2], all[0][rounds / 2]);
  }
}
