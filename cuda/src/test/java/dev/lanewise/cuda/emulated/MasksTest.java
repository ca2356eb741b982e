package dev.lanewise.cuda.emulated;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lanewise.cuda.CudaBackend;
import dev.lanewise.engine.backend.ModelSpec;
import dev.lanewise.engine.backend.Parameters;
import dev.lanewise.engine.backend.Predictor;
import dev.lanewise.engine.data.Dataset;
import dev.lanewise.engine.data.Targets;
import dev.lanewise.engine.layer.Bidirectional;
import dev.lanewise.engine.layer.CellLayer;
import dev.lanewise.engine.layer.Concatenate;
import dev.lanewise.engine.layer.Dense;
import dev.lanewise.engine.layer.Dropout;
import dev.lanewise.engine.layer.Embedding;
import dev.lanewise.engine.layer.GlobalAveragePooling1D;
import dev.lanewise.engine.layer.GraphBuilder;
import dev.lanewise.engine.layer.Gru;
import dev.lanewise.engine.layer.Layer;
import dev.lanewise.engine.layer.LayerNormalization;
import dev.lanewise.engine.layer.Lstm;
import dev.lanewise.engine.layer.Masking;
import dev.lanewise.engine.layer.ParameterSpec;
import dev.lanewise.engine.layer.Regularizer;
import dev.lanewise.engine.layer.SimpleRnn;
import dev.lanewise.engine.layer.TimeDistributed;
import dev.lanewise.engine.loss.Loss;
import dev.lanewise.engine.optimizer.Adadelta;
import dev.lanewise.engine.optimizer.Adagrad;
import dev.lanewise.engine.optimizer.Adam;
import dev.lanewise.engine.optimizer.GradientClipping;
import dev.lanewise.engine.optimizer.Lion;
import dev.lanewise.engine.optimizer.Nadam;
import dev.lanewise.engine.optimizer.Optimizer;
import dev.lanewise.engine.optimizer.RmsProp;
import dev.lanewise.engine.optimizer.Sgd;
import dev.lanewise.engine.optimizer.UpdateOptions;
import dev.lanewise.engine.reference.Configurations;
import dev.lanewise.engine.reference.Floats;
import dev.lanewise.engine.tensor.Shape;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Vectors of tokens, and sequences of which some steps are masked, beside the CPU's. */
@Tag("emulated")
class MasksTest {
  private static final double TOLERANCE = 2e-5;
  private static final int SAMPLES = 7;
  private static final int STEPS = 6;

  /** Padded at the end, at the beginning, within, nowhere and everywhere. */
  private static final int[][] USED = {
    {1, 1, 1, 1, 0, 0},
    {0, 0, 0, 1, 1, 1},
    {1, 0, 1, 0, 0, 1},
    {1, 1, 1, 1, 1, 1},
    {0, 0, 0, 0, 0, 0},
    {0, 1, 1, 0, 1, 0},
    {1, 0, 0, 0, 0, 0}
  };

  @BeforeAll
  static void load() {
    Emulation.require();
    Emulation.forget();
  }

  private static Dataset data(Shape input, float[] inputs) {
    Random random = new Random(2);
    return Dataset.of(input, inputs, Floats.of(Configurations.randoms(random, SAMPLES * 2L, 1)), 2);
  }

  /** Ids that come more than once in a batch, and 0 for padding. */
  private static Dataset tokens() {
    float[] ids = new float[SAMPLES * STEPS];
    for (int i = 0; i < ids.length; i++) {
      ids[i] = USED[i / STEPS][i % STEPS] * (1 + i * 7 % 31 % 12);
    }
    return data(Shape.of(STEPS), ids);
  }

  private static Dataset padded() {
    Random random = new Random(1);
    float[] inputs = Floats.of(Configurations.randoms(random, SAMPLES * STEPS * 3L, 1));
    for (int i = 0; i < inputs.length; i++) {
      int step = i / 3;
      inputs[i] = USED[step / STEPS][step % STEPS] == 0 ? -1 : inputs[i];
    }
    return data(Shape.of(STEPS, 3), inputs);
  }

  private static void agree(Dataset data, Optimizer optimizer, Layer... layers) {
    ModelSpec spec =
        new ModelSpec(
            data.inputs().getFirst(), List.of(layers), Loss.MEAN_SQUARED_ERROR, optimizer);
    TwoBackends.agree(spec, data, 4, TOLERANCE);
  }

  static Stream<Optimizer> optimizers() {
    return Stream.of(
        Sgd.of(0.1).withClipping(GradientClipping.value(0.01)),
        Adam.of(0.01).withClipping(GradientClipping.globalNorm(0.01)),
        new Adam(UpdateOptions.of(0.01), 0.9, 0.999, 1e-3, false) // small gradients' signs
            .withClipping(GradientClipping.value(0.01)),
        RmsProp.of(0.01).withCentering().withMomentum(0.5),
        Nadam.of(0.01).withClipping(GradientClipping.norm(0.01)),
        Adagrad.of(0.1),
        Adadelta.of(1),
        Lion.of(0.01));
  }

  @ParameterizedTest
  @MethodSource("optimizers")
  void tokensThatComeAgainCountOneByOne(Optimizer optimizer) {
    agree(tokens(), optimizer, Embedding.of(13, 33), SimpleRnn.of(3), Dense.of(2));
  }

  /** What an optimizer squares are the tokens of all calls, some of them of the same row. */
  @ParameterizedTest
  @MethodSource("optimizers")
  void aTableThatIsReadInTwoPlaces(Optimizer optimizer) {
    GraphBuilder g = new GraphBuilder();
    GraphBuilder.Shared table = g.share(Embedding.of(13, 5).maskingZero());
    GraphBuilder.Value first = table.apply(g.input("first", Shape.of(4)));
    GraphBuilder.Value second = table.apply(g.input("second", Shape.of(2)));
    GraphBuilder.Value read = g.apply(SimpleRnn.of(3), first);
    g.output(g.apply(Dense.of(2), g.apply(Concatenate.FEATURES, read, g.apply(Gru.of(2), second))));
    ModelSpec spec = new ModelSpec(g.build(), Loss.MEAN_SQUARED_ERROR, optimizer, List.of());
    float[] ids = new float[SAMPLES * STEPS];
    for (int i = 0; i < ids.length; i++) {
      ids[i] = i * 7 % 31 % 13;
    }
    Random random = new Random(4);
    float[] targets = Floats.of(Configurations.randoms(random, SAMPLES * 2L, 1));
    Targets wanted = Targets.of(targets, SAMPLES, 2);
    TwoBackends.agree(spec, Dataset.of(spec.inputs(), ids, List.of(wanted)), 4, TOLERANCE);
  }

  /** Words of sentences, all of which read one table. */
  @ParameterizedTest
  @MethodSource("optimizers")
  void tokensOfPartsOfASequence(Optimizer optimizer) {
    TimeDistributed words = new TimeDistributed(Embedding.of(13, 5));
    TimeDistributed sentences = new TimeDistributed(SimpleRnn.of(4));
    Dataset parts = data(Shape.of(3, 2), tokens().floatFeatures());
    agree(parts, optimizer, words, sentences, SimpleRnn.of(3), Dense.of(2));
  }

  /** A penalty is of all rows, which then are squared as they are; a table may learn nothing. */
  @Test
  void tablesWithAPenaltyAndFrozenOnes() {
    Embedding table = Embedding.of(13, 4);
    Layer rnn = SimpleRnn.of(3);
    agree(tokens(), RmsProp.of(0.01), table.withRegularizer(Regularizer.l2(0.1)), rnn, Dense.of(2));
    agree(tokens(), RmsProp.of(0.01), table.maskingZero().frozen(), rnn, Dense.of(2));
  }

  static Stream<CellLayer> cells() {
    return Stream.of(
        SimpleRnn.of(5),
        Lstm.of(5),
        Gru.of(5),
        Gru.of(5).resettingBefore().withDropout(0.2, 0.3),
        Lstm.of(5).goingBackwards().withDropout(0, 0.3));
  }

  private static CellLayer zeroing(CellLayer layer) {
    return layer.with(layer.options().withZeroOutputForMask(true));
  }

  private static CellLayer sequences(CellLayer layer) {
    return layer.with(layer.options().returningSequences());
  }

  @ParameterizedTest
  @MethodSource("cells")
  void statesStayWhereAStepIsMasked(CellLayer cell) {
    agree(
        tokens(),
        Adam.of(0.01),
        Embedding.of(13, 4).maskingZero(),
        sequences(cell),
        LayerNormalization.withDefaults(),
        sequences(zeroing(cell)),
        zeroing(cell),
        Dense.of(2));
    agree(padded(), Sgd.of(0.1), new Masking(-1), Dense.of(4), cell, Dense.of(2));
  }

  @Test
  void bothDirectionsAndMeansKnowTheMask() {
    agree(
        padded(),
        Sgd.of(0.1),
        new Masking(-1),
        Dropout.of(0.3),
        Bidirectional.of(Gru.of(5).returningSequences()),
        Dense.of(3),
        Masking.ofZeros(),
        Bidirectional.of(Lstm.of(4).returningSequences()),
        GlobalAveragePooling1D.withDefaults(),
        Dense.of(2));
  }

  @Test
  void predictorRefusesIdsThatNameNothing() {
    ModelSpec spec =
        new ModelSpec(
            Shape.of(STEPS),
            List.of(Embedding.of(13, 4), Gru.of(3), Dense.of(2)),
            Loss.MEAN_SQUARED_ERROR,
            Sgd.of(0.1));
    List<float[]> weights =
        spec.parameters().stream()
            .map(ParameterSpec::shape)
            .map(shape -> new float[(int) shape.elementCount()])
            .toList();
    try (Predictor predictor = new CudaBackend().predictor(spec, Parameters.initial(weights), 1)) {
      float[] ids = new float[STEPS];
      predictor.predict(ids, new float[2]);
      ids[3] = 13;
      assertThatThrownBy(() -> predictor.predict(ids, new float[2]))
          .hasMessageContaining("step 3")
          .hasMessageContaining("found 13");
      assertThatThrownBy(() -> predictor.predict(new byte[STEPS], new float[2]))
          .hasMessageContaining("ids of tokens, found bytes");
    }
    assertThat(Emulation.live()).isZero();
  }
}
