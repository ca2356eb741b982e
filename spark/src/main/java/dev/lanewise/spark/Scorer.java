package dev.lanewise.spark;

import dev.lanewise.engine.backend.ModelSpec;
import dev.lanewise.engine.backend.Predictor;
import dev.lanewise.engine.backend.Stream;
import dev.lanewise.engine.keras.SavedModel;
import dev.lanewise.engine.train.Model;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A model that answers: for any number of threads at once, each of them one of the processor's.
 * Where it leaves the number of steps open there is a predictor for each number that was asked for,
 * the last few of which stay.
 */
final class Scorer implements AutoCloseable {
  /** Predictors that stay, and with them what their weights and rooms take of memory. */
  static final int MOST = 16;

  private final Model model;
  private final ModelSpec spec;
  private @Nullable Predictor streamed;
  private final Map<List<Integer>, Use> uses = new LinkedHashMap<>(16, 0.75f, true);

  /** A predictor, and how many calls are in it. */
  private static final class Use {
    final Predictor predictor;
    final int[] outputSizes;
    int calls;

    Use(Predictor predictor, int[] outputSizes) {
      this.predictor = predictor;
      this.outputSizes = outputSizes;
    }
  }

  Scorer(SavedModel saved) {
    model = saved.toModel().withThreads(1);
    spec = model.spec();
  }

  /** What a batch of samples is answered with, whose inputs have the same steps. */
  interface Work {
    /**
     * Answers a batch.
     *
     * @param outputSizes the values of each of the model's outputs
     */
    void with(Predictor predictor, int[] outputSizes);
  }

  /**
   * Has work done with a predictor, which stays open meanwhile.
   *
   * @param steps of the inputs that the model leaves open, none if there are none
   * @throws IllegalArgumentException if a layer cannot take so many
   */
  void answer(List<Integer> steps, Work work) {
    Use use = begin(steps);
    try {
      work.with(use.predictor, use.outputSizes);
    } finally {
      end(use);
    }
  }

  private synchronized Use begin(List<Integer> steps) {
    Use use = uses.get(steps);
    if (use == null) {
      use = open(steps.stream().mapToInt(Integer::intValue).toArray());
      uses.put(List.copyOf(steps), use);
    }
    use.calls++;
    return use;
  }

  private Use open(int[] steps) {
    ModelSpec asked = steps.length == 0 ? spec : spec.forSteps(steps);
    int[] sizes = new int[asked.graph().outputs().size()];
    for (int i = 0; i < sizes.length; i++) {
      sizes[i] = Math.toIntExact(asked.shapeOf(i).elementCount());
    }
    return new Use(steps.length == 0 ? model.predictor() : model.predictor(steps), sizes);
  }

  private synchronized void end(Use use) {
    use.calls--;
    Iterator<Use> eldest = uses.values().iterator();
    for (int more = uses.size() - MOST; more > 0 && eldest.hasNext(); ) {
      Use next = eldest.next();
      if (next.calls == 0) {
        eldest.remove();
        next.predictor.close();
        more--;
      }
    }
  }

  /**
   * Returns a sequence that goes through the model step by step, to be closed before this is.
   *
   * @throws UnsupportedOperationException if a layer needs more than the steps so far
   */
  synchronized Stream stream() {
    Predictor ofStreams = streamed;
    if (ofStreams == null) {
      ofStreams = spec.graph().anySteps() ? model.predictor(1) : model.predictor();
      streamed = ofStreams;
    }
    return ofStreams.stream();
  }

  /** Returns how many predictors are open. */
  synchronized int predictors() {
    return uses.size();
  }

  /** Frees all memory, when no call is running. */
  @Override
  public synchronized void close() {
    List<Use> all = new ArrayList<>(uses.values());
    uses.clear();
    all.forEach(use -> use.predictor.close());
    if (streamed != null) {
      streamed.close();
    }
    model.close();
  }
}
