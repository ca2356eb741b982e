package dev.lanewise.cli.selftest;

import dev.lanewise.engine.backend.Backend;
import dev.lanewise.engine.backend.ModelSpec;
import dev.lanewise.engine.backend.Parameters;
import dev.lanewise.engine.backend.Plan;
import dev.lanewise.engine.backend.PlanOptions;
import dev.lanewise.engine.backend.Predictor;
import dev.lanewise.engine.backend.Totals;
import dev.lanewise.engine.data.Dataset;
import dev.lanewise.engine.layer.ParameterSpec;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.function.LongSupplier;
import java.util.stream.IntStream;

/**
 * Times the founding model on a backend: updates in several batch sizes, given all at once so that
 * the device never waits for the host, and answers. Each figure comes after a second of the same
 * work: an idle GPU's clock takes that long to rise to several times what it was.
 */
public final class Timings {
  private static final double WARM_UP_SECONDS = 1;
  private static final int SAMPLES = 15_000;
  private static final int ROUNDS = 5;
  private static final int ANSWERS = 1_000;

  private final Backend backend;
  private final ModelSpec spec;
  private final int classes;
  private final double sampleFlop;
  private final PrintStream out;
  private final LongSupplier nanoTime;

  /**
   * Prepares timings.
   *
   * @param spec a classifier of images
   * @param sampleFlop the operations of one update on one sample
   */
  public Timings(Backend backend, ModelSpec spec, double sampleFlop, PrintStream out) {
    this(backend, spec, sampleFlop, out, System::nanoTime);
  }

  /** Prepares timings by another clock. */
  Timings(
      Backend backend, ModelSpec spec, double sampleFlop, PrintStream out, LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
    this.backend = backend;
    this.spec = spec;
    classes = spec.output().size(-1);
    this.sampleFlop = sampleFlop;
    this.out = out;
  }

  /** Measures and prints. */
  public void run() {
    out.printf(
        Locale.ROOT, "%-30s %12s %14s %10s%n", "update, batch of", "us", "samples/s", "GFLOP/s");
    for (int batch : new int[] {32, 150, 264, 1024}) {
      double seconds = update(batch);
      out.printf(
          Locale.ROOT,
          "%-30d %12.1f %14.0f %10.0f%n",
          batch,
          seconds * 1e6,
          batch / seconds,
          batch * sampleFlop / seconds * 1e-9);
    }
    out.printf(Locale.ROOT, "%-30s %12s %14s%n", "answer, samples", "us", "samples/s");
    for (int samples : new int[] {1, 150}) {
      double seconds = answer(samples);
      out.printf(Locale.ROOT, "%-30d %12.1f %14.0f%n", samples, seconds * 1e6, samples / seconds);
    }
  }

  private Dataset data(int samples) {
    Random random = new Random(3);
    byte[] pixels = new byte[Math.toIntExact(samples * spec.input().elementCount())];
    random.nextBytes(pixels);
    return Dataset.ofBytes(
        spec.input(), pixels, random.ints(samples, 0, classes).toArray(), classes);
  }

  private Parameters start() {
    Random random = new Random(4);
    List<float[]> values = new ArrayList<>();
    for (ParameterSpec parameter : spec.parameters()) {
      float[] value = new float[Math.toIntExact(parameter.shape().elementCount())];
      for (int i = 0; i < value.length; i++) {
        value[i] = random.nextFloat() * 0.1f - 0.05f;
      }
      values.add(value);
    }
    return Parameters.initial(values);
  }

  /** Returns the seconds of an update: the median of rounds of many. */
  private double update(int batch) {
    int batches = Math.ceilDiv(SAMPLES, batch);
    int[] order = IntStream.range(0, batches * batch).map(i -> i % SAMPLES).toArray();
    try (Plan plan = backend.compile(spec, new PlanOptions(batch, 1))) {
      plan.load(start());
      plan.bind(data(SAMPLES));
      return afterWarmUp(
              ROUNDS,
              () -> {
                plan.beginEpoch(order, batch);
                plan.step(batches, new Totals());
              })
          / batches;
    }
  }

  private double answer(int samples) {
    byte[] pixels = data(samples).byteFeatures();
    float[] outputs = new float[samples * classes];
    try (Predictor predictor = backend.predictor(spec, start(), 1)) {
      return afterWarmUp(ANSWERS, () -> predictor.predict(pixels, outputs));
    }
  }

  /** Returns the median of so many times of some work, in seconds. */
  private double afterWarmUp(int count, Runnable work) {
    double warm = 0;
    while (warm < WARM_UP_SECONDS) {
      warm += seconds(work);
    }
    double[] times = new double[count];
    for (int i = 0; i < count; i++) {
      times[i] = seconds(work);
    }
    return median(times);
  }

  private double seconds(Runnable work) {
    long begin = nanoTime.getAsLong();
    work.run();
    return (nanoTime.getAsLong() - begin) * 1e-9;
  }

  private static double median(double[] values) {
    Arrays.sort(values);
    return values[values.length / 2];
  }
}
