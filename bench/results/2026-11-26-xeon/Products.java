import dev.lanewise.engine.kernel.KernelProvider;
import dev.lanewise.engine.kernel.Kernels;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.Random;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/**
 * Times products C = bias + A * B of one thread in turn, for ROUNDS: the median and the best of
 * their GFLOP/s, and the median and the ninth decile of their share of the peak of fused
 * multiply-adds, which is looked for just before and after each.
 */
public class Products {
  private static final int[][] SHAPES = { // rows, columns, depth, B's stride
    {5, 150, 178, 160},
    {25, 150, 178, 160},
    {25, 64, 178, 64},
    {25, 64, 540, 64},
    {25, 512, 540, 528},
    {25, 64, 1024, 1040},
    {25, 256, 1024, 1040},
    {25, 1024, 1024, 1040},
    {75, 1024, 1024, 1040},
  };
  private static final int CHAINS = 12;
  private static final int LINKS = 20_000;
  private static final double FLOP_A_TURN = 2e7;

  public static void main(String[] args) {
    int rounds = Integer.parseInt(args[0]);
    long floats = 16 << 20;
    MemorySegment memory = Arena.global().allocate(floats * Float.BYTES, 4096);
    Random random = new Random(1);
    for (long i = 0; i < floats; i++) {
      memory.setAtIndex(ValueLayout.JAVA_FLOAT, i, (float) random.nextGaussian() * 1e-2f);
    }
    double[][] rates = new double[SHAPES.length][rounds];
    double[][] shares = new double[SHAPES.length][rounds];
    double[] peaks = new double[rounds];
    for (int r = -rounds; r < rounds; r++) {
      for (int s = 0; s < SHAPES.length; s++) {
        double before = peak();
        double rate = rate(SHAPES[s], memory.address());
        double after = peak();
        rates[s][Math.max(r, 0)] = rate;
        shares[s][Math.max(r, 0)] = 2 * rate / (before + after);
        peaks[Math.max(r, 0)] = after;
      }
    }
    Arrays.sort(peaks);
    System.out.printf("peak: median %.0f, best %.0f%n", peaks[rounds / 2], peaks[rounds - 1]);
    for (int s = 0; s < SHAPES.length; s++) {
      Arrays.sort(rates[s]);
      Arrays.sort(shares[s]);
      System.out.printf(
          "%d x %d x %d: median %.0f, best %.0f; share %.2f, ninth decile %.2f%n",
          SHAPES[s][0],
          SHAPES[s][2],
          SHAPES[s][1],
          rates[s][rounds / 2],
          rates[s][rounds - 1],
          shares[s][rounds / 2],
          shares[s][rounds * 9 / 10]);
    }
  }

  private static double rate(int[] shape, long memory) {
    Kernels kernels = KernelProvider.kernels();
    int columns = shape[1];
    int depth = shape[2];
    int stride = shape[3];
    long b = memory + (1 << 20);
    long c = memory + (32 << 20);
    long bias = memory + (48 << 20);
    double flop = 2.0 * shape[0] * columns * depth;
    int count = Math.max(1, (int) (FLOP_A_TURN / flop));
    long begin = System.nanoTime();
    for (int i = 0; i < count; i++) {
      kernels.gemm(
          shape[0], columns, depth, memory, depth + 16, 1, b, stride, 16, bias, 0, c, stride);
    }
    return flop * count / (System.nanoTime() - begin);
  }

  private static double peak() {
    long begin = System.nanoTime();
    float sum = chains();
    long nanos = System.nanoTime() - begin;
    if (!Float.isFinite(sum)) {
      throw new IllegalStateException("wrong arithmetic");
    }
    return 2.0 * CHAINS * FloatVector.SPECIES_PREFERRED.length() * LINKS / nanos;
  }

  private static float chains() {
    FloatVector x = FloatVector.broadcast(FloatVector.SPECIES_PREFERRED, 0.999f);
    FloatVector y = FloatVector.broadcast(FloatVector.SPECIES_PREFERRED, 1e-3f);
    FloatVector a = y, b = y, c = y, d = y, e = y, f = y, g = y, h = y, i = y, j = y, k = y, l = y;
    for (int n = 0; n < LINKS; n++) {
      a = a.fma(x, y);
      b = b.fma(x, y);
      c = c.fma(x, y);
      d = d.fma(x, y);
      e = e.fma(x, y);
      f = f.fma(x, y);
      g = g.fma(x, y);
      h = h.fma(x, y);
      i = i.fma(x, y);
      j = j.fma(x, y);
      k = k.fma(x, y);
      l = l.fma(x, y);
    }
    FloatVector sum =
        a.add(b).add(c).add(d).add(e).add(f).add(g).add(h).add(i).add(j).add(k).add(l);
    return sum.reduceLanes(VectorOperators.ADD);
  }
}
