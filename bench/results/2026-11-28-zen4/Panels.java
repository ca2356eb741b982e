import dev.lanewise.engine.kernel.KernelProvider;
import dev.lanewise.engine.kernel.Kernels;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * Times products of one thread in turn for ROUNDS, of B as it lies and as panels of 64 columns one
 * behind the other: medians of their GFLOP/s.
 */
public class Panels {
  private static final Kernels KERNELS = KernelProvider.kernels();
  private static final int PANEL = 64;
  private static final int ROWS = 25;
  private static final int GROUP = 75;
  private static final double FLOP_A_TURN = 2e7;

  /** C [m, n] = A [m, k] * B [k, n], A's strides by row and by term; added to C or not. */
  private record Product(
      String name, int m, int n, int k, int rowStride, int termStride, boolean adds) {
    void run(long memory, boolean panels) {
      long a = memory;
      long b = memory + (8 << 20);
      long c = memory + (64 << 20);
      long start = adds ? c : memory + (100 << 20);
      int stride = Kernels.stride(n);
      int width = panels ? PANEL : n;
      for (int p = 0; p < n; p += width) {
        int columns = Math.min(width, n - p);
        long at = b + (panels ? 4L * p * k : 0);
        int bStride = panels ? columns : stride;
        long shift = 4L * p;
        KERNELS.gemm(
            m,
            columns,
            k,
            a,
            rowStride,
            termStride,
            at,
            bStride,
            16,
            start + (adds ? shift : 0),
            adds ? stride : 0,
            c + shift,
            stride);
      }
    }

    double rate(long memory, boolean panels) {
      double flop = 2.0 * m * n * k;
      int count = Math.max(1, (int) (FLOP_A_TURN / flop));
      run(memory, panels);
      long begin = System.nanoTime();
      for (int i = 0; i < count; i++) {
        run(memory, panels);
      }
      return flop * count / (System.nanoTime() - begin);
    }
  }

  public static void main(String[] args) {
    int rounds = Integer.parseInt(args[0]);
    long floats = 32 << 20;
    MemorySegment memory = Arena.global().allocate(floats * Float.BYTES, 4096);
    Random random = new Random(1);
    for (long i = 0; i < floats; i++) {
      memory.setAtIndex(ValueLayout.JAVA_FLOAT, i, (float) random.nextGaussian() * 1e-2f);
    }
    List<Product> products = new ArrayList<>();
    for (int units : new int[] {75, 150, 256, 512}) {
      for (int gates : new int[] {1, 4}) {
        int one = Kernels.padded(units);
        int all = one * gates;
        int joined = Kernels.padded(28 + units);
        String of = units + " x " + gates;
        products.add(new Product("forward " + of, ROWS, all, 28 + units, joined, 1, false));
        products.add(new Product("back " + of, ROWS, one, all, Kernels.stride(all), 1, false));
        products.add(new Product("gradient " + of, 28 + units, all, GROUP, 1, joined, true));
      }
    }
    double[][] whole = new double[products.size()][rounds];
    double[][] panels = new double[products.size()][rounds];
    for (int r = -rounds / 2; r < rounds; r++) {
      for (int p = 0; p < products.size(); p++) {
        whole[p][Math.max(r, 0)] = products.get(p).rate(memory.address(), false);
        panels[p][Math.max(r, 0)] = products.get(p).rate(memory.address(), true);
      }
    }
    for (int p = 0; p < products.size(); p++) {
      Arrays.sort(whole[p]);
      Arrays.sort(panels[p]);
      System.out.printf(
          "%s: as it lies %.1f, panels %.1f%n",
          products.get(p).name(), whole[p][rounds / 2], panels[p][rounds / 2]);
    }
  }
}
