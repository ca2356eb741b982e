package dev.lanewise.cuda.network;

import dev.lanewise.cuda.layer.LayerMemory;
import dev.lanewise.engine.backend.ModelSpec;
import dev.lanewise.engine.layer.Layer;
import dev.lanewise.engine.layer.ParameterSpec;
import java.util.ArrayList;
import java.util.List;

/**
 * Where each of a model's arrays lies among all weights. Those that are trained come first, in
 * Keras's order, so that gradients, the optimizer's arrays and the update have to do with them
 * alone; behind them lie the others. Places count floats.
 */
public final class WeightPlaces {
  /**
   * An array's place.
   *
   * @param layer whose it is
   * @param begin its first value among all weights; of what is trained, among gradients too
   * @param spec what it is
   */
  public record Place(int layer, int begin, ParameterSpec spec) {
    public int length() {
      return Math.toIntExact(spec.shape().elementCount());
    }

    public int end() {
      return begin + length();
    }
  }

  private final List<Place> places = new ArrayList<>();
  private final List<Layer> layers;
  private final int trainedCount;
  private final int count;

  public WeightPlaces(ModelSpec spec) {
    layers = spec.layers();
    trainedCount = Math.toIntExact(spec.trainableCount());
    count = Math.toIntExact(spec.parameterCount());
    int trained = 0;
    int kept = trainedCount;
    for (int layer = 0; layer < spec.layers().size(); layer++) {
      for (ParameterSpec parameter : spec.graph().parameters(layer)) {
        boolean isTrained = parameter.trainable();
        Place place = new Place(layer, isTrained ? trained : kept, parameter);
        places.add(place);
        if (isTrained) {
          trained = place.end();
        } else {
          kept = place.end();
        }
      }
    }
  }

  /** Returns all arrays, in Keras's order. */
  public List<Place> all() {
    return places;
  }

  /** Returns those that are trained, in Keras's order: the next begins where one ends. */
  public List<Place> trained() {
    return places.stream().filter(place -> place.spec().trainable()).toList();
  }

  /** Returns the values of all arrays. */
  public int count() {
    return count;
  }

  /** Returns the values of those that are trained. */
  public int trainedCount() {
    return trainedCount;
  }

  /** Returns whether training changes any of a layer's arrays by its gradient. */
  public boolean learns(int layer) {
    return trained().stream().anyMatch(place -> place.layer() == layer);
  }

  /** Returns the values of a layer's arrays that are trained. */
  public int trainedCount(int layer) {
    return trained().stream().filter(place -> place.layer() == layer).mapToInt(Place::length).sum();
  }

  /** Returns the first value of a layer's arrays that are trained, or that are not; 0 of none. */
  private int begin(int layer, boolean isTrained) {
    return places.stream()
        .filter(place -> place.layer() == layer && place.spec().trainable() == isTrained)
        .mapToInt(Place::begin)
        .findFirst()
        .orElse(0);
  }

  /**
   * Returns what a layer is to build itself with.
   *
   * @param all the same with the addresses of all weights and gradients
   */
  public LayerMemory of(LayerMemory all, int layer) {
    long kept = all.weights() + (long) begin(layer, false) * Float.BYTES;
    long trained = (long) begin(layer, true) * Float.BYTES;
    boolean learns = learns(layer);
    long weights = learns ? all.weights() + trained : kept;
    return all.placed(weights, all.gradient() + trained, kept, learns, layer)
        .freezing(!layers.get(layer).trainable());
  }
}
