package dev.lanewise.engine.keras;

import dev.lanewise.engine.backend.ModelSpec;
import dev.lanewise.engine.backend.Parameters;
import dev.lanewise.engine.layer.Activation;
import dev.lanewise.engine.layer.Layer;
import dev.lanewise.engine.loss.Loss;
import dev.lanewise.engine.metric.Metric;
import dev.lanewise.engine.optimizer.Adam;
import dev.lanewise.engine.optimizer.Optimizer;
import dev.lanewise.engine.tensor.Shape;
import dev.lanewise.engine.train.Model;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a model file holds.
 *
 * @param name the model's name
 * @param input the shape of one sample: [features] or [steps, features]
 * @param inputName the name of the input layer
 * @param layers the stack, first to last
 * @param training how the model learns; absent if it was never compiled or cannot learn here
 * @param obstacle why it can only predict here and neither learn nor be written again, in one line:
 *     something in the file that is not supported and changes no prediction; mostly absent
 * @param parameters weights, and the optimizer's state if there is any
 * @param origin who saved it, and when
 */
@SuppressWarnings("exports") // of @Nullable, which nobody needs to compile against this
public record SavedModel(
    String name,
    Shape input,
    String inputName,
    List<NamedLayer> layers,
    @Nullable Training training,
    @Nullable String obstacle,
    Parameters parameters,
    Origin origin) {
  /** The version of Keras whose files are written: what they hold, all later versions read. */
  static final String KERAS_VERSION = "3.16.0";

  /** Makes the list unmodifiable. */
  public SavedModel {
    layers = List.copyOf(layers);
  }

  /**
   * A layer with its own name.
   *
   * @param name unique in its model
   * @param layer what it is
   */
  public record NamedLayer(String name, Layer layer) {}

  /**
   * How a model learns.
   *
   * @param loss what training minimises
   * @param optimizer how gradients change parameters
   * @param optimizerName the optimizer's own name
   * @param metrics what is reported beside the loss
   */
  public record Training(
      Loss loss, Optimizer optimizer, String optimizerName, List<Metric> metrics) {
    /** Makes the list unmodifiable. */
    public Training {
      metrics = List.copyOf(metrics);
    }
  }

  /**
   * Where a file comes from.
   *
   * @param kerasVersion the version of Keras, or that whose format it is
   * @param dateSaved local time, for example {@code 2026-01-31@17:19:29}; empty if not known
   */
  public record Origin(String kerasVersion, String dateSaved) {
    /** Returns the origin of a model that is saved now. */
    static Origin at(LocalDateTime time) {
      String date =
          String.format(
              Locale.ROOT,
              "%04d-%02d-%02d@%02d:%02d:%02d",
              time.getYear(),
              time.getMonthValue(),
              time.getDayOfMonth(),
              time.getHour(),
              time.getMinute(),
              time.getSecond());
      return new Origin(KERAS_VERSION, date);
    }
  }

  /**
   * Returns a model as it is now, named as Keras names it.
   *
   * @param time local time to note as the date of saving
   */
  public static SavedModel of(Model model, LocalDateTime time) {
    return of(model, time, null, model.parameters());
  }

  /**
   * Returns a model with other parameters.
   *
   * @param time local time to note as the date of saving
   * @param origin the file that the model comes from, whose names it keeps; null if it is new
   * @param parameters weights and the optimizer's state
   */
  public static SavedModel of(
      Model model, LocalDateTime time, @Nullable SavedModel origin, Parameters parameters) {
    ModelSpec spec = model.spec();
    String optimizerName = spec.optimizer().kerasName();
    if (origin != null && origin.training != null) {
      optimizerName = origin.training.optimizerName;
    }
    return new SavedModel(
        origin == null ? "sequential" : origin.name,
        spec.input(),
        origin == null ? "input_layer" : origin.inputName,
        origin == null ? named(spec.layers()) : origin.layers,
        new Training(spec.loss(), spec.optimizer(), optimizerName, model.metrics()),
        null,
        parameters,
        Origin.at(time));
  }

  private static List<NamedLayer> named(List<Layer> stack) {
    List<NamedLayer> layers = new ArrayList<>();
    Map<String, Integer> used = new HashMap<>();
    for (Layer layer : stack) {
      layers.add(new NamedLayer(numbered(layer.kerasName(), used), layer));
    }
    return layers;
  }

  /** Returns {@code simple_rnn}, {@code simple_rnn_1}, and so on. */
  static String numbered(String name, Map<String, Integer> used) {
    int number = used.merge(name, 1, Integer::sum) - 1;
    return number == 0 ? name : name + "_" + number;
  }

  /**
   * Returns the description of the model. One that was never compiled is given Adam with Keras's
   * defaults and the loss that goes with its last layer; neither changes a prediction.
   */
  public ModelSpec spec() {
    List<Layer> stack = layers.stream().map(NamedLayer::layer).toList();
    if (training != null) {
      return new ModelSpec(input, stack, training.loss, training.optimizer);
    }
    boolean classes = stack.getLast().activation() == Activation.SOFTMAX;
    Loss loss = classes ? Loss.CATEGORICAL_CROSSENTROPY : Loss.MEAN_SQUARED_ERROR;
    return new ModelSpec(input, stack, loss, Adam.withDefaults());
  }

  /**
   * Returns a model with these parameters, compiled, whose memory the caller closes. See {@link
   * #spec} for one that was never compiled.
   */
  public Model toModel() {
    ModelSpec spec = spec();
    List<Metric> metrics = new ArrayList<>();
    if (training != null) {
      metrics.addAll(training.metrics);
    } else if (spec.loss().isCrossentropy()) {
      metrics.add(Metric.ACCURACY);
    }
    Model model =
        Model.sequential(spec.input(), spec.layers().toArray(Layer[]::new))
            .compile(spec.optimizer(), spec.loss(), metrics.toArray(Metric[]::new));
    model.setParameters(parameters);
    return model;
  }
}
