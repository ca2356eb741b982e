package dev.lanewise.engine.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxTensorLike;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import dev.lanewise.engine.backend.Predictor;
import dev.lanewise.engine.layer.Activation;
import dev.lanewise.engine.layer.Bidirectional;
import dev.lanewise.engine.layer.Concatenate;
import dev.lanewise.engine.layer.Conv1D;
import dev.lanewise.engine.layer.Dense;
import dev.lanewise.engine.layer.Embedding;
import dev.lanewise.engine.layer.GraphBuilder.Value;
import dev.lanewise.engine.layer.Gru;
import dev.lanewise.engine.layer.Layer;
import dev.lanewise.engine.layer.Lstm;
import dev.lanewise.engine.layer.Masking;
import dev.lanewise.engine.layer.Rnn;
import dev.lanewise.engine.layer.SimpleRnn;
import dev.lanewise.engine.loss.Loss;
import dev.lanewise.engine.optimizer.Sgd;
import dev.lanewise.engine.random.SplitMix64;
import dev.lanewise.engine.tensor.Shape;
import dev.lanewise.engine.train.Model;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Models that go step by step in onnxruntime, their states handed on, beside our own streams. */
class OnnxStepTest {
  private static final int FEATURES = 3;
  private static final int STEPS = 9;
  private static final Shape SEQUENCE = Shape.of(STEPS, FEATURES);
  private static final String AFTER = "_after";

  static Stream<Arguments> stacks() {
    return Stream.of(
        of(Lstm.of(5), Dense.of(2)),
        of(Gru.of(4).returningSequences()),
        of(Gru.of(4).resettingBefore().withoutBias(), Dense.of(2, Activation.SOFTMAX)),
        of(SimpleRnn.of(4).returningSequences(), Lstm.of(3), Dense.of(1)),
        of(Rnn.of(Lstm.of(4), Gru.of(3), Lstm.of(2)), Dense.of(2)),
        of(Rnn.of(Gru.of(3)).returningSequences()),
        of(Dense.of(4), Lstm.of(6).returningSequences(), Gru.of(2).returningSequences()));
  }

  private static Arguments of(Layer... layers) {
    return Arguments.of((Object) layers);
  }

  private static Model model(Layer... layers) {
    return Model.sequential(SEQUENCE, layers).compile(Sgd.of(0.1), Loss.MEAN_SQUARED_ERROR);
  }

  @ParameterizedTest
  @MethodSource("stacks")
  void statesGoFromStepToStep(Layer[] layers) throws OrtException {
    try (Model model = model(layers)) {
      walk(model);
    }
  }

  @Test
  void statesOfAGraphGoFromStepToStep() throws OrtException {
    try (Model model =
        Model.graph(
            g -> {
              Value x = g.input("series", SEQUENCE);
              Value a = g.apply(Lstm.of(3).returningSequences(), x);
              Value b = g.apply(Gru.of(4).returningSequences(), x);
              Value both = g.apply(Concatenate.FEATURES, a, b, x);
              g.output(g.apply(Dense.of(2), g.apply(SimpleRnn.of(3), both)));
            })) {
      walk(model.compile(Sgd.of(0.1), Loss.MEAN_SQUARED_ERROR));
    }
  }

  private static void walk(Model model) throws OrtException {
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    SplitMix64 random = new SplitMix64(4);
    try (Predictor predictor = model.predictor();
        dev.lanewise.engine.backend.Stream stream = predictor.stream();
        OrtSession session =
            environment.createSession(OnnxExport.stepBytes(model.spec(), model.parameters()))) {
      float[] expected = new float[model.spec().output().size(-1)];
      Map<String, float[]> states = zeroStates(session);
      assertThat(states).isNotEmpty();
      for (int step = 0; step < STEPS; step++) {
        float[] x = new float[FEATURES];
        for (int i = 0; i < FEATURES; i++) {
          x[i] = (float) random.nextGaussian();
        }
        stream.step(x, expected);
        float[] found = step(environment, session, x, states);
        assertThat(found).hasSameSizeAs(expected);
        for (int i = 0; i < found.length; i++) {
          assertThat(found[i]).as("step %d", step).isCloseTo(expected[i], within(1e-5f));
        }
      }
    }
  }

  private static Map<String, float[]> zeroStates(OrtSession session) throws OrtException {
    Map<String, float[]> states = new HashMap<>();
    for (Map.Entry<String, NodeInfo> input : session.getInputInfo().entrySet()) {
      if (!input.getKey().equals("x")) {
        long[] shape = ((TensorInfo) input.getValue().getInfo()).getShape();
        assertThat(shape).as(input.getKey()).startsWith(1, -1).hasSize(3);
        states.put(input.getKey(), new float[(int) shape[2]]);
      }
    }
    return states;
  }

  /** Takes a step, and replaces the states by those after it. */
  private static float[] step(
      OrtEnvironment environment, OrtSession session, float[] x, Map<String, float[]> states)
      throws OrtException {
    Map<String, OnnxTensorLike> inputs = new HashMap<>();
    inputs.put("x", tensor(environment, x));
    for (Map.Entry<String, float[]> state : states.entrySet()) {
      inputs.put(state.getKey(), tensor(environment, state.getValue()));
    }
    try (OrtSession.Result result = session.run(inputs)) {
      states.replaceAll((name, before) -> values(result, name + AFTER));
      return values(result, "y");
    } finally {
      inputs.values().forEach(OnnxTensorLike::close);
    }
  }

  private static OnnxTensor tensor(OrtEnvironment environment, float[] values) throws OrtException {
    long[] one = {1, 1, values.length};
    return OnnxTensor.createTensor(environment, FloatBuffer.wrap(values), one);
  }

  private static float[] values(OrtSession.Result result, String name) {
    FloatBuffer buffer = ((OnnxTensor) result.get(name).orElseThrow()).getFloatBuffer();
    float[] values = new float[buffer.remaining()];
    buffer.get(values);
    return values;
  }

  @Test
  void masksOfTokensAreRefusedByName() {
    try (Model model =
        Model.sequential(Shape.of(STEPS), Embedding.of(5, 3).maskingZero(), Lstm.of(2))
            .compile(Sgd.of(0.1), Loss.MEAN_SQUARED_ERROR)) {
      assertThatThrownBy(() -> OnnxExport.stepBytes(model.spec(), model.parameters()))
          .hasMessage("onnx: layer1 (lstm): a mask is not exported step by step");
    }
  }

  static Stream<Arguments> refused() {
    return Stream.of(
        Arguments.of("bidirectional", layers(Bidirectional.of(Lstm.of(2)), Dense.of(1))),
        Arguments.of("masking", layers(Masking.ofZeros(), Lstm.of(2))),
        Arguments.of("conv1d", layers(Conv1D.of(2, 2), Lstm.of(2))));
  }

  private static Layer[] layers(Layer... layers) {
    return Arrays.copyOf(layers, layers.length);
  }

  @ParameterizedTest
  @MethodSource("refused")
  void whatCannotGoStepByStepIsRefusedByName(String name, Layer[] layers) {
    try (Model model = model(layers)) {
      assertThatThrownBy(() -> OnnxExport.stepBytes(model.spec(), model.parameters()))
          .isInstanceOfAny(UnsupportedOperationException.class, IllegalArgumentException.class)
          .hasMessageContaining(name);
    }
  }
}
