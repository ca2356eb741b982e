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
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.rdd.RDD;
import org.apache.spark.sql.SparkSession;
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

  private SparkFit(SparkSession session) {
    this.session = session;
    tasks = session.sparkContext().defaultParallelism();
  }

  /** Returns a fit on a session's executors, with a task for each of their cores. */
  public static SparkFit on(SparkSession session) {
    return new SparkFit(session);
  }

  /**
   * Sets the tasks that share each batch. All have to run at once; those beyond a batch's shards,
   * of which there are at most 16, have nothing to do.
   *
   * @throws IllegalArgumentException if there are none
   */
  public SparkFit withTasks(int count) {
    if (count < 1) {
      throw new IllegalArgumentException("SparkFit: tasks must be at least 1, found " + count);
    }
    tasks = count;
    return this;
  }

  /** Sets the threads of each task, 1 unless set; {@code spark.task.cpus} is to be as many. */
  public SparkFit withThreads(int count) {
    threads = new PlanOptions(1, count).threads();
    return this;
  }

  /** Sets how tasks exchange gradients, {@link Exchange#TCP} unless set. */
  public SparkFit withExchange(Exchange other) {
    exchange = other;
    return this;
  }

  /**
   * Sets how long a task waits for another that sends nothing, before it fails and the stage with
   * it; 60 seconds unless set. It is to be longer than the slowest task takes for a batch, and for
   * the validation.
   *
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
   * Trains a model, which has the weights and the optimizer's state afterwards.
   *
   * @param model compiled; its weights, seed and state are what is begun with
   * @param data all samples, those to hold out last; each executor gets them all
   * @param options how
   * @throws IllegalArgumentException if the data do not fit the model, or a layer or option cannot
   *     be shared out
   * @throws dev.lanewise.engine.train.DivergedException if a loss is not finite
   */
  public FitResult fit(Model model, Dataset data, FitOptions options) {
    requireShareable(model, data, options);
    JavaSparkContext context = JavaSparkContext.fromSparkContext(session.sparkContext());
    Broadcast<byte[]> packedModel = context.broadcast(JavaBytes.of(new PackedModel(model)));
    Broadcast<PackedData> packedData = context.broadcast(new PackedData(data));
    try {
      FitSettings settings = new FitSettings(options, threads, exchange, patience);
      List<TaskReport> reports = run(context, new FitTask(packedModel, packedData, settings));
      return finish(model, reports);
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
    Object collected = results.collect();
    List<TaskReport> reports = new ArrayList<>();
    for (byte[] each : (byte[][]) collected) {
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
    if (parameters == null) {
      throw new IllegalStateException("task 0 brought no weights");
    }
    model.setParameters(parameters.open());
    List<FitResult.TaskTimes> times = reports.stream().map(SparkFit::times).toList();
    return new FitResult(first.history(), first.digest, times);
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
