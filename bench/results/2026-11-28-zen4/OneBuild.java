import java.util.Arrays;
import java.util.function.DoubleSupplier;

/**
 * Times steps of one build, for a profiler to look at: LAYER UNITS THREADS ROUNDS, with the classes
 * and TwoBuilds on the class path; prints the median and the best in ms.
 */
public class OneBuild {
  public static void main(String[] args) {
    System.setProperty("layer", args[0]);
    System.setProperty("units", args[1]);
    System.setProperty("threads", args[2]);
    DoubleSupplier steps = new TwoBuilds.Steps();
    int rounds = Integer.parseInt(args[3]);
    double[] nanos = new double[rounds];
    for (int r = -rounds / 2; r < rounds; r++) {
      nanos[Math.max(r, 0)] = steps.getAsDouble();
    }
    Arrays.sort(nanos);
    System.out.printf("median %.2f, best %.2f ms%n", nanos[rounds / 2] / 1e6, nanos[0] / 1e6);
  }
}
