package dev.lanewise.engine.backend.cpu.recurrent;

import dev.lanewise.engine.tensor.Matrix;
import java.util.Arrays;
import java.util.function.IntFunction;

/**
 * Values of a walk whose samples have places: at each step the rows of the first place, then those
 * of the second, and so on.
 */
final class PlacedSteps {
  /** Stands for values that there are none of. */
  static final PlacedSteps NONE = new PlacedSteps(new Matrix[0], new Matrix[0][]);

  private final Matrix[] whole;
  private final Matrix[][] of;

  private PlacedSteps(Matrix[] whole, Matrix[][] of) {
    this.whole = whole;
    this.of = of;
  }

  /**
   * Looks at the places.
   *
   * @param steps how many steps there are
   * @param kept how many lie one behind another before the first is overwritten
   * @param places how many places a step has
   * @param all returns all rows of one of the steps that are kept
   */
  static PlacedSteps of(int steps, int kept, int places, IntFunction<Matrix> all) {
    Matrix[] whole = new Matrix[steps];
    Matrix[][] each = new Matrix[steps][];
    for (int t = 0; t < steps; t++) {
      whole[t] = t < kept ? all.apply(t) : whole[t - kept];
      each[t] = t < kept ? byPlace(whole[t], places) : each[t - kept];
    }
    return new PlacedSteps(whole, each);
  }

  /** Returns the rows of each place. */
  static Matrix[] byPlace(Matrix whole, int places) {
    int rows = whole.rows() / places;
    Matrix[] each = new Matrix[places];
    Arrays.setAll(each, place -> whole.rows(place * rows, rows));
    return each;
  }

  /** Returns places that are all of a tensor as one matrix. */
  static Matrix together(Matrix[] places) {
    return places[0].tensor().matrix();
  }

  /** Returns all rows, by step. */
  Matrix[] whole() {
    return whole;
  }

  /** Returns the rows of each place, by step and place. */
  Matrix[][] of() {
    return of;
  }

  /** Returns all places of the steps that are kept, one step behind another. */
  Matrix[] flat(int kept) {
    return Arrays.stream(of, 0, kept).flatMap(Arrays::stream).toArray(Matrix[]::new);
  }
}
