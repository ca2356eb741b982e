package dev.lanewise.engine.keras;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lanewise.engine.data.Dataset;
import dev.lanewise.engine.data.SampleFile;
import dev.lanewise.engine.data.Scaling;
import dev.lanewise.engine.layer.Constraint;
import dev.lanewise.engine.layer.Noise;
import dev.lanewise.engine.layer.ParameterRules;
import dev.lanewise.engine.layer.Regularizer;
import dev.lanewise.engine.layer.Regularizers;
import dev.lanewise.engine.layer.SimpleRnn;
import dev.lanewise.engine.loss.Loss;
import dev.lanewise.engine.metric.Metric;
import dev.lanewise.engine.optimizer.RmsProp;
import dev.lanewise.engine.tensor.Shape;
import dev.lanewise.engine.train.Model;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** One setting a file; resources/settings/make.py made them, and the answers, with Keras. */
class KerasSettingsTest {
  private static final Shape SAMPLE = Shape.of(5, 3);
  private static final Shape ANSWER = Shape.of(3);

  @TempDir Path folder;

  private static Path file(String name) {
    try {
      return Path.of(KerasSettingsTest.class.getResource("/settings/" + name).toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Dataset samples(String name, Shape each) {
    return SampleFile.read(file(name), each, Scaling.NONE).samples();
  }

  private static float[] answers(SavedModel saved) {
    try (Model model = saved.toModel()) {
      return model.predict(samples("x.npy", SAMPLE), 4);
    }
  }

  private static void answersAsKeras(SavedModel saved, String name) {
    float[] expected = samples(name + ".npy", ANSWER).floatFeatures();
    assertThat(answers(saved)).containsExactly(expected, Offset.offset(1e-5f));
  }

  private static Dataset labelled() {
    float[] x = samples("x.npy", SAMPLE).floatFeatures();
    return Dataset.of(SAMPLE, x, new int[] {0, 2, 1, 2}, 3);
  }

  @Test
  void anOnlyLossMayHaveAWeight() {
    SavedModel saved = KerasFile.read(file("loss_weights.keras"));
    assertThat(saved.obstacle()).isNull();
    assertThat(saved.spec().outputs().getFirst().weight()).isEqualTo(2);
    answersAsKeras(saved, "loss_weights");
  }

  @ParameterizedTest
  @CsvSource({
    "sum, key reduction must be sum_over_batch_size",
    "axis, key axis must be -1",
    "orthogonal, key recurrent_regularizer",
  })
  void aLossThatIsNotSupportedIsNotReplaced(String name, String reason) {
    SavedModel saved = KerasFile.read(file(name + ".keras"));
    assertThat(saved.lossObstacle()).contains(reason);
    answersAsKeras(saved, name);
  }

  @ParameterizedTest
  @CsvSource({
    "rmsprop, 0.21305891871452332",
    "function, 0.2427746057510376",
    "schedule, 1.1010541915893555",
    "frozen, 0.9134758710861206",
    "constraint, 1.2015987634658813",
    "cell_dropout, 1.169205665588379",
    "noise, 1.1117887496948242",
    "fixed_batch, 1.1801259517669678",
    "plain, 1.2129242420196533",
    "activity, 1.1985344886779785",
    "from_logits, 1.1272765034", // these three by their formulas from Keras's answers
    "binary, 0.7501736246",
    "smoothing, 1.0345818307",
  })
  void aLossThatIsSupportedIsKerass(String name, double loss) {
    SavedModel saved = KerasFile.read(file(name + ".keras"));
    assertThat(saved.lossObstacle()).isNull();
    assertThat(saved.objective()).isNotNull();
    try (Model model = saved.toModel()) {
      assertThat(model.evaluate(labelled(), 4).loss()).isCloseTo(loss, Offset.offset(1e-5));
    }
    answersAsKeras(saved, name);
  }

  /** The crossentropy of Keras's answers for {@link #labelled}, and the penalty. */
  @Test
  void aRegularizerAddsToTheLossAndIsWrittenAgain() {
    SavedModel saved = KerasFile.read(file("regularizer.keras"));
    assertThat(saved.obstacle()).isNull();
    SimpleRnn rnn = (SimpleRnn) saved.layers().getFirst().layer();
    Regularizers penalty = Regularizers.NONE.withKernel(Regularizer.l2(0.01));
    assertThat(rnn.rules()).isEqualTo(ParameterRules.DEFAULT.withRegularizers(penalty));
    float[] answers = samples("regularizer.npy", ANSWER).floatFeatures();
    double expected = 0;
    for (int i = 0; i < 4; i++) {
      expected -= Math.log(answers[i * 3 + new int[] {0, 2, 1, 2}[i]]) / 4;
    }
    for (float weight : saved.parameters().values().getFirst()) {
      expected += 0.01 * weight * weight;
    }
    try (Model model = saved.toModel()) {
      assertThat(model.evaluate(labelled(), 3).loss()).isCloseTo(expected, Offset.offset(1e-6));
    }
    answersAsKeras(saved, "regularizer");
    Path again = folder.resolve("again.keras");
    KerasFile.write(saved, again);
    assertThat(KerasFile.read(again).layers()).isEqualTo(saved.layers());
  }

  @Test
  void whatACellDropsIsReadAndWrittenAgain() {
    SavedModel saved = KerasFile.read(file("cell_dropout.keras"));
    assertThat(saved.obstacle()).isNull();
    SimpleRnn rnn = (SimpleRnn) saved.layers().getFirst().layer();
    assertThat(rnn.dropout()).isEqualTo(0.2);
    assertThat(rnn.recurrentDropout()).isEqualTo(0.1);
    answersAsKeras(saved, "cell_dropout");
    Path again = folder.resolve("again.keras");
    KerasFile.write(saved, again);
    assertThat(KerasFile.read(again).layers()).isEqualTo(saved.layers());
  }

  @Test
  void aConstraintIsReadAndWrittenAgain() {
    SavedModel saved = KerasFile.read(file("constraint.keras"));
    assertThat(saved.obstacle()).isNull();
    SimpleRnn rnn = (SimpleRnn) saved.layers().getFirst().layer();
    assertThat(rnn.rules().recurrent().constraint()).isNotEqualTo(Constraint.none());
    Path again = folder.resolve("again.keras");
    KerasFile.write(saved, again);
    assertThat(KerasFile.read(again).layers()).isEqualTo(saved.layers());
  }

  @Test
  void aFrozenLayerIsReadAndWrittenAgain() {
    SavedModel saved = KerasFile.read(file("frozen.keras"));
    assertThat(saved.obstacle()).isNull();
    assertThat(saved.layers().getFirst().layer().trainable()).isFalse();
    assertThat(saved.layers().getLast().layer().trainable()).isTrue();
    Path again = folder.resolve("again.keras");
    KerasFile.write(saved, again);
    assertThat(KerasFile.read(again).layers()).isEqualTo(saved.layers());
  }

  @Test
  void lossMetricsAndOptimizerAreKnown() {
    SavedModel saved = KerasFile.read(file("rmsprop.keras"));
    assertThat(saved.objective())
        .isEqualTo(
            new SavedModel.Objective(
                Loss.MEAN_SQUARED_ERROR, List.of(Metric.ACCURACY, Metric.AUC), List.of()));
    assertThat(saved.optimizer().rule()).isInstanceOf(RmsProp.class);
  }

  @Test
  void whatOnlyTrainingNeedsEndsNoPrediction() {
    SavedModel saved = KerasFile.read(file("orthogonal.keras"));
    String obstacle = "key recurrent_regularizer";
    assertThat(saved.obstacle()).contains(obstacle).doesNotContain("\n");
    answersAsKeras(saved, "orthogonal");
    assertThatThrownBy(() -> KerasFile.write(saved, folder.resolve("again.keras")))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageContaining(obstacle);
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void noiseIsOfTrainingAlone() {
    SavedModel saved = KerasFile.read(file("noise.keras"));
    assertThat(saved.obstacle()).isNull();
    assertThat(saved.graph().layers()).contains(new Noise(Noise.Kind.GAUSSIAN_NOISE, 0.1));
    answersAsKeras(saved, "noise");
    Path again = folder.resolve("again.keras");
    KerasFile.write(saved, again);
    assertThat(KerasFile.read(again).layers()).isEqualTo(saved.layers());
  }

  @ParameterizedTest
  @CsvSource({
    "initial_state, : is called with initial_state = {",
    "mask, : is called with mask = {",
    "dropout_in_prediction, : is called with training = true",
    "own_class, is not Keras's own",
  })
  void whatMakesItAnotherModelIsRefusedByName(String name, String message) {
    Path file = file(name + ".keras");
    assertThatThrownBy(() -> KerasFile.read(file))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageContaining(message)
        .hasMessageNotContaining("\n");
  }

  @Test
  void aLayerThatIsCalledTwiceHasItsWeightsOnce() {
    SavedModel saved = KerasFile.read(file("called_twice.keras"));
    assertThat(saved.obstacle()).isNull();
    assertThat(saved.layers()).hasSize(2);
    assertThat(saved.graph().nodes()).hasSize(3);
    answersAsKeras(saved, "called_twice");
  }

  @Test
  void anInputByNameAndNoTrainingAreWhatACallHasAnyway() {
    SavedModel saved = KerasFile.read(file("keyword.keras"));
    assertThat(saved.obstacle()).isNull();
    answersAsKeras(saved, "keyword");
  }

  @Test
  void theBatchThatAModelWithoutInputMetFirstDecidesNothing() {
    SavedModel saved = KerasFile.read(file("fixed_batch.keras"));
    assertThat(saved.obstacle()).isNull();
    assertThat(saved.input()).isEqualTo(SAMPLE);
  }

  @ParameterizedTest
  @CsvSource({"float16, 1e-3", "bfloat16, 8e-3", "float64, 1e-7"})
  void weightsOfOtherTypesAreReadAsTheNearestFloats(String type, float relative) {
    SavedModel saved = KerasFile.read(file("plain.keras"));
    List<float[]> found = KerasFile.readWeights(file(type + ".weights.h5"), saved.spec());
    for (int i = 0; i < found.size(); i++) {
      float[] expected = saved.parameters().values().get(i);
      for (int k = 0; k < expected.length; k++) {
        assertThat(found.get(i)[k])
            .isCloseTo(expected[k], Offset.offset(relative * Math.abs(expected[k])));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"keras_2_1.h5", "keras_1_2.h5", "plain.h5"})
  void olderFilesAnswerAsTheLatest(String name) {
    SavedModel saved = KerasFile.read(file(name));
    answersAsKeras(saved, "plain");
    assertThat(saved.obstacle()).isNull();
  }
}
