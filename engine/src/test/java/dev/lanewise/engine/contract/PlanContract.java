package dev.lanewise.engine.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lanewise.engine.backend.Backend;
import dev.lanewise.engine.backend.ModelSpec;
import dev.lanewise.engine.backend.Parameters;
import dev.lanewise.engine.backend.Plan;
import dev.lanewise.engine.backend.PlanOptions;
import dev.lanewise.engine.backend.Predictor;
import dev.lanewise.engine.backend.Totals;
import dev.lanewise.engine.data.Dataset;
import dev.lanewise.engine.layer.Activation;
import dev.lanewise.engine.layer.Dense;
import dev.lanewise.engine.layer.SimpleRnn;
import dev.lanewise.engine.loss.Loss;
import dev.lanewise.engine.metric.Metric;
import dev.lanewise.engine.optimizer.Adam;
import dev.lanewise.engine.optimizer.ConstantLearningRate;
import dev.lanewise.engine.optimizer.CosineDecay;
import dev.lanewise.engine.optimizer.Optimizer;
import dev.lanewise.engine.reference.Configurations;
import dev.lanewise.engine.reference.Floats;
import dev.lanewise.engine.tensor.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How every backend's plans behave: their life, what they refuse, what results depend on. */
@Timeout(300)
public abstract class PlanContract {
  private static final ModelSpec SPEC =
      new ModelSpec(
          Shape.of(2), List.of(Dense.of(3)), Loss.MEAN_SQUARED_ERROR, Adam.withDefaults());
  private static final Parameters START =
      Parameters.initial(List.of(new float[] {1, 2, 3, 4, 5, 6}, new float[3]));
  private static final Dataset DATA = Dataset.of(Shape.of(2), new float[10], new float[15], 3);

  private static final ModelSpec CLASSIFIER =
      new ModelSpec(
          Shape.of(5, 7),
          List.of(SimpleRnn.of(20), Dense.of(4, Activation.SOFTMAX)),
          Loss.SPARSE_CATEGORICAL_CROSSENTROPY,
          Adam.of(CosineDecay.of(0.01, 30)));

  private static final Optimizer CONSTANT = Adam.of(0.01);

  /** Returns the backend under test. */
  protected abstract Backend backend();

  private Plan plan() {
    Plan plan = backend().compile(SPEC, new PlanOptions(4, 2));
    plan.load(START);
    plan.bind(DATA);
    return plan;
  }

  private static void refuses(Class<?> type, String part, ThrowingCallable call) {
    assertThatThrownBy(call).isInstanceOf(type).hasMessageContaining(part);
  }

  private Plan classifier(int maximumBatch, Metric... metrics) {
    return classifier(maximumBatch, CLASSIFIER.optimizer(), metrics);
  }

  private Plan classifier(int maximumBatch, Optimizer optimizer, Metric... metrics) {
    ModelSpec spec =
        new ModelSpec(CLASSIFIER.input(), CLASSIFIER.layers(), CLASSIFIER.loss(), optimizer)
            .withMetrics(List.of(metrics));
    Plan plan = backend().compile(spec, new PlanOptions(maximumBatch, 2));
    Random random = new Random(1);
    var shapes = CLASSIFIER.parameters().stream().map(p -> p.shape().elementCount());
    var values = shapes.map(n -> Floats.of(Configurations.randoms(random, n, 0.4))).toList();
    plan.load(Parameters.initial(values));
    return plan;
  }

  private static Dataset digits(int samples) {
    Random random = new Random(2);
    byte[] pixels = new byte[samples * 35];
    random.nextBytes(pixels);
    int[] labels = random.ints(samples, 0, 4).toArray();
    return Dataset.ofBytes(Shape.of(5, 7), pixels, labels, 4);
  }

  @Test
  void everyUseAfterCloseIsRefused() {
    Plan plan = plan();
    plan.beginEpoch(new int[] {0, 1, 2, 3, 4}, 4);
    assertThat(plan.bytes()).isPositive();
    plan.close();
    Class<?> type = IllegalStateException.class;
    plan.close(); // again, which changes nothing
    refuses(type, "is closed; its memory is gone", () -> plan.step(1, new Totals()));
    refuses(type, "is closed", plan::bytes);
    refuses(type, "is closed", () -> plan.bind(DATA));
    refuses(type, "is closed", () -> plan.beginEpoch(new int[] {0}, 1));
    refuses(type, "is closed", () -> plan.evaluate(DATA, 4, new Totals()));
    refuses(type, "is closed", () -> plan.predict(DATA, 4, new float[15]));
    refuses(type, "is closed", () -> plan.load(START));
    refuses(type, "is closed", plan::snapshot);
    refuses(type, "is closed", plan::gradients);
    refuses(type, "is closed", plan::learningRate);
    refuses(type, "is closed", () -> plan.setLearningRate(0.5));
  }

  @Test
  void everyUseOfAClosedPredictorIsRefused() {
    Predictor predictor = backend().predictor(SPEC, START, 2);
    predictor.close();
    predictor.close();
    Class<?> type = IllegalStateException.class;
    refuses(type, "is closed", predictor::bytes);
    refuses(type, "is closed", predictor::inputSize);
    refuses(type, "is closed", predictor::outputSize);
    refuses(type, "is closed", () -> predictor.predict(new float[2], new float[3]));
    refuses(type, "is closed", () -> predictor.predict(new byte[2], new float[3]));
  }

  /** Each is refused now and then, and neither waits for ever. */
  @Test
  void twoThreadsOnOnePlanAreRefusedAndNothingHangs() throws InterruptedException {
    Dataset data = digits(230);
    int[] order = IntStream.range(0, 230).toArray();
    AtomicInteger refusals = new AtomicInteger();
    List<RuntimeException> others = Collections.synchronizedList(new ArrayList<>());
    try (Plan plan = classifier(23)) {
      plan.bind(data);
      Runnable training =
          () -> {
            plan.beginEpoch(order, 23);
            plan.step(10, new Totals());
          };
      Runnable predicting = () -> plan.predict(data, 23, new float[230 * 4]);
      List<Thread> threads = new ArrayList<>();
      long end = System.nanoTime() + 20_000_000_000L;
      for (Runnable work : List.of(training, predicting)) {
        threads.add(
            Thread.ofPlatform()
                .start(
                    () -> {
                      while (refusals.get() < 10 && System.nanoTime() < end && others.isEmpty()) {
                        try {
                          work.run();
                        } catch (IllegalStateException e) {
                          refusals.incrementAndGet();
                          if (!e.getMessage().contains("one at a time")
                              && !e.getMessage().contains("no batch left")) {
                            others.add(e);
                          }
                        } catch (RuntimeException e) {
                          others.add(e);
                        }
                      }
                    }));
      }
      for (Thread thread : threads) {
        thread.join(60_000);
        assertThat(thread.isAlive()).as("hangs").isFalse();
      }
    }
    assertThat(others).isEmpty();
    assertThat(refusals.get()).isPositive();
  }

  @Test
  void batchesOutOfRangeAreRefused() {
    try (Plan plan = plan()) {
      Class<?> type = IllegalArgumentException.class;
      refuses(type, "at least 1, found 0", () -> plan.evaluate(DATA, 0, new Totals()));
      refuses(type, "at least 1, found -3", () -> plan.predict(DATA, -3, new float[15]));
      refuses(type, "the plan's 4, found 5", () -> plan.beginEpoch(new int[5], 5));
      refuses(type, "the plan's 4, found 0", () -> plan.beginEpoch(new int[5], 0));
      refuses(type, "outputs need 15 values, found 14", () -> plan.predict(DATA, 4, new float[14]));
    }
    refuses(IllegalArgumentException.class, "threads", () -> new PlanOptions(1, 0));
    refuses(IllegalArgumentException.class, "1024, found 1025", () -> new PlanOptions(1, 1025));
    refuses(IllegalArgumentException.class, "batch size", () -> new PlanOptions(0, 1));
  }

  @Test
  void stepsBeyondTheEpochAreRefused() {
    try (Plan plan = plan()) {
      Class<?> type = IllegalStateException.class;
      refuses(type, "no batch left; begin another", () -> plan.step(1, new Totals()));
      plan.beginEpoch(new int[] {4, 3, 2, 1, 0}, 4);
      Totals totals = new Totals();
      plan.step(2, totals);
      assertThat(totals.samples()).isEqualTo(5);
      refuses(type, "no batch left; begin another", () -> plan.step(1, new Totals()));
    }
  }

  @Test
  void parametersOfAnotherModelAreRefusedAndChangeNothing() {
    try (Plan plan = plan()) {
      float[] six = {7, 7, 7, 7, 7, 7};
      float[] three = {7, 7, 7};
      List<List<float[]>> wrong =
          List.of(List.of(six), List.of(six, six), List.of(three, three), List.of(six, three, six));
      for (List<float[]> arrays : wrong) {
        refuses(
            IllegalArgumentException.class,
            "parameters: ",
            () -> plan.load(Parameters.initial(arrays)));
      }
      List<float[]> right = List.of(six, three);
      refuses(
          IllegalArgumentException.class,
          "optimizer state: the optimizer keeps [adam/momentum, adam/velocity], found"
              + " [SGD/momentum]",
          () -> plan.load(state(right, "SGD/momentum")));
      refuses( // as many, but not the same
          IllegalArgumentException.class,
          "found [nadam/momentum, nadam/velocity]",
          () -> plan.load(state(right, "nadam/momentum", "nadam/velocity")));
      assertThat(plan.snapshot().values().get(0)).containsExactly(1, 2, 3, 4, 5, 6);
    }
  }

  private static Parameters state(List<float[]> arrays, String... slots) {
    return new Parameters(
        arrays, Stream.of(slots).map(name -> new Parameters.Slot(name, arrays)).toList(), 1);
  }

  @Test
  void aStateReadIsAStateLoaded() {
    List<float[]> m = List.of(new float[] {1, 2, 3, 4, 5, 6}, new float[] {7, 8, 9});
    List<float[]> v = List.of(new float[] {6, 5, 4, 3, 2, 1}, new float[] {3, 2, 1});
    try (Plan plan = plan()) {
      List<Parameters.Slot> slots =
          List.of(new Parameters.Slot("adam/momentum", m), new Parameters.Slot("adam/velocity", v));
      plan.load(new Parameters(m, slots, 42));
      Parameters found = plan.snapshot();
      assertThat(found.iterations()).isEqualTo(42);
      assertThat(found.slots()).hasSize(2);
      for (int i = 0; i < 2; i++) {
        assertThat(found.values().get(i)).isEqualTo(m.get(i));
        assertThat(found.slots().get(0).values().get(i)).isEqualTo(m.get(i));
        assertThat(found.slots().get(1).values().get(i)).isEqualTo(v.get(i));
      }
    }
  }

  /** 23 samples in batches of 5: the last is of 3, twice over in an order of their own. */
  private double[] train(Plan plan, int batchesAtATime) {
    plan.bind(digits(23));
    Totals totals = new Totals();
    for (int epoch = 0; epoch < 2; epoch++) {
      int[] order = IntStream.range(0, 23).map(i -> i * 7 % 23).toArray();
      plan.beginEpoch(order, 5);
      for (int batch = 0; batch < 5; batch += batchesAtATime) {
        plan.step(Math.min(batchesAtATime, 5 - batch), totals);
      }
    }
    return totals.toArray();
  }

  private static void sameBits(Parameters found, Parameters expected) {
    assertThat(found.iterations()).isEqualTo(expected.iterations());
    assertThat(found.slots()).hasSameSizeAs(expected.slots());
    for (int i = 0; i < expected.values().size(); i++) {
      assertThat(found.values().get(i)).isEqualTo(expected.values().get(i));
      for (int s = 0; s < expected.slots().size(); s++) {
        assertThat(found.slots().get(s).values().get(i))
            .isEqualTo(expected.slots().get(s).values().get(i));
      }
    }
  }

  @Test
  void twoRunsHaveTheSameBitsHoweverManyBatchesAreAskedForAtOnce() {
    try (Plan one = classifier(5);
        Plan other = classifier(9)) {
      double[] totals = train(one, 1);
      assertThat(train(other, 4)).isEqualTo(totals);
      assertThat(totals[0]).isPositive();
      sameBits(other.snapshot(), one.snapshot());
    }
  }

  @Test
  void aStepSizeThatIsSetHoldsFromTheNextUpdateOnAndIsPartOfTheState() {
    double rate = 0.0625;
    int[] order = IntStream.range(0, 23).toArray();
    try (Plan set = classifier(5, CONSTANT);
        Plan loaded = classifier(5, CONSTANT);
        Plan compiled = classifier(5, CONSTANT.withLearningRate(new ConstantLearningRate(rate)))) {
      set.bind(digits(23));
      set.beginEpoch(order, 5);
      set.step(2, new Totals());
      Parameters before = set.snapshot();
      assertThat(before.learningRate()).isNull();
      set.setLearningRate(rate);
      assertThat(set.learningRate()).isEqualTo(rate);
      assertThat(set.snapshot().learningRate()).isEqualTo(rate);
      compiled.load(before);
      loaded.load(set.snapshot());
      set.step(3, new Totals());
      for (Plan onward : List.of(compiled, loaded)) {
        onward.bind(digits(23));
        onward.beginEpoch(order, 5, 2);
        onward.step(3, new Totals());
        sameBits(onward.snapshot(), set.snapshot());
      }
      refuses(IllegalArgumentException.class, "learningRate", () -> set.setLearningRate(0));
    }
    try (Plan scheduled = classifier(5)) {
      refuses(IllegalArgumentException.class, "CosineDecay", () -> scheduled.setLearningRate(rate));
    }
  }

  @Test
  void anOrderMayNameSamplesSeveralTimes() {
    int[] thrice = IntStream.range(0, 69).map(i -> i * 7 % 23).toArray();
    try (Plan repeating = classifier(5);
        Plan other = classifier(5)) {
      repeating.bind(digits(23));
      Totals found = new Totals();
      repeating.beginEpoch(thrice, 5);
      repeating.step(14, found);
      other.bind(inOrder(digits(23), thrice));
      Totals expected = new Totals();
      other.beginEpoch(IntStream.range(0, 69).toArray(), 5);
      other.step(14, expected);
      assertThat(found.toArray()).isEqualTo(expected.toArray());
      sameBits(repeating.snapshot(), other.snapshot());
    }
  }

  private static Dataset inOrder(Dataset data, int[] order) {
    byte[] pixels = new byte[order.length * 35];
    int[] labels = new int[order.length];
    for (int i = 0; i < order.length; i++) {
      System.arraycopy(data.byteFeatures(), order[i] * 35, pixels, i * 35, 35);
      labels[i] = data.label(order[i], 0);
    }
    return Dataset.ofBytes(Shape.of(5, 7), pixels, labels, 4);
  }

  @Test
  void anOrderOfSamplesThatAreNotThereIsRefused() {
    try (Plan plan = classifier(5)) {
      plan.bind(digits(30).slice(2, 25));
      Class<?> type = IllegalArgumentException.class;
      refuses(type, "0 to 22, found 23", () -> plan.beginEpoch(new int[] {0, 23}, 2));
      refuses(type, "0 to 22, found -1", () -> plan.beginEpoch(new int[] {-1}, 1));
    }
  }

  @Test
  void anEpochTakenUpInItsMiddleHasTheSameBits() {
    try (Plan whole = classifier(5);
        Plan parts = classifier(5)) {
      int[] order = IntStream.range(0, 23).toArray();
      whole.bind(digits(23));
      whole.beginEpoch(order, 5);
      whole.step(5, new Totals());
      parts.bind(digits(23));
      parts.beginEpoch(order, 5);
      parts.step(2, new Totals());
      Parameters kept = parts.snapshot();
      parts.beginEpoch(order, 5);
      parts.step(1, new Totals()); // what is loaded takes its place
      parts.load(kept);
      parts.beginEpoch(order, 5, 2);
      parts.step(3, new Totals());
      sameBits(parts.snapshot(), whole.snapshot());
    }
  }

  @Test
  void whatIsLoadedWithinAnEpochGoesOnWithItsOwnUpdates() {
    int[] order = IntStream.range(0, 23).toArray();
    try (Plan reloaded = classifier(5);
        Plan other = classifier(5)) {
      reloaded.bind(digits(23));
      reloaded.beginEpoch(order, 5);
      reloaded.step(2, new Totals());
      Parameters kept = reloaded.snapshot();
      reloaded.step(1, new Totals());
      reloaded.load(kept); // the third update once more, by the fourth batch
      reloaded.step(2, new Totals());
      other.bind(digits(23));
      other.load(kept);
      other.beginEpoch(order, 5, 3);
      other.step(2, new Totals());
      sameBits(reloaded.snapshot(), other.snapshot());
    }
  }

  @Test
  void theFirstOfEqualOutputsCounts() {
    Dataset data = digits(23);
    try (Plan plan = classifier(23, Metric.ACCURACY)) {
      plan.load(
          Parameters.initial(
              CLASSIFIER.parameters().stream()
                  .map(parameter -> new float[(int) parameter.shape().elementCount()])
                  .toList()));
      Totals totals = new Totals(List.of(Metric.ACCURACY));
      plan.evaluate(data, 23, totals);
      long first = IntStream.range(0, 23).filter(i -> data.label(i, 0) == 0).count();
      assertThat(first).isBetween(1L, 22L);
      assertThat(totals.value(Metric.ACCURACY)).isEqualTo(first / 23.0);
    }
  }

  @Test
  void sumsOfOtherMetricsThanTheModelsAreRefused() {
    try (Plan plan = classifier(5, Metric.ACCURACY)) {
      Class<?> type = IllegalArgumentException.class;
      refuses(type, "the model reports", () -> plan.evaluate(digits(7), 5, new Totals()));
      plan.bind(digits(7));
      plan.beginEpoch(new int[] {0, 1}, 1);
      refuses(type, "the model reports", () -> plan.step(1, new Totals()));
    }
  }

  @Test
  void evaluatingBetweenBatchesChangesNothing() {
    try (Plan quiet = classifier(5);
        Plan watched = classifier(5)) {
      int[] order = IntStream.range(0, 23).toArray();
      for (Plan plan : List.of(quiet, watched)) {
        plan.bind(digits(30).slice(0, 23));
        plan.beginEpoch(order, 5);
      }
      for (int batch = 0; batch < 5; batch++) {
        quiet.step(1, new Totals());
        watched.step(1, new Totals());
        watched.evaluate(digits(30).slice(23, 30), 3, new Totals());
        watched.predict(digits(11), 4, new float[44]);
      }
      sameBits(watched.snapshot(), quiet.snapshot());
    }
  }

  @Test
  void evaluationsAndPredictionsDoNotDependOnTheBatch() {
    Dataset data = digits(23).slice(2, 21);
    List<Metric> metrics = List.of(Metric.MEAN_ABSOLUTE_ERROR, Metric.ACCURACY);
    try (Plan plan = classifier(8, metrics.toArray(Metric[]::new))) {
      Totals all = new Totals(metrics);
      plan.evaluate(data, 8, all);
      float[] outputs = new float[19 * 4];
      plan.predict(data, 8, outputs);
      for (int batch : new int[] {1, 3, 7, 100}) {
        Totals totals = new Totals(metrics);
        plan.evaluate(data, batch, totals);
        assertThat(totals.toArray()).isEqualTo(all.toArray());
        float[] again = new float[19 * 4];
        plan.predict(data, batch, again);
        assertThat(again).isEqualTo(outputs);
      }
      assertThat(all.samples()).isEqualTo(19);
      for (int i = 0; i < 19; i++) {
        float sum = outputs[4 * i] + outputs[4 * i + 1] + outputs[4 * i + 2] + outputs[4 * i + 3];
        assertThat(sum).isBetween(1 - 1e-6f, 1 + 1e-6f);
      }
    }
  }

  @Test
  void predictorAnswersAsThePlanDoes() {
    Dataset data = digits(300);
    try (Plan plan = classifier(8);
        Predictor predictor = backend().predictor(CLASSIFIER, plan.snapshot(), 2)) {
      float[] expected = new float[300 * 4];
      plan.predict(data, 8, expected);
      float[] found = new float[300 * 4];
      predictor.predict(data.byteFeatures(), found);
      assertThat(found).isEqualTo(expected);
      float[] one = new float[4];
      byte[] sample = Arrays.copyOfRange(data.byteFeatures(), 7 * 35, 8 * 35);
      predictor.predict(sample, one);
      assertThat(one).isEqualTo(Arrays.copyOfRange(expected, 28, 32));
      float[] values = new float[35];
      for (int i = 0; i < 35; i++) {
        values[i] = (sample[i] & 0xFF) / 255f;
      }
      predictor.predict(values, one);
      assertThat(one).isEqualTo(Arrays.copyOfRange(expected, 28, 32));
      refuses(
          IllegalArgumentException.class,
          "a sample has 35 values",
          () -> predictor.predict(new float[34], one));
    }
  }
}
