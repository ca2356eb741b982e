package dev.lanewise.spark;

import java.util.concurrent.locks.LockSupport;
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
