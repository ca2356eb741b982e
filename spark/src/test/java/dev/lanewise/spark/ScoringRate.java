package dev.lanewise.spark;

import dev.lanewise.engine.backend.Predictor;
import dev.lanewise.engine.random.SplitMix64;
import dev.lanewise.engine.train.Model;
import java.io.IOException;
import java.io.Serializable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.catalyst.expressions.JoinedRow;
import org.apache.spark.sql.catalyst.expressions.UnsafeArrayData;
import org.apache.spark.sql.types.StructType;
import scala.collection.Iterator;
import scala.runtime.AbstractFunction1;

/**
 * Answers rows of 784 floats with the founding model, in turn by the engine itself and on executors
 * of this machine; {@code docs/spark.md} has the command.
 */
final class ScoringRate {
  private static final int VALUES = 28 * 28;
  private static final int BATCH = 256;
  private static final int SECONDS = 8;

  private ScoringRate() {}

  /** Takes {@code local} or {@code cluster}, the executors or threads, the rows, and the rounds. */
  public static void main(String[] args) throws Exception {
    if (args.length != 4) {
      throw new IllegalArgumentException("expected: local or cluster, executors, rows, rounds");
    }
    int executors = Integer.parseInt(args[1]);
    int rows = Integer.parseInt(args[2]);
    int rounds = Integer.parseInt(args[3]);
    boolean cluster = args[0].equals("cluster");
    SparkSession session =
        cluster
            ? LocalCluster.start(executors, 1024)
            : LocalCluster.builder("local[" + executors + "]").getOrCreate();
    try (Model model = Founding.model().withThreads(1)) {
      LanewiseModel scoring = LanewiseModel.of(model).setBatchSize(BATCH);
      engine(model, executors); // for the JIT's sake, as the next
      spark(session, scoring, rows / 10, executors);
      double[] shares = new double[rounds];
      double before = engine(model, executors);
      for (int round = 0; round < rounds; round++) {
        List<Long> memory;
        double rate;
        try (Resident resident = new Resident(cluster)) {
          rate = spark(session, scoring, rows, executors);
          memory = resident.tenths();
        }
        double after = engine(model, executors);
        shares[round] = 2 * rate / (before + after);
        print(
            "%.0f rows/s an executor, engine %.0f before, %.0f after: %.2f",
            rate, before, after, shares[round]);
        print("  largest MB resident of an executor in each tenth of the run: %s", memory);
        before = after;
      }
      Arrays.sort(shares);
      print("median of the shares: %.2f", shares[rounds / 2]);
    } finally {
      session.stop();
    }
  }

  /** Returns rows a second of each executor's one thread; none of the answers is kept. */
  private static double spark(
      SparkSession session, LanewiseModel scoring, int rows, int executors) {
    Dataset<Row> ids = session.range(0, rows, 1, 4 * executors).toDF();
    StructType schema = ids.schema().add("features", "array<float>");
    Dataset<Row> table = InternalRows.map(ids, new Pictures(), schema);
    long begin = System.nanoTime();
    scoring.transform(table).write().format("noop").mode("overwrite").save();
    return rows * 1e9 / (System.nanoTime() - begin) / executors;
  }

  /** Adds one of some pictures to each row. */
  private static final class Pictures extends AbstractFunction1<Iterator<Object>, Iterator<Object>>
      implements Serializable {
    private static final long serialVersionUID = 1L;

    @Override
    public Iterator<Object> apply(Iterator<Object> rows) {
      InternalRow[] pictures = new InternalRow[100];
      for (int i = 0; i < pictures.length; i++) {
        Object[] columns = {UnsafeArrayData.fromPrimitiveArray(pixels(1, i))};
        pictures[i] = new GenericInternalRow(columns);
      }
      return rows.map(
          new AbstractFunction1<>() {
            private int next;

            @Override
            public Object apply(Object row) {
              return new JoinedRow((InternalRow) row, pictures[next++ % pictures.length]);
            }
          });
    }
  }

  private static float[] pixels(int pictures, int seed) {
    SplitMix64 random = new SplitMix64(seed);
    float[] pixels = new float[pictures * VALUES];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = random.nextInt(4) == 0 ? random.nextInt(256) / 255f : 0;
    }
    return pixels;
  }

  /** Returns rows a second of one of so many threads that answer batches at once. */
  private static double engine(Model model, int threads)
      throws InterruptedException, ExecutionException {
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    try (Predictor predictor = model.predictor()) {
      List<Future<Double>> rates =
          Stream.generate(() -> pool.submit(() -> batches(predictor))).limit(threads).toList();
      double sum = 0;
      for (Future<Double> rate : rates) {
        sum += rate.get();
      }
      return sum / threads;
    } finally {
      pool.shutdown();
    }
  }

  private static double batches(Predictor predictor) {
    float[] inputs = pixels(BATCH, 3);
    float[] outputs = new float[BATCH * predictor.outputSize()];
    long begin = System.nanoTime();
    long rows = 0;
    while (System.nanoTime() - begin < TimeUnit.SECONDS.toNanos(SECONDS)) {
      predictor.predict(inputs, outputs);
      rows += BATCH;
    }
    return rows / ((System.nanoTime() - begin) * 1e-9);
  }

  /** Looks every half second at the memory of the processes that answer. */
  private static final class Resident implements AutoCloseable {
    private final boolean cluster;
    private final List<Long> seen = new CopyOnWriteArrayList<>();
    private final Thread watch = Thread.ofVirtual().start(this::look);

    Resident(boolean cluster) {
      this.cluster = cluster;
    }

    private void look() {
      try {
        for (; ; Thread.sleep(500)) {
          Stream<ProcessHandle> all =
              cluster ? LocalCluster.executors() : Stream.of(ProcessHandle.current());
          seen.add(all.mapToLong(Resident::megabytes).max().orElse(0));
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }

    private static long megabytes(ProcessHandle process) {
      try (Stream<String> lines = Files.lines(Path.of("/proc", process.pid() + "", "status"))) {
        String resident = lines.filter(line -> line.startsWith("VmRSS")).findFirst().orElse("0");
        return Long.parseLong(resident.replaceAll("\\D", "")) / 1024;
      } catch (IOException e) {
        return 0; // it has ended
      }
    }

    List<Long> tenths() {
      return IntStream.range(0, 10)
          .mapToObj(
              tenth ->
                  seen.subList(tenth * seen.size() / 10, (tenth + 1) * seen.size() / 10).stream()
                      .max(Long::compare)
                      .orElse(0L))
          .toList();
    }

    @Override
    public void close() {
      watch.interrupt();
    }
  }

  private static void print(String format, Object... values) {
    System.out.println(String.format(Locale.ROOT, format, values));
  }
}
