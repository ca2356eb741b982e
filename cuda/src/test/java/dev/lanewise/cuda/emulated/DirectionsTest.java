package dev.lanewise.cuda.emulated;

import dev.lanewise.engine.backend.ModelSpec;
import dev.lanewise.engine.backend.OutputSpec;
import dev.lanewise.engine.data.Dataset;
import dev.lanewise.engine.data.Targets;
import dev.lanewise.engine.layer.Bidirectional;
import dev.lanewise.engine.layer.Bidirectional.Merge;
import dev.lanewise.engine.layer.Dense;
import dev.lanewise.engine.layer.GraphBuilder;
import dev.lanewise.engine.layer.GraphBuilder.Value;
import dev.lanewise.engine.layer.Gru;
import dev.lanewise.engine.layer.Layer;
import dev.lanewise.engine.layer.Lstm;
import dev.lanewise.engine.layer.Masking;
import dev.lanewise.engine.layer.Rnn;
import dev.lanewise.engine.layer.SimpleRnn;
import dev.lanewise.engine.loss.Loss;
import dev.lanewise.engine.optimizer.Sgd;
import dev.lanewise.engine.reference.Configurations;
import dev.lanewise.engine.reference.Floats;
import dev.lanewise.engine.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Both directions of a sequence and cells upon one another, with what they drop, their masks and
 * the states that go from one to the next, beside the CPU's.
 */
@Tag("emulated")
class DirectionsTest {
  private static final double TOLERANCE = 2e-5;
  private static final int SAMPLES = 5;
  private static final int STEPS = 4;
  private static final int FEATURES = 3;
  private static final int LABELS = 2;

  @BeforeAll
  static void load() {
    Emulation.require();
    Emulation.forget();
  }

  static Stream<Layer> layers() {
    Rnn two = Rnn.of(Gru.of(3).withDropout(0, 0.3), Lstm.of(4)).returningSequences();
    return Stream.of(
        Bidirectional.of(Lstm.of(3).withDropout(0.2, 0.3).returningSequences().returningState()),
        Bidirectional.of(Gru.of(3).returningSequences().returningState(), Merge.NONE),
        Bidirectional.of(SimpleRnn.of(3).withDropout(0.3, 0).returningState(), Merge.MUL),
        Bidirectional.of(Lstm.of(3).returningState(), Merge.NONE),
        Bidirectional.of(two.returningState(), Merge.AVE),
        Rnn.of(SimpleRnn.of(3).withDropout(0.2, 0.3), Lstm.of(4).withDropout(0.2, 0))
            .returningState()
            .goingBackwards(),
        two.returningState());
  }

  /** Two of a kind: the second begins with the states of the first, on what the first has read. */
  @ParameterizedTest
  @MethodSource("layers")
  void statesGoFromOneToTheNext(Layer layer) {
    GraphBuilder g = new GraphBuilder();
    Value x = g.input("x", Shape.of(STEPS, FEATURES));
    Value read = g.apply(Dense.of(FEATURES), g.apply(new Masking(-1), x));
    List<Value> first = g.applyAll(layer, read);
    int outputs = layer instanceof Bidirectional both ? both.outputs() : 1;
    List<Value> reads = new ArrayList<>(List.of(read));
    reads.addAll(first.subList(outputs, first.size()));
    List<Value> second = g.applyAll(layer, reads.toArray(Value[]::new));
    List<Value> seen = new ArrayList<>();
    for (Value value : first.subList(0, outputs)) {
      seen.add(g.apply(Dense.of(LABELS), value));
    }
    seen.add(g.apply(Dense.of(LABELS), second.get(outputs - 1))); // of two, the first is unread
    seen.add(g.apply(Dense.of(LABELS), second.getLast()));
    g.output(seen.toArray(Value[]::new));
    List<OutputSpec> specs = new ArrayList<>();
    for (int i = 0; i < seen.size(); i++) {
      specs.add(OutputSpec.of("output_" + i, Loss.MEAN_SQUARED_ERROR));
    }
    ModelSpec spec = new ModelSpec(g.build(), specs, Sgd.of(0.1));
    TwoBackends.agree(spec, data(spec), 3, TOLERANCE);
  }

  /** Samples of which some steps are padding, the first, the last and all of one among them. */
  private static Dataset data(ModelSpec spec) {
    Random random = new Random(1);
    float[] inputs = randoms(random, SAMPLES * STEPS * FEATURES);
    boolean[][] padded = {{}, {true}, {false, false, false, true}, {true, true, true, true}};
    for (int s = 0; s < padded.length; s++) {
      for (int t = 0; t < padded[s].length; t++) {
        for (int f = 0; f < FEATURES && padded[s][t]; f++) {
          inputs[(s * STEPS + t) * FEATURES + f] = -1;
        }
      }
    }
    List<Targets> targets = new ArrayList<>();
    for (int output : spec.graph().outputs()) {
      int values = (int) spec.graph().shapes().get(output).elementCount();
      targets.add(Targets.of(randoms(random, SAMPLES * values), SAMPLES, values));
    }
    return Dataset.of(spec.inputs(), inputs, targets);
  }

  private static float[] randoms(Random random, int count) {
    return Floats.of(Configurations.randoms(random, count, 1));
  }
}
