package dev.lanewise.spark;

import dev.lanewise.engine.data.Dataset;
import dev.lanewise.engine.train.FitOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.SparkSession;
import org.jspecify.annotations.Nullable;

/**
 * Trains a model in many settings at once, each on one core of an executor, and tells which did
 * best. What comes out depends on settings, seeds and data alone, and not on the executors.
 */
public final class SparkSearch {
  private final SparkSession session;
  private @Nullable String objective;
  private boolean larger;
  private int firstEpochs;
  private int factor;

  private SparkSearch(SparkSession session) {
    this.session = session;
  }

  /**
   * {@return a search on a session's executors}
   *
   * @param session whose executors train
   */
  public static SparkSearch on(SparkSession session) {
    return new SparkSearch(session);
  }

  /**
   * Sets by what settings are judged, after their last epoch; unless set, by the smaller {@code
   * val_loss}, or {@code loss} where nothing is held out.
   *
   * @param name as the history has it
   * @param largerIsBetter as of an accuracy
   * @return this search
   */
  public SparkSearch withObjective(String name, boolean largerIsBetter) {
    objective = name;
    larger = largerIsBetter;
    return this;
  }

  /**
   * Has the search halve successively (Jamieson and Talwalkar, 2016): all settings are trained for
   * a few epochs, the best go on to {@code factor} times as many, the best of these again, until
   * the last have all epochs. Nothing is trained twice.
   *
   * @param epochs of the first round, at least 1
   * @param factor one setting of so many goes on, at least 2
   * @return this search
   * @throws IllegalArgumentException if one is out of range
   */
  public SparkSearch withHalving(int epochs, int factor) {
    if (epochs < 1 || factor < 2) {
      throw new IllegalArgumentException(
          "search: halving needs a first round of at least 1 epoch and a factor of at least 2,"
              + " found "
              + epochs
              + " and "
              + factor);
    }
    firstEpochs = epochs;
    this.factor = factor;
    return this;
  }

  /**
   * Trains.
   *
   * @param models makes the model of a setting, on an executor
   * @param settings what to try: {@link SearchSpace#grid} or {@link SearchSpace#random}
   * @param data all samples, those to hold out last; each executor gets them all
   * @param options how, with the epochs of those that go to the end
   * @return the trials, and the best of them
   * @throws IllegalArgumentException if there are no settings, or what they are to be judged by is
   *     not reported
   */
  public SearchResult run(
      SearchModel models, List<Map<String, Double>> settings, Dataset data, FitOptions options) {
    if (settings.isEmpty()) {
      throw new IllegalArgumentException("search: there are no settings to try");
    }
    String judge =
        objective != null ? objective : options.validationSplit() > 0 ? "val_loss" : "loss";
    List<SearchTask.Standing> all = new ArrayList<>();
    settings.forEach(each -> all.add(new SearchTask.Standing(all.size(), each)));
    JavaSparkContext context = JavaSparkContext.fromSparkContext(session.sparkContext());
    Broadcast<PackedData> packed = context.broadcast(new PackedData(data));
    try {
      FitSettings fit = new FitSettings(options, 1, SparkFit.Exchange.TCP, Duration.ZERO, null);
      List<SearchTask.Standing> going = List.copyOf(all);
      for (int epochs : rounds(options.epochs())) {
        going = trained(context, new SearchTask(models, packed, fit, epochs), going);
        going.forEach(each -> all.set(each.number, each));
        going = best(going, judge, epochs < options.epochs() ? factor : 1);
      }
    } finally {
      packed.destroy();
    }
    List<Trial> trials = all.stream().map(SearchTask.Standing::trial).sorted(order(judge)).toList();
    return new SearchResult(judge, trials);
  }

  private List<Integer> rounds(int epochs) {
    List<Integer> rounds = new ArrayList<>();
    for (long e = firstEpochs; factor > 0 && e < epochs; e *= factor) {
      rounds.add((int) e);
    }
    rounds.add(epochs);
    return rounds;
  }

  private static List<SearchTask.Standing> trained(
      JavaSparkContext context, SearchTask task, List<SearchTask.Standing> going) {
    List<byte[]> packed = going.stream().map(JavaBytes::of).toList();
    return context.parallelize(packed, packed.size()).map(task).collect().stream()
        .map(each -> JavaBytes.read(each, SearchTask.Standing.class))
        .toList();
  }

  private List<SearchTask.Standing> best(List<SearchTask.Standing> going, String judge, int oneOf) {
    going.forEach(each -> value(each.trial(), judge)); // is it reported, if there is but one?
    Comparator<Trial> order = order(judge);
    return going.stream()
        .filter(each -> each.failure == null)
        .sorted((a, b) -> order.compare(a.trial(), b.trial()))
        .limit(Math.ceilDiv(going.size(), oneOf))
        .toList();
  }

  /** Those that went further are before others, whose values are of fewer epochs; failures last. */
  private Comparator<Trial> order(String judge) {
    Comparator<Trial> better = Comparator.comparingDouble(trial -> value(trial, judge));
    return Comparator.comparing((Trial trial) -> trial.failure() != null)
        .thenComparing(Comparator.comparingInt(Trial::epochs).reversed())
        .thenComparing(larger ? better.reversed() : better)
        .thenComparingInt(Trial::number);
  }

  private static double value(Trial trial, String judge) {
    return trial.failure() != null ? 0 : trial.last(judge);
  }
}
