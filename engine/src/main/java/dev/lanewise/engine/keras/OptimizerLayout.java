package dev.lanewise.engine.keras;

import dev.lanewise.engine.backend.ModelSpec;
import dev.lanewise.engine.backend.Parameters;
import dev.lanewise.engine.keras.WeightsReader.OptimizerState;
import dev.lanewise.engine.layer.ParameterSpec;
import dev.lanewise.engine.optimizer.Adadelta;
import dev.lanewise.engine.optimizer.Adagrad;
import dev.lanewise.engine.optimizer.Adam;
import dev.lanewise.engine.optimizer.AdamW;
import dev.lanewise.engine.optimizer.Adamax;
import dev.lanewise.engine.optimizer.ConstantLearningRate;
import dev.lanewise.engine.optimizer.Lion;
import dev.lanewise.engine.optimizer.Nadam;
import dev.lanewise.engine.optimizer.Optimizer;
import dev.lanewise.engine.optimizer.RmsProp;
import dev.lanewise.engine.optimizer.Sgd;
import io.jhdf.api.Group;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The order of an optimizer's variables in every kind of file: iterations; the step size, unless a
 * schedule gives it; the weights' means; the rule's slots, parameter by parameter or slot by slot
 * as the rule's class in Keras makes them; and what else it keeps.
 *
 * @param rule the optimizer
 * @param parameters those of the model that are trained, in its order
 */
record OptimizerLayout(Optimizer rule, List<ParameterSpec> parameters) {
  /** Keras keeps it in float32 and multiplies it up step by step. */
  private static final double PRODUCT_TOLERANCE = 1e-4;

  /** Below it, the product changes no bit of a step, and float32 runs out of digits. */
  private static final double NO_PRODUCT = 1e-30;

  /**
   * An array of the optimizer.
   *
   * @param slot which of its slots
   * @param parameter which parameter's
   */
  record Place(int slot, int parameter) {}

  static OptimizerLayout of(ModelSpec spec) {
    return new OptimizerLayout(spec.optimizer(), spec.trainableParameters());
  }

  /** Returns the step size that is a variable, or null if a schedule gives it. */
  @Nullable Double rate() {
    return rule.learningRate() instanceof ConstantLearningRate constant
        ? constant.learningRate()
        : null;
  }

  /** Returns the product that is the last variable, or null if the rule has none. */
  @Nullable Double product(long iterations) {
    return rule instanceof Nadam nadam ? nadam.product(iterations) : null;
  }

  /** Returns the arrays, which follow iterations and step size. */
  List<Place> places() {
    List<Place> places = new ArrayList<>();
    if (rule.average().kept()) {
      int last = rule.slots().size() - 1;
      IntStream.range(0, parameters.size()).forEach(p -> places.add(new Place(last, p)));
    }
    int first = 0;
    for (int size : interleaved()) {
      for (int p = 0; p < parameters.size(); p++) {
        for (int s = first; s < first + size; s++) {
          places.add(new Place(s, p));
        }
      }
      first += size;
    }
    return places;
  }

  /** Returns of how many slots each parameter's arrays stand together, group by group. */
  private List<Integer> interleaved() {
    return switch (rule) {
      case Adam adam -> adam(adam);
      case AdamW adamW -> adam(adamW.adam());
      case Adamax adamax -> List.of(2);
      case Nadam nadam -> List.of(2);
      case Adadelta adadelta -> List.of(2);
      case Sgd sgd -> eachAlone();
      case RmsProp rms -> eachAlone();
      case Adagrad adagrad -> eachAlone();
      case Lion lion -> eachAlone();
    };
  }

  private static List<Integer> adam(Adam adam) {
    return adam.amsgrad() ? List.of(2, 1) : List.of(2);
  }

  private List<Integer> eachAlone() {
    return rule.ruleSlots().stream().map(slot -> 1).toList();
  }

  /**
   * Reads the variables. As in Keras, arrays that do not match in number are left out, and training
   * begins afresh.
   *
   * @param names the variables' data sets in {@code group}, in order, the iterations among them
   * @throws ModelFormatException if they match in number and are not this rule's
   */
  OptimizerState read(Hdf5 file, Group group, List<String> names) {
    long iterations = file.scalar(group, names.get(0)).longValue();
    if (iterations < 0) {
      throw new ModelFormatException("optimizer: iterations are " + iterations);
    }
    boolean constant = rate() != null;
    int first = constant ? 2 : 1;
    Double rate =
        constant && names.size() > 1 ? file.scalar(group, names.get(1)).doubleValue() : null;
    List<Place> places = places();
    Double product = product(iterations);
    int end = first + places.size();
    if (names.size() != end + (product == null ? 0 : 1)) {
      return new OptimizerState(List.of(), rule.slots().isEmpty() ? iterations : 0, rate);
    }
    float[][][] arrays = new float[rule.slots().size()][parameters.size()][];
    for (int i = 0; i < places.size(); i++) {
      Place place = places.get(i);
      arrays[place.slot][place.parameter] =
          file.floats(group, names.get(first + i), parameters.get(place.parameter).shape());
    }
    if (product != null) {
      requireProduct(file.scalar(group, names.get(end)).doubleValue(), product, iterations);
    }
    return new OptimizerState(slots(arrays), iterations, rate);
  }

  private List<Parameters.Slot> slots(float[][][] arrays) {
    List<Parameters.Slot> slots = new ArrayList<>();
    for (int s = 0; s < arrays.length; s++) {
      slots.add(new Parameters.Slot(rule.slots().get(s), List.of(arrays[s])));
    }
    return slots;
  }

  /** It is computed anew here; one that differs is of another run than the iterations. */
  private static void requireProduct(double found, double expected, long iterations) {
    if (!(Math.abs(found - expected) <= PRODUCT_TOLERANCE * expected + NO_PRODUCT)) {
      throw new ModelFormatException(
          "optimizer Nadam: u_product is "
              + found
              + ", after "
              + iterations
              + " iterations it is "
              + expected);
    }
  }
}
