package dev.lanewise.bench;

import dev.lanewise.engine.backend.ModelSpec;
import dev.lanewise.engine.backend.Parameters;
import dev.lanewise.engine.backend.Predictor;
import dev.lanewise.engine.backend.Stream;
import dev.lanewise.engine.loss.Loss;
import dev.lanewise.engine.optimizer.Adam;
import dev.lanewise.engine.random.SplitMix64;
import dev.lanewise.engine.tensor.Shape;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * One step of a stream on one thread, the recurrent layer alone; {@code p0.50} is its median. The
 * state is carried on from step to step, and each step's inputs come when it is taken.
 */
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 10, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(3)
@State(Scope.Benchmark)
public class StepLatencyBenchmark {
  /** The recurrent layer. */
  @Param({"lstm", "gru"})
  public Cell cell = Cell.lstm;

  /** Width of the layer's output; 8, 16, 32, 150 and 256 are usual too. */
  @Param("64")
  public int units = 64;

  /** Values of a time step. */
  @Param({"1", "28"})
  public int features = 1;

  private @Nullable Predictor predictor;
  private @Nullable Stream stream;
  private float[] inputs = new float[0];
  private float[] state = new float[0];

  /** Made by JMH. */
  public StepLatencyBenchmark() {}

  /** Compiles the layer with random weights and makes a step's random inputs. */
  @Setup(Level.Trial)
  public void compile() {
    ModelSpec spec =
        new ModelSpec(
            Shape.of(1, features),
            List.of(cell.layer(units)),
            Loss.MEAN_SQUARED_ERROR,
            Adam.withDefaults());
    SplitMix64 random = new SplitMix64(1);
    Parameters start =
        Parameters.initial(
            spec.parameters().stream()
                .map(parameter -> parameter.initializer().values(parameter.shape(), random))
                .toList());
    predictor = Machines.named("cpu").predictor(spec, start, 1);
    stream = predictor.stream();
    inputs = new float[features];
    for (int i = 0; i < features; i++) {
      inputs[i] = random.nextInt(256) / 255f;
    }
    state = new float[units];
  }

  /** Frees the stream and its predictor. */
  @TearDown(Level.Trial)
  public void close() {
    if (stream != null) {
      stream.close();
    }
    if (predictor != null) {
      predictor.close();
    }
  }

  /**
   * A step.
   *
   * @return the state that it leaves
   */
  @Benchmark
  public float[] step() {
    Objects.requireNonNull(stream, "compile has run").step(inputs, state);
    return state;
  }
}
