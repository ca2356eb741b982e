package dev.lanewise.spark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.apache.spark.sql.SparkSession;

/** A Spark of this process: a master, workers, and executors that are JVMs of their own. */
final class LocalCluster {
  private LocalCluster() {}

  /**
   * Starts one.
   *
   * @param executors how many, each with one core
   * @param megabytes of each
   */
  static SparkSession start(int executors, int megabytes) {
    SparkSession session =
        builder("local-cluster[" + executors + ",1," + megabytes + "]")
            .config("spark.executor.memory", megabytes + "m")
            .getOrCreate();
    for (int waits = 0; registered(session) < executors && waits < 600; waits++) {
      LockSupport.parkNanos(100_000_000); // or a barrier stage would wait for 15 seconds
    }
    return session;
  }

  private static int registered(SparkSession session) {
    return session.sparkContext().statusTracker().getExecutorInfos().length - 1; // the driver
  }

  /** Returns the executors' processes. */
  static Stream<ProcessHandle> executors() {
    return ProcessHandle.current().descendants().filter(LocalCluster::isExecutor);
  }

  private static boolean isExecutor(ProcessHandle process) {
    try { // the JDK's own look ends before the class path does
      return Files.readString(Path.of("/proc", process.pid() + "", "cmdline"))
          .contains("CoarseGrainedExecutorBackend");
    } catch (IOException e) {
      return false; // it has ended
    }
  }

  static SparkSession.Builder builder(String master) {
    String classPath = System.getProperty("java.class.path");
    return SparkSession.builder()
        .appName("lanewise")
        .master(master)
        .config("spark.ui.enabled", false)
        .config("spark.sql.shuffle.partitions", 2)
        .config("spark.executor.extraClassPath", classPath)
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.driver.host", "127.0.0.1");
  }
}
