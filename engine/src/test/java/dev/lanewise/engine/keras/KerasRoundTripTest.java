package dev.lanewise.engine.keras;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanewise.engine.backend.Parameters;
import dev.lanewise.engine.data.Dataset;
import dev.lanewise.engine.layer.Activation;
import dev.lanewise.engine.layer.ActivationLayer;
import dev.lanewise.engine.layer.AveragePooling1D;
import dev.lanewise.engine.layer.BatchNormalization;
import dev.lanewise.engine.layer.Bidirectional;
import dev.lanewise.engine.layer.Conv1D;
import dev.lanewise.engine.layer.Cropping1D;
import dev.lanewise.engine.layer.Dense;
import dev.lanewise.engine.layer.Dropout;
import dev.lanewise.engine.layer.Embedding;
import dev.lanewise.engine.layer.Flatten;
import dev.lanewise.engine.layer.GlobalAveragePooling1D;
import dev.lanewise.engine.layer.GlobalMaxPooling1D;
import dev.lanewise.engine.layer.Gru;
import dev.lanewise.engine.layer.Initializer;
import dev.lanewise.engine.layer.Layer;
import dev.lanewise.engine.layer.LayerNormalization;
import dev.lanewise.engine.layer.LeakyRelu;
import dev.lanewise.engine.layer.Lstm;
import dev.lanewise.engine.layer.MaxPooling1D;
import dev.lanewise.engine.layer.Padding;
import dev.lanewise.engine.layer.Permute;
import dev.lanewise.engine.layer.Regularizer;
import dev.lanewise.engine.layer.Regularizers;
import dev.lanewise.engine.layer.RepeatVector;
import dev.lanewise.engine.layer.Rescaling;
import dev.lanewise.engine.layer.Reshape;
import dev.lanewise.engine.layer.SimpleRnn;
import dev.lanewise.engine.layer.SlidingWindow;
import dev.lanewise.engine.layer.SpatialDropout;
import dev.lanewise.engine.layer.TimeDistributed;
import dev.lanewise.engine.layer.UpSampling1D;
import dev.lanewise.engine.layer.ZeroPadding1D;
import dev.lanewise.engine.loss.Loss;
import dev.lanewise.engine.metric.Metric;
import dev.lanewise.engine.optimizer.Adadelta;
import dev.lanewise.engine.optimizer.Adagrad;
import dev.lanewise.engine.optimizer.Adam;
import dev.lanewise.engine.optimizer.AdamW;
import dev.lanewise.engine.optimizer.Adamax;
import dev.lanewise.engine.optimizer.CosineDecay;
import dev.lanewise.engine.optimizer.CosineDecayRestarts;
import dev.lanewise.engine.optimizer.ExponentialDecay;
import dev.lanewise.engine.optimizer.GradientClipping;
import dev.lanewise.engine.optimizer.InverseTimeDecay;
import dev.lanewise.engine.optimizer.Lion;
import dev.lanewise.engine.optimizer.Nadam;
import dev.lanewise.engine.optimizer.Optimizer;
import dev.lanewise.engine.optimizer.PiecewiseConstantDecay;
import dev.lanewise.engine.optimizer.PolynomialDecay;
import dev.lanewise.engine.optimizer.RmsProp;
import dev.lanewise.engine.optimizer.Sgd;
import dev.lanewise.engine.tensor.Shape;
import dev.lanewise.engine.train.FitOptions;
import dev.lanewise.engine.train.Model;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Files read, written, and read again. */
class KerasRoundTripTest {
  private static final LocalDateTime TIME = LocalDateTime.of(2026, 2, 3, 4, 5, 6);

  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource({
    "keras_files/simple_rnn, simple_rnn, .keras",
    "keras_files/mnist_functional, mnist_functional, .keras",
    "keras_files_trained, simple_rnn, .keras",
    "keras_files_trained, simple_rnn, .h5",
    "keras_files_trained, lstm, .keras",
    "keras_files_trained, gru, .keras",
    "keras_files_trained, gru_noreset, .keras",
    "keras_files_trained, bidi, .keras",
    "keras_files_trained, stacked, .keras",
    "recurrent/files/autoencoder, autoencoder, .keras",
    "recurrent/files/masking_lstm, masking_lstm, .keras",
  })
  void kerassFilesKeepEveryBit(String at, String name, String extension) throws IOException {
    Golden golden = new Golden(at, name);
    SavedModel read = KerasFile.read(golden.file(extension));
    SavedModel again = writtenTwice(read);
    assertThat(golden.predictions(again)).containsExactly(golden.predictions(read));
  }

  @Test
  void aModelThatIsNotCompiledIsKeptAsOne() {
    Path file = folder.resolve("bare.keras");
    float[] expected;
    try (Model model = Model.sequential(Shape.of(2), Dense.of(3), Dropout.of(0.5), Dense.of(2))) {
      KerasFile.write(SavedModel.of(model, TIME), file);
      expected = model.predict(Dataset.of(Shape.of(2), new float[] {1, 2}), 1);
    }
    SavedModel read = KerasFile.read(file);
    assertThat(read.optimizer()).isNull();
    assertThat(read.objective()).isNull();
    try (Model model = read.toModel()) {
      float[] answer = model.predict(Dataset.of(Shape.of(2), new float[] {1, 2}), 1);
      assertThat(answer).containsExactly(expected);
    }
  }

  static Stream<Optimizer> optimizers() {
    return Stream.of(
        Adam.withDefaults(),
        Adam.of(new CosineDecay(1e-4, 900, 0.02, 0.003, 100))
            .withClipping(GradientClipping.globalNorm(0.25)),
        Adam.of(CosineDecay.of(0.01, 50)).withClipping(GradientClipping.norm(2)),
        Adam.of(new CosineDecayRestarts(0.01, 3, 1.5, 0.5, 0.125)),
        Adam.of(new ExponentialDecay(0.01, 5, 0.5, true)).withWeightDecay(0.01),
        Adam.of(new InverseTimeDecay(0.01, 5, 0.5, false)),
        Adam.of(new PolynomialDecay(0.01, 5, 0.001, 2, true)),
        Adam.of(0.01).withAmsgrad(),
        AdamW.of(0.01, 0),
        Adamax.of(0.01),
        RmsProp.of(0.01).withMomentum(0.5).withCentering(),
        Nadam.of(0.01),
        Adagrad.of(0.05),
        Adadelta.of(1.0),
        Lion.of(0.01),
        Sgd.of(0.1),
        Sgd.of(0.05, 0.9).withNesterov().withClipping(GradientClipping.value(0.5)),
        Sgd.of(0.05, 0.9)
            .withLearningRate(
                new PiecewiseConstantDecay(List.of(10L, 20L), List.of(0.1, 0.05, 0.01))));
  }

  @ParameterizedTest
  @MethodSource("optimizers")
  void ourModelsKeepEverythingAndTrainOnAlike(Optimizer optimizer) throws IOException {
    float[] x = new float[12 * 6 * 3];
    for (int i = 0; i < x.length; i++) {
      x[i] = (i * 7 % 13) / 13f;
    }
    float[] y = new float[12 * 6 * 2];
    Dataset data = Dataset.of(Shape.of(6, 3), x, y, 12);
    try (Model model =
        Model.sequential(
                Shape.of(6, 3),
                SimpleRnn.of(5)
                    .returningSequences()
                    .withActivation(Activation.RELU)
                    .withDropout(0, 0.25),
                SimpleRnn.of(4).withoutBias().goingBackwards().returningSequences(),
                Lstm.of(5)
                    .returningSequences()
                    .withActivation(Activation.RELU)
                    .withDropout(0.25, 0),
                Dropout.of(0.25),
                new SpatialDropout(0.25, 1),
                new LeakyRelu(0.125),
                Bidirectional.of(
                    Gru.of(3).returningSequences().withDropout(0.125, 0.25),
                    Bidirectional.Merge.MUL),
                new Flatten(),
                new ActivationLayer(Activation.SOFTSIGN),
                Reshape.to(-1, 3),
                Bidirectional.of(Lstm.of(4)).frozen(),
                new RepeatVector(6),
                new TimeDistributed(Dense.of(3)).frozen(),
                Lstm.of(3).withoutBias().withoutUnitForgetBias().returningSequences(),
                Gru.of(4).returningSequences().withRecurrentActivation(Activation.LINEAR).frozen(),
                Gru.of(3).resettingBefore().goingBackwards().returningSequences(),
                Dense.of(2, Activation.SIGMOID).withoutBias())
            .withSeed(4)
            .compile(optimizer, Loss.MEAN_SQUARED_ERROR, Metric.MEAN_ABSOLUTE_ERROR)) {
      model.fit(data, FitOptions.epochs(2).withBatchSize(5));
      SavedModel saved = SavedModel.of(model, TIME);
      SavedModel again = writtenTwice(saved);
      assertThat(again.layers()).isEqualTo(saved.layers());
      assertThat(again.objective()).isEqualTo(saved.objective());
      assertThat(again.optimizer().rule().clipping()).isEqualTo(optimizer.clipping());
      assertThat(again.optimizer().rule()).hasSameClassAs(optimizer);
      try (Model second = again.toModel().withSeed(4)) {
        FitOptions onward = FitOptions.epochs(1).withBatchSize(5);
        model.fit(data, onward);
        second.fit(data, onward);
        same(second.parameters(), model.parameters());
      }
    }
  }

  @Test
  void windowsAndWhatGoesWithThemKeepEverything() throws IOException {
    SlidingWindow window = new SlidingWindow(3, 1, 2, Padding.CAUSAL);
    try (Model model =
        Model.sequential(
                Shape.of(9, 3),
                new Rescaling(0.5, -1),
                Conv1D.of(4, window)
                    .withActivation(Activation.RELU)
                    .withRegularizers(Regularizers.NONE.withKernel(Regularizer.l2(0.125))),
                LayerNormalization.of(0.25, true, false),
                MaxPooling1D.of(3).withStrides(2).withPadding(Padding.SAME),
                Conv1D.of(5, 2).withStrides(2).withoutBias(),
                new UpSampling1D(4),
                new ZeroPadding1D(1, 2),
                new Cropping1D(0, 1),
                AveragePooling1D.of(2),
                Permute.turning(),
                new TimeDistributed(LayerNormalization.withDefaults()),
                Lstm.of(3).returningSequences(),
                new GlobalAveragePooling1D(true),
                new GlobalMaxPooling1D(false),
                Dense.of(2))
            .withSeed(4)
            .compile(Adam.withDefaults(), Loss.MEAN_SQUARED_ERROR)) {
      float[] x = new float[12 * 27];
      for (int i = 0; i < x.length; i++) {
        x[i] = (i * 7 % 13) / 13f;
      }
      model.fit(
          Dataset.of(Shape.of(9, 3), x, new float[24], 2), FitOptions.epochs(2).withBatchSize(5));
      SavedModel saved = SavedModel.of(model, TIME);
      assertThat(writtenTwice(saved).layers()).isEqualTo(saved.layers());
    }
  }

  @Test
  void statisticsOfBatchesAreWrittenAgain() throws IOException {
    Dataset data = Dataset.of(Shape.of(5, 2), new float[120], new float[24], 2);
    try (Model model =
        Model.sequential(
                Shape.of(5, 2),
                BatchNormalization.withDefaults().withMomentum(0.75).withEpsilon(0.125),
                Gru.of(4),
                BatchNormalization.withDefaults().withoutCenter().frozen(),
                BatchNormalization.withDefaults().withoutScale(),
                Dense.of(2))
            .compile(Adam.of(0.01), Loss.MEAN_SQUARED_ERROR)) {
      model.fit(data, FitOptions.epochs(1).withBatchSize(5));
      SavedModel saved = SavedModel.of(model, TIME);
      SavedModel again = writtenTwice(saved);
      assertThat(again.layers()).isEqualTo(saved.layers());
      try (Model second = again.toModel()) {
        model.fit(data, FitOptions.epochs(1).withBatchSize(5));
        second.fit(data, FitOptions.epochs(1).withBatchSize(5));
        same(second.parameters(), model.parameters());
      }
    }
  }

  @Test
  void tablesOfTokensAreWrittenAgain() throws IOException {
    float[] ids = new float[12 * 5];
    for (int i = 0; i < ids.length; i++) {
      ids[i] = i * 7 % 11;
    }
    Dataset data = Dataset.of(Shape.of(5), ids, new float[24], 2);
    Embedding table =
        Embedding.of(11, 3)
            .withInitializer(Initializer.RANDOM_NORMAL)
            .withRegularizer(Regularizer.l1(0.25));
    for (Layer layer : List.of(table, Embedding.of(11, 3).frozen())) {
      try (Model model =
          Model.sequential(Shape.of(5), layer, Gru.of(4), Dense.of(2))
              .compile(Adam.of(0.01), Loss.MEAN_SQUARED_ERROR)) {
        model.fit(data, FitOptions.epochs(1).withBatchSize(5));
        SavedModel saved = SavedModel.of(model, TIME);
        SavedModel again = writtenTwice(saved);
        assertThat(again.layers()).isEqualTo(saved.layers());
        try (Model second = again.toModel()) {
          model.fit(data, FitOptions.epochs(1).withBatchSize(5));
          second.fit(data, FitOptions.epochs(1).withBatchSize(5));
          same(second.parameters(), model.parameters());
        }
      }
    }
  }

  /** Its file of weights has no group of layers. */
  @Test
  void aModelWithoutWeightsIsWrittenAgain() throws IOException {
    try (Model model =
        Model.sequential(
                Shape.of(5, 3),
                Dropout.of(0.25),
                new GlobalAveragePooling1D(false),
                new Rescaling(0.5, -1))
            .compile(Adam.of(0.01), Loss.MEAN_SQUARED_ERROR)) {
      SavedModel saved = SavedModel.of(model, TIME);
      SavedModel again = writtenTwice(saved);
      assertThat(again.layers()).isEqualTo(saved.layers());
      Path weights = folder.resolve("model.weights.h5");
      KerasFile.writeWeights(saved, weights);
      assertThat(KerasFile.readWeights(weights, saved)).isEmpty();
    }
  }

  /** It needs no file beside the model's, and no interrupt takes the result of a training. */
  @Test
  void anInterruptedThreadWritesTheWholeModel() {
    SavedModel read =
        KerasFile.read(new Golden("keras_files_trained", "simple_rnn").file(".keras"));
    Path file = folder.resolve("model.keras");
    Thread.currentThread().interrupt();
    KerasFile.write(read, file);
    assertThat(Thread.interrupted()).isTrue();
    same(KerasFile.read(file).parameters(), read.parameters());
  }

  private static void same(Parameters found, Parameters expected) {
    assertThat(found.iterations()).isEqualTo(expected.iterations());
    for (int i = 0; i < expected.values().size(); i++) {
      assertThat(found.values().get(i)).containsExactly(expected.values().get(i));
    }
  }

  private SavedModel writtenTwice(SavedModel model) throws IOException {
    Path first = folder.resolve("first.keras");
    Path second = folder.resolve("second.keras");
    KerasFile.write(model, first);
    SavedModel again = KerasFile.read(first);
    KerasFile.write(again, second);
    assertThat(Files.readAllBytes(second)).containsExactly(Files.readAllBytes(first));
    same(again.parameters(), model.parameters());
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files).hasSize(2);
    }
    return again;
  }
}
