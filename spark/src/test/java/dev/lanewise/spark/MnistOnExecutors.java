package dev.lanewise.spark;

import dev.lanewise.engine.data.Dataset;
import dev.lanewise.engine.data.IdxFolder;
import dev.lanewise.engine.train.FitOptions;
import dev.lanewise.engine.train.Model;
import java.nio.file.Path;
import java.util.Locale;
import org.apache.spark.sql.SparkSession;

/**
 * Trains the founding model on all of MNIST, on executors of this machine; {@code docs/spark.md}
 * has the command. The digest that it prints is the one of {@code lanewise train --epochs N}.
 */
final class MnistOnExecutors {
  private static final Path MNIST = Path.of("../cli/src/main/resources/dev/lanewise/cli/mnist");

  private MnistOnExecutors() {}

  /** Takes the executors, the MB of each, and the epochs. */
  public static void main(String[] args) {
    if (args.length != 3) {
      throw new IllegalArgumentException("expected: executors, MB of each, epochs");
    }
    int executors = Integer.parseInt(args[0]);
    Dataset data = IdxFolder.load(MNIST).train();
    FitOptions options = Founding.options(Integer.parseInt(args[2]));
    SparkSession session = LocalCluster.start(executors, Integer.parseInt(args[1]));
    // @start region=page
    try (Model model = Founding.model()) {
      long begin = System.nanoTime();
      FitResult result = SparkFit.on(session).withTasks(executors).fit(model, data, options);
      print("%d executors, %d epochs: %.1f s", executors, options.epochs(), since(begin));
      print("weights_sha256 %s", result.weightsSha256());
      result.history().history().forEach((name, values) -> print("%s %s", name, values));
      // @end
      for (FitResult.TaskTimes task : result.tasks()) {
        print(
            "task at %s: %d steps, %.2f s computing, %.2f s exchanging, %.2f s applying, %d bytes"
                + " sent",
            task.address(),
            task.steps(),
            task.computing(),
            task.exchanging(),
            task.applying(),
            task.bytesSent());
      }
    } finally {
      session.stop();
    }
  }

  private static double since(long begin) {
    return (System.nanoTime() - begin) * 1e-9;
  }

  static void print(String format, Object... values) {
    System.out.println(String.format(Locale.ROOT, format, values));
  }
}
