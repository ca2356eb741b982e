package dev.lanewise.spark;

import static dev.lanewise.spark.MnistOnExecutors.print;

import dev.lanewise.engine.backend.cpu.CpuBackend;
import dev.lanewise.engine.data.Dataset;
import dev.lanewise.engine.layer.Activation;
import dev.lanewise.engine.layer.Dense;
import dev.lanewise.engine.layer.SimpleRnn;
import dev.lanewise.engine.loss.Loss;
import dev.lanewise.engine.metric.Metric;
import dev.lanewise.engine.optimizer.Adam;
import dev.lanewise.engine.tensor.Shape;
import dev.lanewise.engine.train.FitOptions;
import dev.lanewise.engine.train.Model;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Measures what a step costs by the size of the model: its work on one thread, and the exchange
 * alone among tasks of this process that are connected through the loopback interface. {@code
 * docs/spark.md} has the command.
 */
final class ExchangeCost {
  private static final int BATCH = 150;
  private static final Duration PATIENCE = Duration.ofMinutes(5);

  /** Of 28,360, of a million and of 30 million parameters. */
  private static final int[] UNITS = {150, 982, 5454};

  private ExchangeCost() {}

  /** What a model's steps were. */
  private record Step(long parameters, long bytes, double work, double apply) {}

  /** Takes the numbers of tasks, 2 unless there are any. */
  public static void main(String[] args) throws Exception {
    int[] tasks = args.length == 0 ? new int[] {2} : ints(args);
    print("parameters bytes work_ms apply_ms tasks exchange_us_median best worst MB/s");
    for (int units : UNITS) {
      Step step = step(units, units < 500 ? 60 : units < 2000 ? 4 : 1);
      for (int n : tasks) {
        double[] micros = exchange(n, step.bytes(), step.bytes() < 1 << 20 ? 2000 : 30);
        double median = micros[micros.length / 2];
        print(
            "%d %d %.2f %.2f %d %.0f %.0f %.0f %.0f",
            step.parameters(),
            step.bytes(),
            step.work() * 1e3,
            step.apply() * 1e3,
            n,
            median,
            micros[0],
            micros[micros.length - 1],
            step.bytes() / median);
      }
    }
  }

  private static int[] ints(String[] args) {
    return Arrays.stream(args).mapToInt(Integer::parseInt).toArray();
  }

  /** Trains a task without others, twice, of which the second is measured. */
  private static Step step(int units, int steps) {
    Dataset data = Founding.pictures(BATCH * steps);
    FitOptions options = FitOptions.epochs(1).withBatchSize(BATCH);
    try (Model model =
        Model.sequential(Shape.of(28, 28), SimpleRnn.of(units), Dense.of(10, Activation.SOFTMAX))
            .compile(Adam.withDefaults(), Loss.CATEGORICAL_CROSSENTROPY, Metric.ACCURACY)) {
      Alone alone = new Alone();
      StepTimes times = new StepTimes();
      model.withThreads(1).onBackend(new SharedBackend(new CpuBackend(), alone, times));
      model.fit(data, options);
      double work = times.computing();
      double apply = times.applying();
      model.fit(data, options);
      return new Step(
          model.spec().parameterCount(),
          alone.bytes,
          (times.computing() - work) / steps,
          (times.applying() - apply) / steps);
    }
  }

  /** An exchange of one task, that learns how long a row is. */
  private static final class Alone implements AllReduce {
    private final TcpReduce exchange = new TcpReduce(0, 1, null, null);
    private long bytes;

    @Override
    public int rank() {
      return 0;
    }

    @Override
    public int tasks() {
      return 1;
    }

    @Override
    public void reduce(Contribution mine) {
      bytes = mine.bytes();
      exchange.reduce(mine);
    }

    @Override
    public long bytesSent() {
      return 0;
    }

    @Override
    public void close() {
      exchange.close();
    }
  }

  /** Returns the microseconds of each exchange, in ascending order. */
  private static double[] exchange(int n, long bytes, int times) throws Exception {
    try (ExecutorService threads = Executors.newFixedThreadPool(n)) {
      List<Peers> peers = new ArrayList<>();
      String[] told = new String[n];
      for (int rank = 0; rank < n; rank++) {
        peers.add(new Peers(rank, InetAddress.getLoopbackAddress().getHostAddress(), PATIENCE));
        told[rank] = peers.get(rank).told();
      }
      List<Future<double[]>> results = new ArrayList<>();
      for (Peers each : peers) {
        results.add(threads.submit(() -> reduced(each, told, bytes, times)));
      }
      double[] first = results.getFirst().get();
      for (Future<double[]> each : results) {
        each.get();
      }
      return first;
    }
  }

  private static double[] reduced(Peers peers, String[] told, long bytes, int times) {
    double[] micros = new double[times];
    try (peers;
        TcpReduce exchange = peers.connect(told)) {
      Sum sum = new Sum(new float[Math.toIntExact(bytes / Float.BYTES)]);
      for (int i = -times / 3; i < times; i++) { // the first are for the compiler
        long begin = System.nanoTime();
        exchange.reduce(sum);
        if (i >= 0) {
          micros[i] = (System.nanoTime() - begin) * 1e-3;
        }
      }
    }
    Arrays.sort(micros);
    return micros;
  }

  /** A row to which each task adds as many floats. */
  private record Sum(float[] own) implements AllReduce.Contribution {
    @Override
    public long bytes() {
      return (long) own.length * Float.BYTES;
    }

    @Override
    public void add(MemorySegment part, long from) {
      int first = Math.toIntExact(from / Float.BYTES);
      long count = part.byteSize() / Float.BYTES;
      for (long i = 0; i < count; i++) {
        float before = part.getAtIndex(ValueLayout.JAVA_FLOAT_UNALIGNED, i);
        part.setAtIndex(ValueLayout.JAVA_FLOAT_UNALIGNED, i, before + own[first + (int) i]);
      }
    }

    @Override
    public void take(MemorySegment part, long from) {
      int first = Math.toIntExact(from / Float.BYTES);
      int count = Math.toIntExact(part.byteSize() / Float.BYTES);
      MemorySegment.copy(part, ValueLayout.JAVA_FLOAT_UNALIGNED, 0, own, first, count);
      own[first] = 1; // or sums would grow without end
    }
  }
}
