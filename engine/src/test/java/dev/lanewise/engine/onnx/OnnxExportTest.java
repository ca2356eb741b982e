package dev.lanewise.engine.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnxruntime.OrtException;
import dev.lanewise.engine.data.Dataset;
import dev.lanewise.engine.layer.Activation;
import dev.lanewise.engine.layer.ActivationLayer;
import dev.lanewise.engine.layer.AveragePooling1D;
import dev.lanewise.engine.layer.BatchNormalization;
import dev.lanewise.engine.layer.Bidirectional;
import dev.lanewise.engine.layer.Bidirectional.Merge;
import dev.lanewise.engine.layer.Conv1D;
import dev.lanewise.engine.layer.Cropping1D;
import dev.lanewise.engine.layer.Dense;
import dev.lanewise.engine.layer.Dropout;
import dev.lanewise.engine.layer.Embedding;
import dev.lanewise.engine.layer.Flatten;
import dev.lanewise.engine.layer.GlobalAveragePooling1D;
import dev.lanewise.engine.layer.GlobalMaxPooling1D;
import dev.lanewise.engine.layer.Gru;
import dev.lanewise.engine.layer.Layer;
import dev.lanewise.engine.layer.LayerNormalization;
import dev.lanewise.engine.layer.LeakyRelu;
import dev.lanewise.engine.layer.Lstm;
import dev.lanewise.engine.layer.Masking;
import dev.lanewise.engine.layer.MaxPooling1D;
import dev.lanewise.engine.layer.Normalization;
import dev.lanewise.engine.layer.Padding;
import dev.lanewise.engine.layer.Permute;
import dev.lanewise.engine.layer.Prelu;
import dev.lanewise.engine.layer.Recurrent;
import dev.lanewise.engine.layer.Relu;
import dev.lanewise.engine.layer.RepeatVector;
import dev.lanewise.engine.layer.Rescaling;
import dev.lanewise.engine.layer.Reshape;
import dev.lanewise.engine.layer.RmsNormalization;
import dev.lanewise.engine.layer.Rnn;
import dev.lanewise.engine.layer.SimpleRnn;
import dev.lanewise.engine.layer.SlidingWindow;
import dev.lanewise.engine.layer.TimeDistributed;
import dev.lanewise.engine.layer.UnitNormalization;
import dev.lanewise.engine.layer.UpSampling1D;
import dev.lanewise.engine.layer.ZeroPadding1D;
import dev.lanewise.engine.loss.Loss;
import dev.lanewise.engine.optimizer.Sgd;
import dev.lanewise.engine.random.SplitMix64;
import dev.lanewise.engine.tensor.Shape;
import dev.lanewise.engine.train.FitOptions;
import dev.lanewise.engine.train.Model;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Exported models beside our own, in onnxruntime. */
class OnnxExportTest {
  private static final int SAMPLES = 7;
  private static final Shape SEQUENCE = Shape.of(6, 5);

  private static final Set<Activation> NOT_IN_CELLS =
      EnumSet.of(
          Activation.SOFTMAX,
          Activation.RELU6,
          Activation.EXPONENTIAL,
          Activation.SELU,
          Activation.SILU,
          Activation.GELU,
          Activation.HARD_SILU,
          Activation.HARD_TANH,
          Activation.HARD_SHRINK,
          Activation.SOFT_SHRINK,
          Activation.TANH_SHRINK,
          Activation.MISH,
          Activation.LOG_SIGMOID,
          Activation.SQUAREPLUS,
          Activation.SPARSE_PLUS);

  private static Arguments of(Shape input, Layer... layers) {
    return Arguments.of(input, layers);
  }

  static Stream<Arguments> stacks() {
    SimpleRnn rnn = SimpleRnn.of(9);
    Stream<Arguments> some =
        Stream.of(
            of(SEQUENCE, rnn, Dense.of(4, Activation.SOFTMAX)),
            of(SEQUENCE, rnn.withActivation(Activation.RELU), Dense.of(2)),
            of(SEQUENCE, rnn.withActivation(Activation.SIGMOID)),
            of(SEQUENCE, rnn.withActivation(Activation.LINEAR)),
            of(SEQUENCE, rnn.withoutBias(), Dense.of(3, Activation.TANH).withoutBias()),
            of(SEQUENCE, Lstm.of(5), Dense.of(3)),
            of(SEQUENCE, Rnn.of(Gru.of(5)).returningSequences()),
            of(SEQUENCE, Rnn.of(Lstm.of(5), Gru.of(4), SimpleRnn.of(3)).goingBackwards()),
            of(SEQUENCE, Lstm.of(5).withoutBias().goingBackwards().returningSequences()),
            of(SEQUENCE, Gru.of(5).returningSequences(), Gru.of(4).resettingBefore()),
            of(SEQUENCE, Gru.of(5).withRecurrentActivation(Activation.HARD_SIGMOID)),
            of(SEQUENCE, Bidirectional.of(Lstm.of(5)), Dense.of(2)),
            of(SEQUENCE, Bidirectional.of(Gru.of(5).returningSequences(), Merge.SUM)),
            of(SEQUENCE, Bidirectional.of(rnn.returningSequences(), Merge.AVE)),
            of(SEQUENCE, Bidirectional.of(Lstm.of(3).returningSequences(), Merge.MUL)),
            of(SEQUENCE, Bidirectional.of(Lstm.of(5).withDropout(0.5, 0.5)), Dense.of(2)),
            of(SEQUENCE, Gru.of(5).withDropout(0.5, 0), Dense.of(2)),
            of(SEQUENCE, Lstm.of(4), new RepeatVector(3), new TimeDistributed(Dense.of(2))),
            of(SEQUENCE, Dropout.of(0.5), new LeakyRelu(0.3), new Flatten(), Dense.of(2)),
            of(SEQUENCE, Dense.of(4), Reshape.to(-1, 2), new ActivationLayer(Activation.SOFTMAX)),
            of(SEQUENCE, rnn.goingBackwards()),
            of(SEQUENCE, rnn.goingBackwards().returningSequences()),
            of(SEQUENCE, rnn.returningSequences(), Dense.of(4, Activation.SOFTMAX)),
            of(
                SEQUENCE,
                rnn.returningSequences(),
                SimpleRnn.of(3),
                Dense.of(1, Activation.SIGMOID)),
            of(SEQUENCE, Dense.of(3, Activation.RELU), rnn),
            of(Shape.of(5), Dense.of(8, Activation.RELU), Dense.of(2, Activation.SOFTMAX)));
    Stream<Arguments> windows =
        Stream.of(
            of(SEQUENCE, Conv1D.of(4, 3), Lstm.of(5)),
            of(SEQUENCE, Conv1D.of(4, 4).withStrides(2).withPadding(Padding.SAME)),
            of(SEQUENCE, Conv1D.of(4, 2).withStrides(3).withPadding(Padding.SAME).withoutBias()),
            of(SEQUENCE, Conv1D.of(3, new SlidingWindow(3, 1, 2, Padding.CAUSAL))),
            of(SEQUENCE, Conv1D.of(3, 2).withActivation(Activation.SOFTMAX)),
            of(SEQUENCE, MaxPooling1D.of(2), new Flatten()),
            of(SEQUENCE, MaxPooling1D.of(3).withStrides(2).withPadding(Padding.SAME)),
            of(SEQUENCE, AveragePooling1D.of(4).withStrides(1).withPadding(Padding.SAME)),
            of(SEQUENCE, new GlobalMaxPooling1D(true), rnn),
            of(SEQUENCE, GlobalAveragePooling1D.withDefaults(), Dense.of(2)),
            of(SEQUENCE, LayerNormalization.withDefaults(), new Rescaling(0.5, 3)),
            of(
                SEQUENCE,
                Normalization.of(
                    List.of(1.0, 2.0, 3.0, 4.0, 5.0), List.of(4.0, 5.0, 0.25, 1.0, 2.0)),
                rnn),
            of(SEQUENCE, Normalization.of(List.of(0.5), List.of(4.0)).inverted(), rnn),
            of(SEQUENCE, Normalization.ofAxes(1), Normalization.ofAxes(1, 2), rnn),
            of(SEQUENCE, new TimeDistributed(LayerNormalization.of(0.1, false, false))),
            of(SEQUENCE, new ZeroPadding1D(2, 1), new Cropping1D(1, 3), new UpSampling1D(3)),
            of(SEQUENCE, new RmsNormalization(0.1), new UnitNormalization(), rnn),
            of(SEQUENCE, new Relu(0.8, 0.25, 0.125), new Prelu(List.of(1)), rnn),
            of(SEQUENCE, Permute.turning(), new Permute(List.of(1, 2)), rnn));
    Stream<Arguments> dense =
        Stream.of(Activation.values()).map(f -> of(Shape.of(5), Dense.of(90, f)));
    Stream<Arguments> cells =
        Stream.of(Activation.values())
            .filter(f -> !NOT_IN_CELLS.contains(f))
            .map(f -> of(SEQUENCE, rnn.withActivation(f)));
    return Stream.of(some, windows, dense, cells).flatMap(each -> each);
  }

  private static float[] random(long count, int scale) {
    SplitMix64 random = new SplitMix64(8);
    float[] values = new float[Math.toIntExact(count)];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (scale * (2 * random.nextDouble() - 1));
    }
    return values;
  }

  private static float[] inOnnxRuntime(Model model, float[] x) throws OrtException {
    byte[] file = OnnxExport.bytes(model.spec(), model.parameters());
    return OnnxRuntime.answers(file, model.spec(), List.of(x), SAMPLES).getFirst();
  }

  @ParameterizedTest
  @MethodSource("stacks")
  void onnxRuntimeAnswersAsWeDo(Shape input, Layer[] layers) throws OrtException {
    check(input, layers, random(SAMPLES * input.elementCount(), input.rank() == 1 ? 8 : 1));
  }

  private static void check(Shape input, Layer[] layers, float[] x) throws OrtException {
    try (Model model =
        Model.sequential(input, layers).compile(Sgd.of(0.1), Loss.MEAN_SQUARED_ERROR)) {
      OnnxRuntime.requireOurs(model, model.spec(), List.of(x), SAMPLES);
    }
  }

  static Stream<Arguments> maskedStacks() {
    Lstm lstm = Lstm.of(5);
    Gru gru = Gru.of(4);
    Masking zeros = Masking.ofZeros();
    return Stream.of(
        of(SEQUENCE, zeros, lstm, Dense.of(2)),
        of(SEQUENCE, zeros, lstm.returningSequences(), Dense.of(2)),
        of(SEQUENCE, zeros, gru.goingBackwards()),
        of(SEQUENCE, zeros, gru.goingBackwards().returningSequences(), SimpleRnn.of(3)),
        of(SEQUENCE, zeros, zeroing(lstm)),
        of(SEQUENCE, zeros, zeroing(lstm.goingBackwards())),
        of(SEQUENCE, zeros, zeroing(gru.returningSequences()), Lstm.of(2)),
        of(SEQUENCE, zeros, Bidirectional.of(gru.returningSequences()), Bidirectional.of(lstm)),
        of(SEQUENCE, zeros, Rnn.of(lstm, gru)),
        of(SEQUENCE, zeros, zeroing(Rnn.of(lstm, gru, gru).goingBackwards().returningSequences())),
        of(SEQUENCE, zeros, Bidirectional.of(Rnn.of(gru, lstm).returningSequences())),
        of(SEQUENCE, zeros, lstm.returningSequences(), Reshape.to(3, 10), gru),
        of(SEQUENCE, new Masking(0.5), Dense.of(3), SimpleRnn.of(4).returningSequences()));
  }

  private static Recurrent zeroing(Recurrent layer) {
    return layer.with(layer.options().withZeroOutputForMask(true));
  }

  /** Padded at the end, the beginning and within, here and there, and altogether. */
  @ParameterizedTest
  @MethodSource("maskedStacks")
  void onnxRuntimeMasksAsWeDo(Shape input, Layer[] layers) throws OrtException {
    float[] x = random(SAMPLES * input.elementCount(), 1);
    int[] masked = {0, 0b110000, 0b000011, 0b011000, 0b101010, 0b111111, 0b010101};
    for (int i = 0; i < x.length; i++) {
      boolean out = (masked[i / 30] >> (i / 5 % 6) & 1) == 1;
      x[i] = out ? (float) ((Masking) layers[0]).maskValue() : x[i];
    }
    check(input, layers, x);
  }

  @ParameterizedTest
  @EnumSource(
      value = Activation.class,
      names = {"RELU6", "EXPONENTIAL", "SELU", "SILU", "GELU", "HARD_SILU", "MISH", "SQUAREPLUS"})
  void whatOnnxDoesNotAllowInCellsIsRefusedByName(Activation f) {
    try (Model model =
        Model.sequential(SEQUENCE, Dense.of(2), SimpleRnn.of(3).withActivation(f))
            .compile(Sgd.of(0.1), Loss.MEAN_SQUARED_ERROR)) {
      assertThatThrownBy(() -> OnnxExport.bytes(model.spec(), model.parameters()))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageStartingWith("layer1 (SimpleRNN): activation " + f.kerasName() + " is not");
    }
  }

  @Test
  void statisticsOfBatchesAreTheMovingOnesThere() throws OrtException {
    float[] x = random(SAMPLES * SEQUENCE.elementCount(), 3);
    try (Model model =
        Model.sequential(
                SEQUENCE,
                BatchNormalization.withDefaults(),
                Gru.of(4),
                BatchNormalization.withDefaults().withoutScale().withoutCenter(),
                Dense.of(2))
            .compile(Sgd.of(0.1), Loss.MEAN_SQUARED_ERROR)) {
      Dataset data = Dataset.of(SEQUENCE, x, random(SAMPLES * 2, 1), 2);
      model.fit(data, FitOptions.epochs(3).withBatchSize(SAMPLES));
      float[] expected = model.predict(data, SAMPLES);
      float[] found = inOnnxRuntime(model, x);
      assertThat(found).usingComparatorWithPrecision(1e-5f).containsExactly(expected);
    }
  }

  @Test
  void idsOfTokensAreFloatsThere() throws OrtException {
    Shape input = Shape.of(4);
    float[] ids = new float[SAMPLES * 4];
    for (int i = 0; i < ids.length; i++) {
      ids[i] = i * 5 % 12;
    }
    try (Model model =
        Model.sequential(input, Embedding.of(12, 6).frozen(), Lstm.of(5), Dense.of(2))
            .compile(Sgd.of(0.1), Loss.MEAN_SQUARED_ERROR)) {
      float[] expected = model.predict(Dataset.of(input, ids, new float[SAMPLES], 1), SAMPLES);
      float[] found = inOnnxRuntime(model, ids);
      assertThat(found).usingComparatorWithPrecision(1e-6f).containsExactly(expected);
    }
  }

  @Test
  void theSameModelGivesTheSameBytes() {
    try (Model model =
        Model.sequential(SEQUENCE, SimpleRnn.of(3), Dense.of(2))
            .compile(Sgd.of(0.1), Loss.MEAN_SQUARED_ERROR)) {
      byte[] first = OnnxExport.bytes(model.spec(), model.parameters());
      assertThat(OnnxExport.bytes(model.spec(), model.parameters())).isEqualTo(first);
    }
  }
}
