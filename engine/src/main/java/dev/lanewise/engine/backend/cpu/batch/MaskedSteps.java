package dev.lanewise.engine.backend.cpu.batch;

import dev.lanewise.engine.layer.Graph;
import dev.lanewise.engine.layer.Mask;
import dev.lanewise.engine.tensor.Shape;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Counts the masked steps of samples before they go through a model, of a mask that they tell. A
 * loss divides by the steps that count in its whole batch, of which a worker sees its rows alone.
 */
public final class MaskedSteps implements IdleSteps {
  private static final float WHITE = 255;

  private final int steps;
  private final int sampleSize;
  private final Test test;

  /** Whether a step of a sample counts. */
  private interface Test {
    /**
     * Tells it.
     *
     * @param from where the sample's inputs begin
     */
    boolean counts(byte[] values, int from, int step);

    /** Tells it of floats. */
    boolean counts(float[] values, int from, int step);
  }

  private MaskedSteps(int steps, int sampleSize, Test test) {
    this.steps = steps;
    this.sampleSize = sampleSize;
    this.test = test;
  }

  /**
   * Makes one.
   *
   * @param mask is told by the graph's inputs, which lie one after the other in a sample
   * @param steps of the sequence that it masks
   */
  public static MaskedSteps of(Mask mask, Graph graph, int steps) {
    int[] begins = new int[graph.inputs().size() + 1];
    for (int i = 0; i < graph.inputs().size(); i++) {
      long size = graph.inputs().get(i).shape().elementCount();
      begins[i + 1] = Math.toIntExact(begins[i] + size);
    }
    return new MaskedSteps(steps, begins[begins.length - 1], test(mask, graph, begins));
  }

  private static Test test(@Nullable Mask mask, Graph graph, int[] begins) {
    return switch (mask) {
      case null -> new Several(List.of(), true);
      case Mask.Told told -> {
        Shape input = graph.inputs().get(told.value()).shape();
        int features = input.rank() == 1 ? 1 : input.size(1);
        yield new Told(begins[told.value()], features, (float) told.masked());
      }
      case Mask.Either either ->
          new Several(either.of().stream().map(one -> test(one, graph, begins)).toList(), false);
      case Mask.All all ->
          new Several(all.of().stream().map(one -> test(one, graph, begins)).toList(), true);
      case Mask.InTurn turns ->
          new InTurn(
              turns.of().stream().mapToInt(Mask.Part::steps).toArray(),
              turns.of().stream()
                  .map(part -> test(part.mask(), graph, begins))
                  .toArray(Test[]::new));
    };
  }

  /** Features [at + step * features, ...) of a sample against the value of masked ones. */
  private record Told(int at, int features, float value) implements Test {
    @Override
    public boolean counts(byte[] values, int from, int step) {
      int begin = from + at + step * features;
      int i = begin;
      while (i < begin + features && (values[i] & 0xFF) / WHITE == value) {
        i++;
      }
      return i < begin + features;
    }

    @Override
    public boolean counts(float[] values, int from, int step) {
      int begin = from + at + step * features;
      int i = begin;
      while (i < begin + features && values[i] == value) {
        i++;
      }
      return i < begin + features;
    }
  }

  /** Several tests, all of which are asked for, or one. */
  private static final class Several implements Test {
    private final Test[] tests;
    private final boolean all;

    Several(List<Test> tests, boolean all) {
      this.tests = tests.toArray(Test[]::new);
      this.all = all;
    }

    @Override
    public boolean counts(byte[] values, int from, int step) {
      for (Test test : tests) {
        if (test.counts(values, from, step) != all) {
          return !all;
        }
      }
      return all;
    }

    @Override
    public boolean counts(float[] values, int from, int step) {
      for (Test test : tests) {
        if (test.counts(values, from, step) != all) {
          return !all;
        }
      }
      return all;
    }
  }

  /** Tests of sequences one after another. */
  private static final class InTurn implements Test {
    private final int[] steps;
    private final Test[] tests;

    InTurn(int[] steps, Test[] tests) {
      this.steps = steps;
      this.tests = tests;
    }

    @Override
    public boolean counts(byte[] values, int from, int step) {
      int part = 0;
      int t = step;
      while (t >= steps[part]) {
        t -= steps[part++];
      }
      return tests[part].counts(values, from, t);
    }

    @Override
    public boolean counts(float[] values, int from, int step) {
      int part = 0;
      int t = step;
      while (t >= steps[part]) {
        t -= steps[part++];
      }
      return tests[part].counts(values, from, t);
    }
  }

  @Override
  public int most() {
    return steps;
  }

  @Override
  public int of(byte[] values, int sample, StepWindow window) {
    int masked = 0;
    int end = window.before(steps) + window.within(steps);
    for (int t = window.before(steps); t < end; t++) {
      masked += test.counts(values, sample * sampleSize, t) ? 0 : 1;
    }
    return masked;
  }

  @Override
  public int of(float[] values, int sample, StepWindow window) {
    int masked = 0;
    int end = window.before(steps) + window.within(steps);
    for (int t = window.before(steps); t < end; t++) {
      masked += test.counts(values, sample * sampleSize, t) ? 0 : 1;
    }
    return masked;
  }
}
