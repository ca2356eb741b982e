/**
 * Makes steps in a process without a warm-up: LAYER UNITS THREADS STEPS. Prints the median, least
 * and longest of their times in ms after half as many more that do not count, and the megabytes
 * that a step allocated, of all threads.
 */
public class ColdSteps {
  public static void main(String[] args) throws Exception {
    System.setProperty("layer", args[0]);
    System.setProperty("units", args[1]);
    System.setProperty("threads", args[2]);
    TwoBuilds.Steps steps = new TwoBuilds.Steps();
    double[] ms = new double[Integer.parseInt(args[3])];
    var threads =
        (com.sun.management.ThreadMXBean) java.lang.management.ManagementFactory.getThreadMXBean();
    for (int i = 0; i < ms.length / 2; i++) {
      steps.getAsDouble();
    }
    long before = threads.getTotalThreadAllocatedBytes();
    for (int i = 0; i < ms.length; i++) {
      ms[i] = steps.getAsDouble() / 1e6;
    }
    double megabytes = (threads.getTotalThreadAllocatedBytes() - before) / 1e6 / ms.length;
    java.util.Arrays.sort(ms);
    System.out.printf(
        "median %.2f, least %.2f, longest %.2f ms; %.3f MB a step%n",
        ms[ms.length / 2], ms[0], ms[ms.length - 1], megabytes);
    System.exit(0); // the plan's threads wait for more
  }
}
