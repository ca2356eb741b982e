package dev.lanewise.spark;

import dev.lanewise.engine.backend.PlanOptions;
import dev.lanewise.engine.backend.cpu.CpuBackend;
import dev.lanewise.engine.data.Dataset;
import dev.lanewise.engine.train.FitOptions;
import dev.lanewise.engine.train.Model;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.rdd.RDD;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.jspecify.annotations.Nullable;
import scala.reflect.ClassTag;
import scala.reflect.ClassTag$;

/**
 * Trains a model on Spark's executors, to the bits that one machine would come to: a batch's shards
 * are computed by the tasks of one barrier stage, and summed in the order of one machine. The
 * result depends on seed, data and batch size, and not on how many tasks there are.
 */
public final class SparkFit {
  /** How tasks exchange gradients. */
  public enum Exchange {
    /** From executor to executor, along a chain of connections. */
    TCP,
    /** Through Spark's driver, where executors cannot reach each other; for small models. */
    GATHER
  }

  private final SparkSession session;
  private int tasks;
  private int threads = 1;
  private Exchange exchange = Exchange.TCP;
  private Duration patience = Duration.ofSeconds(60);

  private @Nullable String checkpoints;
  private CheckpointEvery every = CheckpointEvery.epochs(1);

  private SparkFit(SparkSession session) {
    this.session = session;
    tasks = session.sparkContext().defaultParallelism();
  }

  /**
   * {@return a fit on a session's executors, with a task for each of their cores}
   *
   * @param session whose executors train
   */
  public static SparkFit on(SparkSession session) {
    return new SparkFit(session);
  }

  /**
   * Sets the tasks that share each batch. All have to run at once; those beyond a batch's shards,
   * of which there are at most 16, have nothing to do.
   *
   * @param count how many, at least 1
   * @return this fit
   * @throws IllegalArgumentException if there are none
   */
  public SparkFit withTasks(int count) {
    if (count < 1) {
      throw new IllegalArgumentException("SparkFit: tasks must be at least 1, found " + count);
    }
    tasks = count;
    return this;
  }

  /**
   * Sets the threads of each task, 1 unless set; {@code spark.task.cpus} is to be as many.
   *
   * @param count how many, at least 1
   * @return this fit
   */
  public SparkFit withThreads(int count) {
    threads = new PlanOptions(1, count).threads();
    return this;
  }

  /**
   * Sets how tasks exchange gradients, {@link Exchange#TCP} unless set.
   *
   * @param other by which way
   * @return this fit
   */
  public SparkFit withExchange(Exchange other) {
    exchange = other;
    return this;
  }

  /**
   * Sets how long a task waits for another that sends nothing, before it fails and the stage with
   * it; 60 seconds unless set. It is to be longer than the slowest task takes for a batch, and for
   * the validation.
   *
   * @param duration above 0
   * @return this fit
   * @throws IllegalArgumentException if it is not at least a millisecond
   */
  public SparkFit withTimeout(Duration duration) {
    if (duration.toMillis() < 1 || duration.toMillis() > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          "SparkFit: the timeout must be from a millisecond to 24 days, found " + duration);
    }
    patience = duration;
    return this;
  }

  /**
   * Has the fit save its state in a folder, and go on from it: when an executor dies and Spark
   * tries the stage again, and when a later application begins the same fit with the same folder. A
   * fit that has ended is not trained again, unless for more epochs.
   *
   * @param path a folder that driver and executors see, in any of Hadoop's file systems; the
   *     session's configuration has what that needs. One fit at a time may use it
   * @param distance how many steps or epochs are between two checkpoints
   * @return this fit
   */
  public SparkFit withCheckpoints(String path, CheckpointEvery distance) {
    checkpoints = path;
    every = distance;
    return this;
  }

  /**
   * Trains a model, which has the weights and the optimizer's state afterwards.
   *
   * @param model compiled; its weights, seed and state are what is begun with
   * @param data all samples, those to hold out last; each executor gets them all
   * @param options how
   * @return what was reported, and the digest of the weights
   * @throws IllegalArgumentException if the data do not fit the model, a layer or option cannot be
   *     shared out, or there are checkpoints of another fit
   * @throws dev.lanewise.engine.checkpoint.DamagedFileException if there are checkpoints, and none
   *     is whole
   * @throws dev.lanewise.engine.train.DivergedException if a loss is not finite
   */
  public FitResult fit(Model model, Dataset data, FitOptions options) {
    requireShareable(model, data, options);
    PackedModel packedModel = new PackedModel(model);
    PackedData packedData = new PackedData(data);
    CheckpointPlace place = null;
    if (checkpoints != null) {
      Map<String, String> identity = new TreeMap<>(FitIdentity.of(options));
      identity.putAll(FitIdentity.of(packedModel, model, packedData, data));
      place = place(checkpoints, identity, options.updatesAnEpoch(data.size(), 1));
      place.state(); // that of another fit is refused before there are tasks
    }
    FitSettings settings = new FitSettings(options, threads, exchange, patience, place);
    return fit(model, packedModel, packedData, settings);
  }

  /**
   * Trains a model on a table, whatever its partitions and the order of its rows, to the bits of
   * one machine that has the rows in the order of their ids. Without ids the order is that of what
   * is in a row, by its SHA-256, so that a split holds any rows out. Rows are read by the
   * executors; the driver has all of them, as floats, to hand them out.
   *
   * @param model a compiled model; its weights are those trained when this returns
   * @param table a row a sample
   * @param columns what of it is features, targets, and ids
   * @param options as for one machine
   * @return what was reported, and the digest of the weights
   * @throws IllegalArgumentException naming column and row if a value is missing or no number, a
   *     length is not the model's, or two rows have one id; otherwise as the other
   */
  public FitResult fit(
      Model model,
      org.apache.spark.sql.Dataset<Row> table,
      TrainingColumns columns,
      FitOptions options) {
    return fit(model, TableSamples.read(model.spec(), table, columns), options);
  }

  private CheckpointPlace place(String path, Map<String, String> identity, int stepsOfEpoch) {
    Configuration hadoop = session.sparkContext().hadoopConfiguration();
    return new CheckpointPlace(path, hadoop, every.inSteps(stepsOfEpoch), identity);
  }

  private FitResult fit(Model model, PackedModel start, PackedData data, FitSettings settings) {
    JavaSparkContext context = JavaSparkContext.fromSparkContext(session.sparkContext());
    Broadcast<byte[]> packedModel = context.broadcast(JavaBytes.of(start));
    Broadcast<PackedData> packedData = context.broadcast(data);
    try {
      return finish(model, run(context, new FitTask(packedModel, packedData, settings)));
    } finally {
      packedModel.destroy();
      packedData.destroy();
    }
  }

  /** What would be refused by every task is refused here, before there are any. */
  private void requireShareable(Model model, Dataset data, FitOptions options) {
    if (options.truncatedBackprop() > 0) {
      throw new IllegalArgumentException(
          "SparkFit: windows of sequences hand states on; train with truncated backpropagation on"
              + " one machine");
    }
    int batch = Math.min(options.batchSize(), data.size());
    PlanOptions plan = new PlanOptions(batch, 1, 0);
    SharedBackend.sharded(new CpuBackend(), model.spec().forInputs(data.inputs()), plan).close();
  }

  private List<TaskReport> run(JavaSparkContext context, FitTask task) {
    ClassTag<byte[]> bytes = ClassTag$.MODULE$.apply(byte[].class);
    RDD<Integer> ranks = context.parallelize(Collections.nCopies(tasks, 0), tasks).rdd();
    RDD<byte[]> results = ranks.barrier().mapPartitions(task, false, bytes);
    // Spark gives a barrier stage up at its first failure if a job ends with it, and tries it again
    // if it writes for a shuffle: so the reports go through one.
    JavaRDD<byte[]> shuffled = new JavaRDD<>(results, bytes).coalesce(1, true);
    List<TaskReport> reports = new ArrayList<>();
    for (byte[] each : shuffled.collect()) {
      reports.add(JavaBytes.read(each, TaskReport.class));
    }
    reports.sort(Comparator.comparingInt(report -> report.rank));
    return reports;
  }

  private static FitResult finish(Model model, List<TaskReport> reports) {
    for (TaskReport report : reports) {
      if (report.refusal != null) {
        throw report.refusal;
      }
    }
    TaskReport first = reports.getFirst();
    for (TaskReport report : reports) {
      if (!report.digest.equals(first.digest)) {
        throw new IllegalStateException(
            "the weights of task "
                + report.rank
                + " differ from those of task 0: "
                + report.digest
                + " and "
                + first.digest);
      }
    }
    PackedParameters parameters = first.parameters;
    PackedHistory history = first.history;
    if (parameters == null || history == null) {
      throw new IllegalStateException("task 0 brought no weights");
    }
    model.setParameters(parameters.open());
    List<FitResult.TaskTimes> times = reports.stream().map(SparkFit::times).toList();
    return new FitResult(history.open(), first.digest, first.attempt + 1, first.resumedAt, times);
  }

  private static FitResult.TaskTimes times(TaskReport report) {
    return new FitResult.TaskTimes(
        report.address,
        report.steps,
        report.computing,
        report.exchanging,
        report.applying,
        report.bytesSent);
  }
}
