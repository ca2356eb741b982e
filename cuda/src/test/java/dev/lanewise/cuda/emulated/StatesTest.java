package dev.lanewise.cuda.emulated;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lanewise.cuda.CudaBackend;
import dev.lanewise.engine.backend.Backend;
import dev.lanewise.engine.backend.Backends;
import dev.lanewise.engine.backend.ModelSpec;
import dev.lanewise.engine.backend.OutputSpec;
import dev.lanewise.engine.backend.Parameters;
import dev.lanewise.engine.backend.Plan;
import dev.lanewise.engine.backend.PlanOptions;
import dev.lanewise.engine.backend.Totals;
import dev.lanewise.engine.data.Dataset;
import dev.lanewise.engine.data.Targets;
import dev.lanewise.engine.layer.Bidirectional;
import dev.lanewise.engine.layer.CellLayer;
import dev.lanewise.engine.layer.Dense;
import dev.lanewise.engine.layer.Embedding;
import dev.lanewise.engine.layer.GraphBuilder;
import dev.lanewise.engine.layer.GraphBuilder.Value;
import dev.lanewise.engine.layer.Gru;
import dev.lanewise.engine.layer.Layer;
import dev.lanewise.engine.layer.Lstm;
import dev.lanewise.engine.layer.ParameterSpec;
import dev.lanewise.engine.layer.Rnn;
import dev.lanewise.engine.layer.SimpleRnn;
import dev.lanewise.engine.loss.Loss;
import dev.lanewise.engine.optimizer.Sgd;
import dev.lanewise.engine.reference.Configurations;
import dev.lanewise.engine.reference.Floats;
import dev.lanewise.engine.tensor.Shape;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** States that walks begin with, end with, and keep from batch to batch, beside the CPU's. */
@Tag("emulated")
class StatesTest {
  private static final double TOLERANCE = 2e-5;
  private static final int SAMPLES = 6;
  private static final int STEPS = 5;
  private static final int BATCH = 3;

  @BeforeAll
  static void load() {
    Emulation.require();
    Emulation.forget();
  }

  static Stream<CellLayer> cells() {
    return Stream.of(
        SimpleRnn.of(4),
        Lstm.of(4).withDropout(0.3, 0),
        Gru.of(4).withDropout(0.2, 0.3),
        Gru.of(4).resettingBefore().withDropout(0, 0.3),
        Lstm.of(40));
  }

  private static CellLayer with(CellLayer cell, boolean sequences, boolean state) {
    CellLayer one = sequences ? cell.with(cell.options().returningSequences()) : cell;
    return state ? one.with(one.options().returningState()) : one;
  }

  private static float[] randoms(Random random, int count) {
    return Floats.of(Configurations.randoms(random, count, 1));
  }

  /**
   * An encoder whose states alone are read, a decoder that begins with them and whose states are
   * read and are outputs, and one that goes backwards; some of the encoder's steps are masked, its
   * first and its last among them.
   */
  @ParameterizedTest
  @MethodSource("cells")
  void anEncoderAndDecoders(CellLayer cell) {
    GraphBuilder g = new GraphBuilder();
    Value source = g.input("source", Shape.of(STEPS));
    Value target = g.input("target", Shape.of(STEPS));
    Embedding table = Embedding.of(9, 3);
    List<Value> encoded = g.applyAll(with(cell, false, true), g.apply(table.maskingZero(), source));
    Value[] states = encoded.subList(1, encoded.size()).toArray(Value[]::new);
    Value words = g.apply(table, target);
    List<Value> decoded = g.applyAll(with(cell, true, true), read(words, states));
    Value last = decoded.getLast();
    Value again =
        g.apply(
            cell.with(cell.options().goingBackwards()),
            read(words, decoded.subList(1, decoded.size()).toArray(Value[]::new)));
    g.output(g.apply(Dense.of(2), decoded.getFirst()), g.apply(Dense.of(2), again), last);
    ModelSpec spec =
        new ModelSpec(
            g.build(),
            List.of(
                OutputSpec.of("steps", Loss.MEAN_SQUARED_ERROR),
                OutputSpec.of("again", Loss.MEAN_SQUARED_ERROR),
                OutputSpec.of("state", Loss.MEAN_SQUARED_ERROR)),
            Sgd.of(0.1));
    Random random = new Random(1);
    float[] ids = new float[SAMPLES * STEPS * 2];
    for (int i = 0; i < ids.length; i++) {
      ids[i] = random.nextInt(3) == 0 ? 0 : 1 + random.nextInt(8);
    }
    Dataset data =
        Dataset.of(
            spec.inputs(),
            ids,
            List.of(
                Targets.of(randoms(random, SAMPLES * STEPS * 2), SAMPLES, STEPS * 2),
                Targets.of(randoms(random, SAMPLES * 2), SAMPLES, 2),
                Targets.of(randoms(random, SAMPLES * cell.units()), SAMPLES, cell.units())));
    TwoBackends.agree(spec, data, BATCH, TOLERANCE);
  }

  private static Value[] read(Value first, Value... states) {
    return Stream.concat(Stream.of(first), Stream.of(states)).toArray(Value[]::new);
  }

  /** Each cell, both directions, and cells upon one another. */
  static Stream<Layer> keeping() {
    Rnn two = Rnn.of(Gru.of(3), Lstm.of(4).withDropout(0.2, 0.3)).keepingState();
    return Stream.concat(
        cells().map(cell -> cell.with(cell.options().keepingState())),
        Stream.of(two, Bidirectional.of(Lstm.of(3).keepingState()), Bidirectional.of(two)));
  }

  @ParameterizedTest
  @MethodSource("keeping")
  void statesThatAreKept(Layer stateful) {
    GraphBuilder g = new GraphBuilder();
    Value x = g.input("x", Shape.of(STEPS, 3), BATCH);
    g.output(g.apply(Dense.of(2), g.apply(stateful, x)));
    ModelSpec spec = new ModelSpec(g.build(), Loss.MEAN_SQUARED_ERROR, Sgd.of(0.1), List.of());
    Random random = new Random(2);
    Dataset data =
        Dataset.of(
            Shape.of(STEPS, 3),
            randoms(random, SAMPLES * STEPS * 3),
            randoms(random, SAMPLES * 2),
            2);
    TwoBackends.agree(spec, data, BATCH, TOLERANCE);
    List<float[]> weights = new ArrayList<>();
    for (ParameterSpec parameter : spec.parameters()) {
      weights.add(randoms(random, (int) parameter.shape().elementCount()));
    }
    List<float[]> expected = statesOf(Backends.named("cpu"), spec, data, weights);
    List<float[]> found = statesOf(new CudaBackend(), spec, data, weights);
    assertThat(found).hasSameSizeAs(expected).isNotEmpty();
    for (int i = 0; i < expected.size(); i++) {
      float[] wanted = expected.get(i); // the CPU may have rows behind those of the batch
      double[] precise =
          IntStream.range(0, found.get(i).length).mapToDouble(j -> wanted[j]).toArray();
      Floats.assertClose("states " + i, found.get(i), precise, TOLERANCE);
    }
  }

  /** Returns the states after a batch that began with others, and after one that began anew. */
  private static List<float[]> statesOf(
      Backend backend, ModelSpec spec, Dataset data, List<float[]> weights) {
    List<float[]> all = new ArrayList<>();
    try (Plan plan = backend.compile(spec, new PlanOptions(BATCH, 1, 7))) {
      plan.load(Parameters.initial(weights));
      plan.bind(data);
      plan.beginEpoch(IntStream.range(0, SAMPLES).toArray(), BATCH);
      List<float[]> begin = new ArrayList<>();
      for (float[] state : plan.states()) {
        assertThat(state).containsOnly(0);
        begin.add(randoms(new Random(3), state.length));
      }
      plan.setStates(begin);
      plan.step(1, new Totals());
      all.addAll(plan.states());
      plan.resetStates();
      plan.step(1, new Totals());
      all.addAll(plan.states());
      assertThatThrownBy(() -> plan.setStates(Collections.nCopies(9, new float[1])))
          .hasMessageContaining("found 9");
      begin.set(0, new float[1]);
      assertThatThrownBy(() -> plan.setStates(begin)).hasMessageContaining("found 1");
    }
    return all;
  }
}
