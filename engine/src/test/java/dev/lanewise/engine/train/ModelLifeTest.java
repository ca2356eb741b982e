package dev.lanewise.engine.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.lanewise.engine.backend.Backend;
import dev.lanewise.engine.backend.Parameters;
import dev.lanewise.engine.backend.cpu.CpuBackend;
import dev.lanewise.engine.data.Dataset;
import dev.lanewise.engine.loss.Loss;
import dev.lanewise.engine.metric.Metric;
import dev.lanewise.engine.optimizer.Adam;
import dev.lanewise.engine.optimizer.Optimizer;
import dev.lanewise.engine.tensor.MemoryLedger;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Who may call a model when; by reflection, so that a new method is held to the same. */
@Timeout(120)
class ModelLifeTest {
  private static final FitOptions OPTIONS = FitOptions.epochs(1).withBatchSize(64);

  /** An argument of each type that a method takes. */
  private static Object argument(Class<?> type, Model model) {
    return Map.<Class<?>, Object>ofEntries(
            Map.entry(long.class, 1L),
            Map.entry(int.class, 1),
            Map.entry(Backend.class, new CpuBackend()),
            Map.entry(Optimizer.class, Adam.withDefaults()),
            Map.entry(Loss.class, Loss.CATEGORICAL_CROSSENTROPY),
            Map.entry(Metric[].class, new Metric[0]),
            Map.entry(Dataset.class, SmallRun.data()),
            Map.entry(FitOptions.class, OPTIONS),
            Map.entry(Callback[].class, new Callback[0]),
            Map.entry(Parameters.class, Parameters.initial(List.of())),
            Map.entry(
                TrainingState.class,
                new TrainingState(
                    Parameters.initial(List.of()),
                    0,
                    0,
                    new double[3],
                    new History(),
                    List.of(),
                    List.of())))
        .get(type);
  }

  private static List<Method> methods() {
    return Arrays.stream(Model.class.getDeclaredMethods())
        .filter(m -> Modifier.isPublic(m.getModifiers()) && !Modifier.isStatic(m.getModifiers()))
        .toList();
  }

  private static Throwable outcome(Method method, Model model) {
    Object[] arguments =
        Arrays.stream(method.getParameterTypes()).map(type -> argument(type, model)).toArray();
    try {
      method.invoke(model, arguments);
      return null;
    } catch (InvocationTargetException e) {
      return e.getCause();
    } catch (IllegalAccessException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void onceClosedItTakesNoCallButToBeClosedAgain() {
    Model model = SmallRun.model(2);
    model.fit(SmallRun.data(), OPTIONS);
    model.close();
    assertThat(methods()).hasSizeGreaterThan(12);
    for (Method method : methods()) {
      Throwable thrown = outcome(method, model);
      if (method.getName().equals("close")) {
        assertThat(thrown).isNull();
      } else {
        assertThat(thrown)
            .as(method.getName())
            .isInstanceOf(IllegalStateException.class)
            .hasMessage(method.getName() + ": the model is closed");
      }
    }
    assertThat(MemoryLedger.liveBytes()).isZero();
  }

  @Test
  void whileAThreadFitsAnotherIsRefusedAndTheFitGoesOn() throws Exception {
    String undisturbed;
    try (Model alone = SmallRun.model(2)) {
      alone.fit(SmallRun.data(), OPTIONS);
      undisturbed = SmallRun.digest(alone);
    }
    CountDownLatch training = new CountDownLatch(1);
    CountDownLatch tried = new CountDownLatch(1);
    try (Model model = SmallRun.model(2);
        ExecutorService other = Executors.newSingleThreadExecutor()) {
      Future<?> fit =
          other.submit(
              () ->
                  model.fit(
                      SmallRun.data(),
                      OPTIONS,
                      atTheFirstBatch(
                          () -> {
                            training.countDown();
                            await(tried);
                          })));
      training.await();
      try {
        for (Method method : methods()) {
          assertThat(outcome(method, model))
              .as(method.getName())
              .isInstanceOf(IllegalStateException.class)
              .hasMessageMatching(
                  method.getName() + ": thread .* is using the model, in fit; one at a time may.*");
        }
      } finally {
        tried.countDown();
      }
      fit.get();
      assertThat(SmallRun.digest(model)).isEqualTo(undisturbed);
    }
  }

  @Test
  void callbacksMayAskTheModelAndWhatTheyThrowEndsTheFitAlone() {
    try (Model model = SmallRun.model(2)) {
      List<Object> answers = new ArrayList<>();
      model.fit(
          SmallRun.data(),
          OPTIONS,
          atTheFirstBatch(
              () -> {
                answers.add(model.predict(SmallRun.data(), 230));
                answers.add(model.evaluate(SmallRun.data(), 230));
                answers.add(model.parameters());
                model.predictor().close();
              }));
      assertThat(answers).hasSize(3);
      Callback failing =
          atTheFirstBatch(
              () -> {
                throw new StackOverflowError("in a callback");
              });
      assertThatThrownBy(() -> model.fit(SmallRun.data(), OPTIONS, failing))
          .isInstanceOf(StackOverflowError.class);
      model.fit(SmallRun.data(), OPTIONS);
    }
    assertThat(MemoryLedger.liveBytes()).isZero();
  }

  @Test
  void aFitIsAskedWhileItRunsAndOnItsThreadButStoppedFromAny()
      throws InterruptedException, ExecutionException {
    List<Training> kept = new ArrayList<>();
    List<Throwable> thrown = new ArrayList<>();
    try (Model model = SmallRun.model(2);
        ExecutorService other = Executors.newSingleThreadExecutor()) {
      Callback keeping =
          new Callback() {
            @Override
            public void onTrainBegin(Training training) {
              kept.add(training);
            }

            @Override
            public void onTrainBatchEnd(int epoch, int batch, Progress progress) {
              if (batch == 0) {
                thrown.add(join(other.submit(() -> catchThrowable(kept.getFirst()::parameters))));
                join(other.submit(() -> kept.getFirst().stop()));
              }
            }
          };
      History history = model.fit(SmallRun.data(), FitOptions.epochs(3).withBatchSize(64), keeping);
      assertThat(history.epoch()).containsExactly(0);
      assertThat(thrown.getFirst())
          .isInstanceOf(IllegalStateException.class)
          .hasMessageStartingWith("parameters: the fit runs on another thread");
      assertThatThrownBy(() -> kept.getFirst().state())
          .isInstanceOf(IllegalStateException.class)
          .hasMessageStartingWith("state: the fit has ended");
    }
  }

  @Test
  void anInterruptedThreadFitsAndStaysInterrupted() {
    try (Model model = SmallRun.model(2)) {
      Thread.currentThread().interrupt();
      model.fit(SmallRun.data(), OPTIONS);
    } finally {
      assertThat(Thread.interrupted()).isTrue();
    }
    assertThat(helpers()).isZero();
  }

  private static long helpers() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().startsWith("lanewise-cpu-"))
        .count();
  }

  private static Callback atTheFirstBatch(Runnable work) {
    return new Callback() {
      @Override
      public void onTrainBatchEnd(int epoch, int batch, Progress progress) {
        if (epoch == 0 && batch == 0) {
          work.run();
        }
      }
    };
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static <T> T join(Future<T> future) {
    try {
      return future.get();
    } catch (InterruptedException | ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }
}
