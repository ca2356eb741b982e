package dev.lanewise.engine.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.lanewise.engine.backend.Parameters;
import dev.lanewise.engine.data.Dataset;
import dev.lanewise.engine.golden.Npy;
import dev.lanewise.engine.layer.Activation;
import dev.lanewise.engine.layer.Constraint;
import dev.lanewise.engine.layer.Constraints;
import dev.lanewise.engine.layer.Dense;
import dev.lanewise.engine.loss.Loss;
import dev.lanewise.engine.optimizer.Adam;
import dev.lanewise.engine.optimizer.GoldenOptimizers;
import dev.lanewise.engine.optimizer.Optimizer;
import dev.lanewise.engine.optimizer.Sgd;
import dev.lanewise.engine.optimizer.WeightAverage;
import dev.lanewise.engine.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Running means of weights over whole fits: of Keras's, recorded, and beside other rules. */
class WeightAverageTest {
  private static final List<Integer> SIZES = List.of(12, 3, 6, 2);
  private static final Optimizer MEANS = Sgd.of(0.1).withAverage(WeightAverage.of(0.5));

  private static float[] recorded(String member) {
    return Npy.readMember("optimizers/average_fits", member).floats();
  }

  private static Dataset data() {
    return Dataset.of(Shape.of(4), recorded("x"), recorded("y"), 2);
  }

  private static Model model(Dense first, Optimizer optimizer, int threads) {
    Model model =
        Model.sequential(Shape.of(4), first, Dense.of(2))
            .withThreads(threads)
            .compile(optimizer, Loss.MEAN_SQUARED_ERROR);
    float[] init = GoldenOptimizers.recorded("init");
    model.setParameters(Parameters.initial(GoldenOptimizers.split(init, 0, SIZES)));
    return model;
  }

  private static Dense first() {
    return Dense.of(3, Activation.TANH);
  }

  private static FitOptions epochs(int count) {
    return FitOptions.epochs(count).withBatchSize(8).withoutShuffle();
  }

  private static List<Float> flat(List<float[]> arrays) {
    List<Float> all = new ArrayList<>();
    for (float[] array : arrays) {
      IntStream.range(0, array.length).forEach(i -> all.add(array[i]));
    }
    return all;
  }

  private static void close(List<Float> found, float[] expected) {
    assertThat(found).hasSize(expected.length);
    for (int i = 0; i < expected.length; i++) {
      assertThat(found.get(i)).as("weight %d", i).isCloseTo(expected[i], within(3e-6f));
    }
  }

  private static void followsKeras(String name, Dense first, Optimizer optimizer, int threads) {
    try (Model model = model(first, optimizer, threads)) {
      History history = model.fit(data(), epochs(3));
      float[] losses = recorded(name + "_loss");
      for (int epoch = 0; epoch < 3; epoch++) {
        assertThat(history.history().get("loss").get(epoch))
            .isCloseTo((double) losses[epoch], within(2e-6));
      }
      close(flat(model.parameters().values()), recorded(name + "_weights"));
      model.fit(data(), epochs(1)); // which goes on from the means
      close(flat(model.parameters().values()), recorded(name + "_again"));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3})
  void aFitEndsWithTheMeansAsInKeras(int threads) {
    Optimizer adam = Adam.of(0.05).withAverage(WeightAverage.of(0.9));
    followsKeras("plain", first(), adam, threads);
  }

  /** Constraints hold for what goes on being trained, and not for the means. */
  @Test
  void meansAreTakenAndOverwriteBeforeConstraints() {
    Dense notNegative =
        first().withConstraints(Constraints.NONE.withKernel(new Constraint.NonNeg()));
    Optimizer sgd = Sgd.of(0.2, 0.5).withAverage(WeightAverage.of(0.75).withOverwriteFrequency(4));
    followsKeras("constrained", notNegative, sgd, 1);
  }

  /** A callback that restores weights does so last, and a state is of weights, not of means. */
  @Test
  void callbacksSeeTheWeightsAndMayRestoreThem() {
    List<Parameters> seen = new ArrayList<>();
    Callback keeps =
        new Callback() {
          private Training training;

          @Override
          public void onTrainBegin(Training running) {
            training = running;
          }

          @Override
          public void onTrainBatchEnd(int epoch, int batch, Progress progress) {
            seen.add(training.parameters());
          }

          @Override
          public void onTrainEnd() {
            seen.add(training.parameters());
            training.setParameters(seen.get(1));
          }
        };
    try (Model model = model(first(), MEANS, 1)) {
      model.fit(data(), epochs(1), keeps);
      assertThat(flat(model.parameters().values())).isEqualTo(flat(seen.get(1).values()));
    }
    Parameters last = seen.get(2);
    Parameters end = seen.get(3);
    assertThat(flat(end.values())).isEqualTo(flat(last.slots().getFirst().values()));
    assertThat(flat(end.values())).isNotEqualTo(flat(last.values()));
    assertThat(flat(seen.get(0).slots().getFirst().values()))
        .isEqualTo(flat(seen.get(0).values())); // the first mean is the weight itself
  }

  @Test
  void whatIsFrozenHasNoMean() {
    Model half =
        Model.sequential(Shape.of(4), first().frozen(), Dense.of(2))
            .withThreads(1)
            .compile(MEANS, Loss.MEAN_SQUARED_ERROR);
    try (half) {
      List<float[]> start = half.parameters().values();
      half.fit(data(), epochs(2));
      Parameters end = half.parameters();
      assertThat(end.slots().getFirst().values()).hasSize(2);
      assertThat(flat(end.values().subList(0, 2))).isEqualTo(flat(start.subList(0, 2)));
      assertThat(flat(end.values().subList(2, 4)))
          .isEqualTo(flat(end.slots().getFirst().values()))
          .isNotEqualTo(flat(start.subList(2, 4)));
    }
  }

  /** As those of a run whose optimizer kept no means and nothing else. */
  @Test
  void meansBeginAtTheWeightsWhereverARunStands() {
    try (Model model = model(first(), MEANS, 1)) {
      List<float[]> values = model.parameters().values();
      model.prepare(8);
      model.setParameters(new Parameters(values, List.of(), 100));
      assertThat(flat(model.parameters().slots().getFirst().values())).isEqualTo(flat(values));
    }
  }

  /** Zeros, as Keras's file has them of a model that was never trained, are no weights. */
  @Test
  void withoutAnUpdateWeightsStay() {
    try (Model model = model(first(), MEANS, 1)) {
      List<float[]> values = model.parameters().values();
      List<float[]> zeros = values.stream().map(array -> new float[array.length]).toList();
      Parameters untrained =
          new Parameters(values, List.of(new Parameters.Slot(MEANS.slots().getLast(), zeros)), 0);
      model.setParameters(untrained);
      assertThat(untrained.averaged(model.spec())).isSameAs(untrained);
    }
  }
}
