package dev.lanewise.cuda.emulated;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;

import dev.lanewise.cuda.CudaBackend;
import dev.lanewise.engine.backend.Backend;
import dev.lanewise.engine.backend.Backends;
import dev.lanewise.engine.backend.Parameters;
import dev.lanewise.engine.backend.Predictor;
import dev.lanewise.engine.data.Dataset;
import dev.lanewise.engine.layer.Activation;
import dev.lanewise.engine.layer.Dense;
import dev.lanewise.engine.layer.SimpleRnn;
import dev.lanewise.engine.loss.Loss;
import dev.lanewise.engine.metric.Metric;
import dev.lanewise.engine.optimizer.Adam;
import dev.lanewise.engine.tensor.Shape;
import dev.lanewise.engine.train.Callback;
import dev.lanewise.engine.train.FitOptions;
import dev.lanewise.engine.train.History;
import dev.lanewise.engine.train.Model;
import dev.lanewise.engine.train.Progress;
import dev.lanewise.engine.train.Training;
import dev.lanewise.engine.train.TrainingState;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Whole fits on the emulated device through the library: callbacks, validation, resuming. */
@Tag("emulated")
class EmulatedTrainingTest {
  private static final FitOptions OPTIONS =
      FitOptions.epochs(2).withBatchSize(16).withValidationSplit(0.2).withSeed(4);

  @BeforeAll
  static void load() {
    Emulation.require();
    Emulation.forget();
  }

  private static Model model(Backend backend) {
    return Model.sequential(Shape.of(6, 9), SimpleRnn.of(21), Dense.of(4, Activation.SOFTMAX))
        .withSeed(3)
        .onBackend(backend)
        .compile(Adam.of(0.01), Loss.CATEGORICAL_CROSSENTROPY, Metric.ACCURACY);
  }

  private static Dataset data() {
    Random random = new Random(5);
    byte[] pixels = new byte[130 * 54];
    random.nextBytes(pixels);
    int[] labels = IntStream.range(0, 130).map(i -> (pixels[i * 54] & 0xFF) / 64).toArray();
    return Dataset.ofBytes(Shape.of(6, 9), pixels, labels, 4);
  }

  /** Looks at the model every so many batches. */
  private static final class Looks implements Callback {
    final int every;
    final List<TrainingState> states = new ArrayList<>();
    final List<Double> losses = new ArrayList<>();
    private Training training;
    private int since;

    Looks(int every) {
      this.every = every;
    }

    @Override
    public void onTrainBegin(Training running) {
      training = running;
    }

    @Override
    public int batchesAhead() {
      return every - since;
    }

    @Override
    public void onTrainBatchEnd(int epoch, int batch, Progress progress) {
      losses.add(progress.batchLoss());
      if (++since == every) {
        since = 0;
        states.add(training.state());
      }
    }
  }

  @Test
  void historyAgreesWithTheCpus() {
    try (Model cpu = model(Backends.named("cpu"));
        Model cuda = model(new CudaBackend())) {
      History expected = cpu.fit(data(), OPTIONS);
      History found = cuda.fit(data(), OPTIONS);
      assertThat(found.history().keySet()).isEqualTo(expected.history().keySet());
      for (String name : expected.history().keySet()) {
        for (int epoch = 0; epoch < 2; epoch++) {
          double value = expected.history().get(name).get(epoch);
          // 14 updates, each within some roundings of the CPU's
          assertThat(found.history().get(name).get(epoch)).isCloseTo(value, offset(1e-5));
        }
      }
    }
  }

  @Test
  void lossesAndStatesDoNotDependOnHowFarTheDeviceWorksAhead() {
    Looks each = new Looks(1);
    Looks seldom = new Looks(3);
    for (Looks looks : List.of(each, seldom)) {
      try (Model model = model(new CudaBackend())) {
        model.fit(data(), OPTIONS, looks);
      }
    }
    assertThat(each.losses).hasSize(14);
    assertThat(seldom.losses).isEqualTo(each.losses);
    assertThat(seldom.states).hasSize(4);
    for (int i = 0; i < 4; i++) {
      same(seldom.states.get(i).parameters(), each.states.get(3 * i + 2).parameters());
      assertThat(seldom.states.get(i).batch()).isEqualTo(each.states.get(3 * i + 2).batch());
    }
  }

  @Test
  void aFitThatIsTakenUpAgainEndsWithTheSameBits() {
    Looks looks = new Looks(1);
    Parameters expected;
    try (Model model = model(new CudaBackend())) {
      model.fit(data(), OPTIONS, looks);
      expected = model.parameters();
    }
    for (int batch : new int[] {0, 4, 6, 9}) {
      try (Model model = model(new CudaBackend())) {
        model.resume(looks.states.get(batch), data(), OPTIONS, new Looks(1));
        same(model.parameters(), expected);
      }
    }
  }

  private static void same(Parameters found, Parameters expected) {
    assertThat(found.iterations()).isEqualTo(expected.iterations());
    for (int i = 0; i < expected.values().size(); i++) {
      assertThat(found.values().get(i)).isEqualTo(expected.values().get(i));
    }
  }

  @Test
  void manyThreadsMayAskOnePredictor() {
    Dataset data = data();
    try (Model model = model(new CudaBackend());
        Predictor predictor = model.predictor()) {
      float[] expected = model.predict(data, 130);
      List<CompletableFuture<float[]>> answers =
          IntStream.range(0, 8)
              .mapToObj(
                  i ->
                      CompletableFuture.supplyAsync(
                          () -> {
                            float[] outputs = new float[130 * 4];
                            predictor.predict(data.byteFeatures(), outputs);
                            return outputs;
                          }))
              .toList();
      answers.forEach(answer -> assertThat(answer.join()).isEqualTo(expected));
    }
    assertThat(Emulation.live()).isZero();
  }

  /** Each plan has a stream of its own; a thread that records a graph does not hinder another's. */
  @Test
  void plansOfSeveralThreadsDoNotDisturbEachOther() {
    List<CompletableFuture<Parameters>> fits =
        IntStream.range(0, 4)
            .mapToObj(
                i ->
                    CompletableFuture.supplyAsync(
                        () -> {
                          try (Model model = model(new CudaBackend())) {
                            model.fit(data(), OPTIONS);
                            return model.parameters();
                          }
                        }))
            .toList();
    Parameters first = fits.getFirst().join();
    fits.forEach(fit -> same(fit.join(), first));
    assertThat(Emulation.fault()).isEmpty();
    assertThat(Emulation.live()).isZero();
  }
}
