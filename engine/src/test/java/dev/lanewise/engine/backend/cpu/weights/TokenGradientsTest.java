package dev.lanewise.engine.backend.cpu.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.lanewise.engine.backend.ModelSpec;
import dev.lanewise.engine.backend.Parameters;
import dev.lanewise.engine.backend.cpu.team.Team;
import dev.lanewise.engine.golden.Npy;
import dev.lanewise.engine.kernel.CheckedKernels;
import dev.lanewise.engine.kernel.KernelProvider;
import dev.lanewise.engine.layer.Embedding;
import dev.lanewise.engine.loss.Loss;
import dev.lanewise.engine.optimizer.Adam;
import dev.lanewise.engine.optimizer.Sgd;
import dev.lanewise.engine.tensor.Matrix;
import dev.lanewise.engine.tensor.Shape;
import dev.lanewise.engine.tensor.TensorArena;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Adam on tokens that a batch has several times, against Keras: in two shards, from each. */
class TokenGradientsTest {
  private static final String PATH = "recurrent/fit/embedding_repeated_ids";
  private static final int ROWS = 6;
  private static final int WIDTH = 3;
  private static final int SAMPLES = 4;
  private static final int STEPS = 3;

  private record Table(CpuParameter parameter) implements Weights {
    @Override
    public List<CpuParameter> parameters() {
      return List.of(parameter);
    }

    @Override
    public List<ParameterView> views() {
      return List.of(ParameterView.of(parameter));
    }
  }

  @ParameterizedTest
  @CsvSource({"sparse, false", "dense, true"})
  void squaresAreOfTokensOrOfTheirSum(String rule, boolean whole) {
    Adam adam = Adam.of(0.01);
    CheckedKernels kernels = new CheckedKernels(KernelProvider.kernels());
    ModelSpec spec =
        new ModelSpec(
            Shape.of(STEPS), List.of(Embedding.of(ROWS, WIDTH)), Loss.MEAN_SQUARED_ERROR, adam);
    try (TensorArena arena = new TensorArena("tokens");
        Team team = new Team(2)) {
      CpuParameter parameter =
          new CpuParameter(arena, "table", ROWS, WIDTH, 1, 1, adam.slots(), Long.MAX_VALUE);
      TokenGradients tokens = parameter.ofTokens(2, 1, SAMPLES / 2, STEPS, whole);
      Table table = new Table(parameter);
      CpuParameters parameters = new CpuParameters(table, kernels);
      CpuUpdate update = new CpuUpdate(table, kernels, spec);
      float[] start = Npy.readMember(PATH, "init_weight").floats();
      parameters.load(Parameters.initial(List.of(start)), update.optimizer());
      Matrix[] steps = new Matrix[STEPS];
      for (int p = 0; p < STEPS; p++) {
        steps[p] = arena.tensor("step", Shape.of(2, WIDTH), 16).matrix();
      }
      for (int batch = 0; batch < 5; batch++) {
        double[] ids = Npy.readMember(PATH, "ids_" + batch).values();
        float[] upstream = Npy.readMember(PATH, "upstream_" + batch).floats();
        for (int shard = 0; shard < 2; shard++) {
          int[] ofRows = new int[2 * STEPS];
          for (int i = 0; i < ofRows.length; i++) {
            int token = shard * ofRows.length + i;
            ofRows[i] = (int) ids[token];
            for (int c = 0; c < WIDTH; c++) {
              steps[i % STEPS].set(i / STEPS, c, upstream[token * WIDTH + c]);
            }
          }
          tokens.take(kernels, shard, 2, ofRows, steps);
        }
        update.run(2, team);
      }
      Parameters end = parameters.snapshot(update.optimizer());
      requireClose(end.values().getFirst(), "after_" + rule, 1e-6);
      requireClose(end.slots().get(0).values().getFirst(), "momentum_" + rule, 1e-7);
      requireClose(end.slots().get(1).values().getFirst(), "velocity_" + rule, 1e-8);
    }
  }

  private static void requireClose(float[] found, String member, double tolerance) {
    double[] expected = Npy.readMember(PATH, member).values();
    for (int i = 0; i < expected.length; i++) {
      assertThat((double) found[i]).as(member).isCloseTo(expected[i], within(tolerance));
    }
  }

  /** What the batch before has left in the gradient of a row is gone. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void rowsWithoutTokensStayAsTheyAre(boolean whole) {
    CheckedKernels kernels = new CheckedKernels(KernelProvider.kernels());
    Sgd sgd = Sgd.of(0.5);
    ModelSpec spec =
        new ModelSpec(
            Shape.of(ROWS), List.of(Embedding.of(ROWS, WIDTH)), Loss.MEAN_SQUARED_ERROR, sgd);
    try (TensorArena arena = new TensorArena("tokens");
        Team team = new Team(2)) {
      CpuParameter parameter =
          new CpuParameter(arena, "table", ROWS, WIDTH, 1, 1, sgd.slots(), Long.MAX_VALUE);
      TokenGradients tokens = parameter.ofTokens(1, 1, 1, ROWS, whole);
      Table table = new Table(parameter);
      CpuParameters parameters = new CpuParameters(table, kernels);
      CpuUpdate update = new CpuUpdate(table, kernels, spec);
      parameters.load(Parameters.initial(List.of(new float[ROWS * WIDTH])), update.optimizer());
      Matrix[] steps = new Matrix[ROWS];
      for (int p = 0; p < ROWS; p++) {
        steps[p] = arena.tensor("step", Shape.of(1, WIDTH), 16).matrix();
        for (int c = 0; c < WIDTH; c++) {
          steps[p].set(0, c, -2);
        }
      }
      int[][] ids = {{0, 1, 2, 3, 4, 5}, {4, 4, 1, 1, 1, 1}, {2, 2, 2, 2, 2, 2}};
      for (int[] batch : ids) {
        tokens.take(kernels, 0, 1, batch, steps);
        update.run(1, team);
      }
      float[] found = parameters.snapshot(update.optimizer()).values().getFirst();
      float[] times = {1, 5, 7, 1, 3, 1};
      for (int i = 0; i < found.length; i++) {
        assertThat(found[i]).as("row %d", i / WIDTH).isEqualTo(times[i / WIDTH]);
      }
    }
  }
}
