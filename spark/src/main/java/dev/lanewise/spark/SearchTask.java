package dev.lanewise.spark;

import dev.lanewise.engine.data.Dataset;
import dev.lanewise.engine.train.Callback;
import dev.lanewise.engine.train.DivergedException;
import dev.lanewise.engine.train.EpochTimes;
import dev.lanewise.engine.train.FitOptions;
import dev.lanewise.engine.train.History;
import dev.lanewise.engine.train.Model;
import dev.lanewise.engine.train.Training;
import dev.lanewise.engine.train.TrainingState;
import java.io.Serializable;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.spark.api.java.function.Function;
import org.apache.spark.broadcast.Broadcast;
import org.jspecify.annotations.Nullable;

/** Trains a setting from where it stands to the end of a round, on one thread. */
final class SearchTask implements Function<byte[], byte[]> {
  private static final long serialVersionUID = 1L;

  private final SearchModel models;
  private final Broadcast<PackedData> data;
  private final FitSettings settings;
  private final int epochs;

  SearchTask(SearchModel models, Broadcast<PackedData> data, FitSettings settings, int epochs) {
    this.models = models;
    this.data = data;
    this.settings = settings;
    this.epochs = epochs;
  }

  /** A setting between two rounds. */
  static final class Standing implements Serializable {
    private static final long serialVersionUID = 1L;

    final int number;
    final LinkedHashMap<String, Double> setting;
    @Nullable PackedState state;
    PackedHistory history = new PackedHistory(new History());
    String digest = "";
    @Nullable String failure;

    Standing(int number, Map<String, Double> setting) {
      this.number = number;
      this.setting = new LinkedHashMap<>(setting);
    }

    Trial trial() {
      return new Trial(number, setting, history.open(), digest, failure);
    }
  }

  @Override
  public byte[] call(byte[] packed) {
    Standing standing = JavaBytes.read(packed, Standing.class);
    FitOptions options = settings.options().withEpochs(epochs);
    Dataset samples = data.value().open();
    LastEpoch last = new LastEpoch(epochs);
    PackedState begun = standing.state;
    try (Model model = models.of(standing.setting).withThreads(1)) {
      History history =
          begun == null
              ? model.fit(samples, options, last)
              : model.resume(begun.open(), samples, options, last);
      standing.history = new PackedHistory(history);
      standing.digest = Weights.sha256(model.parameters());
      TrainingState state = last.state;
      standing.state = state == null ? null : new PackedState(state);
    } catch (DivergedException | IllegalArgumentException e) { // other settings may do better
      standing.failure = e.getMessage();
      standing.digest = "";
      standing.state = null;
    }
    return JavaBytes.of(standing);
  }

  /** Keeps where a fit stands after its last epoch, so that a later round goes on from there. */
  private static final class LastEpoch implements Callback {
    private final int epochs;
    private @Nullable Training training;
    private @Nullable TrainingState state;

    LastEpoch(int epochs) {
      this.epochs = epochs;
    }

    @Override
    public void onTrainBegin(Training running) {
      training = running;
    }

    @Override
    public void onEpochEnd(int epoch, Map<String, Double> logs, EpochTimes times) {
      Training running = training;
      if (epoch == epochs - 1 && running != null) {
        state = running.state();
      }
    }
  }
}
