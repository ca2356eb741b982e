package dev.lanewise.bench;

import dev.lanewise.engine.backend.Predictor;
import dev.lanewise.engine.random.SplitMix64;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * The founding benchmark's model, with its cell and others, answering through one {@link
 * Predictor}: the latency of a call with one image or with 150, and one-image calls of many threads
 * at once. The distribution's percentiles are in JMH's text; a batch's images a second are 150 over
 * the median.
 */
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(3)
@State(Scope.Benchmark)
public class InferenceBenchmark {
  /** Where the predictor runs: {@code cpu:N} on N threads, the caller among them. */
  @Param({"cpu", "cpu:2", "cuda"})
  public String backend = "cpu";

  /** The recurrent layer. */
  @Param public Cell cell = Cell.simple_rnn;

  private @Nullable Predictor predictor;

  /** One caller's arrays. */
  @State(Scope.Thread)
  public static class Call {
    private final float[] image = new float[28 * 28];
    private final float[] scores = new float[FoundingModel.CLASSES];
    private final float[] images = new float[150 * 28 * 28];
    private final float[] allScores = new float[150 * FoundingModel.CLASSES];

    /** Made by JMH, once a thread. */
    public Call() {
      SplitMix64 random = new SplitMix64(3);
      for (int i = 0; i < images.length; i++) {
        images[i] = random.nextInt(256) / 255f;
      }
      System.arraycopy(images, 0, image, 0, image.length);
    }
  }

  /** 64 threads; JMH's own would each measure for as long as the system lets them run. */
  @State(Scope.Benchmark)
  public static class Crowd {
    static final int THREADS = 64;
    static final int CALLS = 50;

    private final ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    private final List<Call> calls = Stream.generate(Call::new).limit(THREADS).toList();

    /** Made by JMH. */
    public Crowd() {}

    void ask(Predictor predictor) throws InterruptedException {
      threads.invokeAll(calls.stream().map(call -> task(predictor, call)).toList());
    }

    private static Callable<float[]> task(Predictor predictor, Call call) {
      return () -> {
        for (int i = 0; i < CALLS; i++) {
          predictor.predict(call.image, call.scores);
        }
        return call.scores;
      };
    }

    /** Ends the threads. */
    @TearDown(Level.Trial)
    public void close() {
      threads.shutdownNow();
    }
  }

  /** Made by JMH. */
  public InferenceBenchmark() {}

  /** Compiles the model with random weights. */
  @Setup(Level.Trial)
  public void compile() {
    FoundingModel model = FoundingModel.asFounded(cell);
    Machine machine = Machine.of(backend);
    predictor =
        Machines.named(machine.backend())
            .predictor(model.spec(), model.start(), machine.planThreads());
  }

  /** Frees the predictor. */
  @TearDown(Level.Trial)
  public void close() {
    if (predictor != null) {
      predictor.close();
    }
  }

  /**
   * One image.
   *
   * @param call the caller's arrays
   * @return the scores
   */
  @Benchmark
  public float[] oneImage(Call call) {
    compiled().predict(call.image, call.scores);
    return call.scores;
  }

  /**
   * 150 images in one call.
   *
   * @param call the caller's arrays
   * @return the scores
   */
  @Benchmark
  public float[] batch(Call call) {
    compiled().predict(call.images, call.allScores);
    return call.allScores;
  }

  /**
   * One image at a time, asked by 64 threads at once: the time between two answers of all together.
   *
   * @param crowd the threads
   * @throws InterruptedException if the run is broken off
   */
  @Benchmark
  @BenchmarkMode(Mode.AverageTime)
  @OperationsPerInvocation(Crowd.THREADS * Crowd.CALLS)
  public void oneImageOfMany(Crowd crowd) throws InterruptedException {
    crowd.ask(compiled());
  }

  /**
   * One image by plain loops.
   *
   * @param call the caller's arrays
   * @return the scores
   */
  @Benchmark
  @Fork(value = 1, jvmArgsAppend = "-Dlanewise.kernels=scalar")
  public float[] scalarOneImage(Call call) {
    return oneImage(call);
  }

  private Predictor compiled() {
    return Objects.requireNonNull(predictor, "compile has run");
  }
}
