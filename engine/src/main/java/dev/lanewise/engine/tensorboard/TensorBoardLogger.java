package dev.lanewise.engine.tensorboard;

import dev.lanewise.engine.backend.ModelSpec;
import dev.lanewise.engine.layer.Graph;
import dev.lanewise.engine.layer.ParameterSpec;
import dev.lanewise.engine.train.Callback;
import dev.lanewise.engine.train.EpochTimes;
import dev.lanewise.engine.train.Training;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Writes what each epoch reports for TensorBoard; Keras's {@code TensorBoard} with its folders and
 * tags: {@code epoch_loss}, {@code epoch_accuracy} and so on in {@code train} and, of what is held
 * out, in {@code validation}; {@code epoch_learning_rate} in {@code train}. The step is the epoch
 * from 0.
 *
 * <p>Each fit makes files of its own in these folders, which are TensorBoard's to put together; an
 * epoch is in them when it ends. It is to be closed, and is good for several fits until then.
 */
public final class TensorBoardLogger implements Callback, AutoCloseable {
  private final Path folder;
  private final int histogramEvery;
  private final List<String> weights;
  private @Nullable EventFile train;
  private @Nullable EventFile validation;
  private @Nullable Training training;

  private TensorBoardLogger(Path folder, int histogramEvery, List<String> weights) {
    this.folder = folder;
    this.histogramEvery = histogramEvery;
    this.weights = List.copyOf(weights);
  }

  /**
   * Creates a callback that logs to this folder, which is made when there is something to log.
   *
   * @param folder takes a folder {@code train} and, where there are validation data, {@code
   *     validation}
   */
  public TensorBoardLogger(Path folder) {
    this(folder, 0, List.of());
  }

  /**
   * {@return one that writes a histogram of each parameter, too, {@code
   * 0_SimpleRnn/kernel/histogram} and so on, by the layer's place and kind}
   *
   * @param model the model to be trained
   * @param everyEpochs Keras's {@code histogram_freq}: after each epoch that this divides
   * @throws IllegalArgumentException if {@code everyEpochs} is below 1
   */
  public TensorBoardLogger withHistograms(ModelSpec model, int everyEpochs) {
    if (everyEpochs < 1) {
      throw new IllegalArgumentException(
          "TensorBoardLogger: histograms must be of every 1 or more epochs, found " + everyEpochs);
    }
    Graph graph = model.graph();
    List<String> names = new ArrayList<>();
    for (int layer = 0; layer < graph.layers().size(); layer++) {
      String kind = graph.layers().get(layer).getClass().getSimpleName();
      for (ParameterSpec parameter : graph.parameters(layer)) {
        names.add(layer + "_" + kind + "/" + parameter.name() + "/histogram");
      }
    }
    return new TensorBoardLogger(folder, everyEpochs, names);
  }

  /**
   * Writes a text.
   *
   * @param tag its name
   * @param markdown is drawn as Markdown
   * @throws UncheckedIOException if it cannot be written
   */
  public void text(String tag, String markdown) {
    train().append(0, Summaries.text(tag, markdown));
  }

  /**
   * Writes a picture.
   *
   * @param tag its name
   * @param step the epoch that it is of
   * @param png its file
   * @throws IllegalArgumentException if that is no PNG
   * @throws UncheckedIOException if it cannot be written
   */
  public void image(String tag, long step, byte[] png) {
    train().append(step, Summaries.image(tag, png));
  }

  private EventFile train() {
    if (train == null) {
      train = new EventFile(folder.resolve("train"));
    }
    return train;
  }

  private EventFile validation() {
    if (validation == null) {
      validation = new EventFile(folder.resolve("validation"));
    }
    return validation;
  }

  @Override
  public int batchesAhead() {
    return Integer.MAX_VALUE; // nothing to see within an epoch
  }

  /**
   * Begins.
   *
   * @throws UncheckedIOException if the folder cannot be written, before an epoch has been waited
   *     for
   */
  @Override
  public void onTrainBegin(Training running) {
    training = running;
    train();
  }

  @Override
  public void onEpochEnd(int epoch, Map<String, Double> logs, EpochTimes times) {
    Training running = Objects.requireNonNull(training, "a fit has begun");
    logs.forEach(
        (name, value) -> {
          if (name.startsWith("val_")) {
            validation().append(epoch, Summaries.scalar("epoch_" + name.substring(4), value));
          } else if (!name.equals("learning_rate")) {
            train().append(epoch, Summaries.scalar("epoch_" + name, value));
          }
        });
    double rate = logs.getOrDefault("learning_rate", running.learningRate());
    train().append(epoch, Summaries.scalar("epoch_learning_rate", rate));
    if (histogramEvery > 0 && epoch % histogramEvery == 0) {
      List<float[]> values = running.parameters().values();
      for (int i = 0; i < weights.size(); i++) {
        train().append(epoch, Summaries.histogram(weights.get(i), values.get(i)));
      }
    }
  }

  /** Closes the files; closing again does nothing. */
  @Override
  public void close() {
    EventFile first = train;
    EventFile second = validation;
    train = null;
    validation = null;
    try {
      if (first != null) {
        first.close();
      }
    } finally {
      if (second != null) {
        second.close();
      }
    }
  }
}
