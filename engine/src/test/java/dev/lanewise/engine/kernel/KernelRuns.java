package dev.lanewise.engine.kernel;

import dev.lanewise.engine.tensor.AddressSpace;
import dev.lanewise.engine.tensor.Matrix;
import dev.lanewise.engine.tensor.Shape;
import dev.lanewise.engine.tensor.Tensor;
import dev.lanewise.engine.tensor.TensorArena;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Runs kernels over many sizes and keeps every result by name, so that two implementations, widths
 * or JVMs can be compared.
 */
final class KernelRuns {
  /** Sizes around the lane counts, primes, and those of the network that is measured. */
  static final int[] SIZES = {1, 4, 15, 16, 17, 31, 53, 128, 150, 178};

  /** The same in few, for a JVM that only interprets. */
  static final int[] FEW_SIZES = {1, 17, 53};

  private static final float[] SPECIAL = {
    0f,
    -0f,
    1f,
    -1f,
    Float.POSITIVE_INFINITY,
    Float.NEGATIVE_INFINITY,
    Float.NaN,
    Float.MIN_VALUE,
    -Float.MIN_VALUE,
    1e-30f,
    -1e-30f,
    0.25f,
    -0.35f,
    9.01f,
    9.02f,
    10f,
    -10.01f,
    87.3f,
    -87.33f,
    -87.34f,
    6f,
    -3f,
    3f,
    12.75f,
    -12.76f,
    -40.5f,
    -86.01f,
    88.7f,
    89.5f,
    1e20f,
    -1e20f,
    Float.MAX_VALUE,
    -Float.MAX_VALUE
  };

  private final Kernels kernels;
  private final int[] sizes;
  private final Map<String, float[]> results = new LinkedHashMap<>();
  private final Random random = new Random(7);

  KernelRuns(Kernels kernels, int[] sizes) {
    this.kernels = kernels;
    this.sizes = sizes;
  }

  Map<String, float[]> results() {
    return results;
  }

  /** Returns one hash of all results, every NaN being the same. */
  String digest() {
    try {
      MessageDigest sha = MessageDigest.getInstance("SHA-256");
      for (float[] values : results.values()) {
        ByteBuffer bytes = ByteBuffer.allocate(values.length * Float.BYTES);
        for (float value : values) {
          bytes.putInt(Float.floatToIntBits(value));
        }
        sha.update(bytes.array());
      }
      return HexFormat.of().formatHex(sha.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  KernelRuns all() {
    return gemm()
        .halves()
        .activations()
        .derivatives()
        .additions()
        .cells()
        .softmax()
        .transpose()
        .bytes()
        .clipping()
        .penalties()
        .optimizers()
        .panels();
  }

  KernelRuns gemm() {
    int[] rows = sizes.length > 3 ? new int[] {1, 2, 3, 4, 5, 6, 8, 14, 25} : new int[] {3, 9};
    int[] depths = sizes.length > 3 ? new int[] {0, 1, 2, 17, 75, 178} : new int[] {0, 1, 17};
    for (int m : rows) {
      for (int n : sizes) {
        for (int k : depths) {
          gemm(m, n, k);
        }
      }
    }
    if (sizes.length > 3) {
      gemm(11, 400, 330); // B is larger than half a megabyte: its panels go outside
    }
    return this;
  }

  KernelRuns halves() {
    for (int n : sizes) {
      for (int k : new int[] {0, 1, 17, 75}) {
        try (TensorArena arena = new TensorArena("halves")) {
          Matrix a = normal(arena, 1, Math.max(k, 1), 3);
          Matrix b = normal(arena, Math.max(k, 1), n, 16);
          Matrix s = normal(arena, 1, n, 0);
          Matrix c = normal(arena, 1, n, 32);
          Halves halves = new Halves(arena, "halves", b.rows(), n);
          halves.set(b);
          kernels.rowTimesHalves(
              n, k, a.address(), halves.address(0), halves.rowStride(), s.address(), c.address());
          keep("halves " + k + "x" + n, c);
          kernels.rowTimesHalves(
              n, k, a.address(), halves.address(0), halves.rowStride(), c.address(), c.address());
          keep("halves " + k + "x" + n + " accumulated", c);
        }
      }
    }
    return this;
  }

  private void gemm(int m, int n, int k) {
    try (TensorArena arena = new TensorArena("gemm")) {
      Matrix a = normal(arena, m, Math.max(k, 1), 3);
      Matrix aTransposed = normal(arena, Math.max(k, 1), m, 0);
      Matrix b = normal(arena, Math.max(k, 1), n, 16);
      Matrix s = normal(arena, m, n, 32);
      Matrix c = normal(arena, m, n, 0);
      String name = "gemm " + m + "x" + k + "x" + n;
      multiply(m, n, k, a, b, s, s.rowStride(), c);
      keep(name, c);
      multiply(m, n, k, a, b, s, 0, c);
      keep(name + " repeated start", c);
      multiply(m, n, k, a, b, c, c.rowStride(), c);
      keep(name + " accumulated", c);
      kernels.gemm(
          m,
          n,
          k,
          aTransposed.address(),
          1,
          aTransposed.rowStride(),
          b.address(),
          b.rowStride(),
          Kernels.LANES,
          c.address(),
          c.rowStride(),
          c.address(),
          c.rowStride());
      keep(name + " transposed", c);
    }
  }

  /** Products with B in panels, one row, and one panel, more than is used. */
  KernelRuns panels() {
    int[] rows = sizes.length > 3 ? new int[] {1, 2, 3, 4, 5, 6, 8, 14, 25} : new int[] {1, 9};
    int[] depths = sizes.length > 3 ? new int[] {1, 2, 17, 75, 178} : new int[] {1, 17};
    for (int m : rows) {
      for (int n : sizes) {
        for (int k : depths) {
          panels(m, n, k);
        }
      }
    }
    if (sizes.length > 3) {
      panels(11, 400, 330);
    }
    return this;
  }

  private void panels(int m, int n, int k) {
    try (TensorArena arena = new TensorArena("panels")) {
      CheckedKernels checked = new CheckedKernels(kernels);
      Matrix a = normal(arena, m + 1, k, 3);
      Matrix aTransposed = normal(arena, k, m, 0);
      Matrix b = normal(arena, k, n, 16);
      Matrix s = normal(arena, m + 1, n, 32);
      Matrix c = normal(arena, m + 1, n, 0);
      Panels packed = Panels.of(arena, "packed", k + 1, n + Kernels.LANES);
      checked.pack(k, b, 0, 0, n, packed, 1);
      String name = "panels " + m + "x" + k + "x" + n;
      for (int j = 0; j < n; j += Kernels.LANES) {
        keep(name + " of B", packed.inOne(j, Math.min(Kernels.LANES, n - j)));
      }
      Panels part = packed.part(1, k, 0, n);
      checked.gemm(1, m, a, 0, part, s, c);
      keep(name, c);
      checked.gemm(1, m, a, 0, part, s.rows(0, 1), c);
      keep(name + " repeated start", c);
      checked.gemm(1, m, a, 0, part, c, c);
      keep(name + " accumulated", c);
      Matrix product = c.rows(1, m);
      checked.gemmTransposedA(0, k, aTransposed, 0, part, product, product);
      keep(name + " transposed", c);
    }
  }

  private void multiply(int m, int n, int k, Matrix a, Matrix b, Matrix s, long sRow, Matrix c) {
    kernels.gemm(
        m,
        n,
        k,
        a.address(),
        a.rowStride(),
        1,
        b.address(),
        b.rowStride(),
        Kernels.LANES,
        s.address(),
        sRow,
        c.address(),
        c.rowStride());
  }

  KernelRuns activations() {
    for (Elementwise f : Elementwise.values()) {
      for (int columns : sizes) {
        try (TensorArena arena = new TensorArena("apply")) {
          Matrix x = special(arena, 7, columns);
          kernels.elements().apply(f, 7, columns, x.address(), x.rowStride());
          keep(f + " " + columns, x);
        }
      }
    }
    return this;
  }

  KernelRuns derivatives() {
    for (Elementwise f : Elementwise.values()) {
      for (int columns : sizes) {
        try (TensorArena arena = new TensorArena("derivative")) {
          Matrix dy = special(arena, 7, columns);
          Matrix y = special(arena, 7, columns);
          kernels
              .elements()
              .applyDerivative(
                  f, 7, columns, dy.address(), dy.rowStride(), y.address(), y.rowStride());
          keep(f + "' " + columns, dy);
        }
      }
    }
    return this;
  }

  KernelRuns additions() {
    for (int columns : sizes) {
      try (TensorArena arena = new TensorArena("additions")) {
        Matrix x = special(arena, 13, columns);
        Matrix y = normal(arena, 13, columns, 16);
        kernels.elements().add(13, columns, x.address(), x.rowStride(), y.address(), y.rowStride());
        keep("add " + columns, y);
        Matrix sums = normal(arena, 1, columns, 0);
        Matrix terms = normal(arena, 13, columns, 16);
        kernels.columnSums(13, columns, terms.address(), terms.rowStride(), sums.address());
        keep("columnSums " + columns, sums);
        Matrix arrays = normal(arena, 5, Kernels.padded(columns), 16);
        kernels.sumInto(Kernels.padded(columns), 5, arrays.address(), arrays.rowStride());
        keep("sumInto " + columns, arrays);
      }
    }
    return this;
  }

  KernelRuns cells() {
    new CellRuns(this, kernels).run(sizes);
    return this;
  }

  KernelRuns softmax() {
    for (int columns : sizes) {
      try (TensorArena arena = new TensorArena("softmax")) {
        Matrix x = normal(arena, 9, columns, 0);
        x.set(1, columns / 2, Float.NaN);
        x.set(2, columns / 2, Float.POSITIVE_INFINITY);
        x.set(3, columns / 2, Float.NEGATIVE_INFINITY);
        x.set(4, columns / 2, -100f);
        x.set(5, columns / 2, 1e30f);
        Matrix y = normal(arena, 9, columns, 16);
        Matrix pairs = tensor(arena, 9, 2, 2).matrix();
        kernels
            .elements()
            .softmax(
                9,
                columns,
                x.address(),
                x.rowStride(),
                y.address(),
                y.rowStride(),
                pairs.address());
        keep("softmax " + columns, y);
        keep("softmax pairs " + columns, pairs);
        kernels
            .elements()
            .softmax(
                9,
                columns,
                x.address(),
                x.rowStride(),
                x.address(),
                x.rowStride(),
                pairs.address());
        keep("softmax in place " + columns, x);
      }
    }
    return this;
  }

  KernelRuns transpose() {
    for (int rows : sizes) {
      for (int columns : sizes) {
        try (TensorArena arena = new TensorArena("transpose")) {
          Matrix x = special(arena, rows, columns);
          Matrix y = normal(arena, columns, rows, 1);
          kernels.transpose(rows, columns, x.address(), x.rowStride(), y.address(), y.rowStride());
          keep("transpose " + rows + "x" + columns, y);
        }
      }
    }
    return this;
  }

  KernelRuns bytes() {
    byte[] source = new byte[512];
    for (int i = 0; i < source.length; i++) {
      source[i] = (byte) i;
    }
    for (int count : sizes) {
      try (TensorArena arena = new TensorArena("bytes")) {
        Matrix target = normal(arena, 1, count + 1, 0); // one more, which has to stay as it is
        kernels.scale(count, source, 113, target.address());
        keep("scale " + count, target);
      }
    }
    return this;
  }

  KernelRuns clipping() {
    for (int columns : sizes) {
      try (TensorArena arena = new TensorArena("clipping")) {
        Matrix x = normal(arena, 1, columns, 0);
        double squares = kernels.sumOfSquares(columns, x.address());
        results.put("sumOfSquares " + columns, new float[] {(float) squares});
        Matrix y = special(arena, 1, columns);
        kernels.multiply(Kernels.padded(columns), y.address(), 0.3f);
        keep("multiply " + columns, y);
        kernels.clip(Kernels.padded(columns), y.address(), 0.25f);
        keep("clip " + columns, y);
        kernels.squareRoots(Kernels.padded(columns), y.address());
        keep("square roots " + columns, y);
      }
    }
    return this;
  }

  KernelRuns penalties() {
    for (int columns : sizes) {
      try (TensorArena arena = new TensorArena("penalties")) {
        Matrix w = special(arena, 1, columns);
        Matrix g = normal(arena, 1, columns, 0);
        double sum = kernels.sumOfMagnitudes(columns, w.address());
        results.put("sumOfMagnitudes " + columns, new float[] {(float) sum});
        kernels.penalize(Kernels.padded(columns), w.address(), g.address(), 0.1f, 0.3f);
        keep("penalize " + columns, g);
      }
    }
    return this;
  }

  KernelRuns optimizers() {
    new OptimizerRuns(this, kernels.optimizers()).run(sizes);
    return this;
  }

  void keep(String name, Matrix matrix) {
    float[] values = new float[matrix.rows() * matrix.columns()];
    for (int i = 0; i < matrix.rows(); i++) {
      for (int j = 0; j < matrix.columns(); j++) {
        values[i * matrix.columns() + j] = matrix.get(i, j);
      }
    }
    results.put(name, values);
  }

  /** Gaussian values, padding too; each row has {@code extra} elements more than padding needs. */
  Matrix normal(TensorArena arena, int rows, int columns, int extra) {
    int stride = Kernels.padded(columns) + extra;
    Matrix matrix = tensor(arena, rows, columns, stride).matrix();
    for (long i = 0; i < (long) rows * stride; i++) {
      AddressSpace.SPACE.set(
          ValueLayout.JAVA_FLOAT,
          matrix.address() + i * Float.BYTES,
          (float) random.nextGaussian());
    }
    return matrix;
  }

  /** Values of every kind and magnitude. */
  Matrix special(TensorArena arena, int rows, int columns) {
    Matrix matrix = normal(arena, rows, columns, 16);
    makeSpecial(matrix);
    return matrix;
  }

  /** Replaces values by such of every kind and magnitude. */
  void makeSpecial(Matrix matrix) {
    for (int i = 0; i < matrix.rows(); i++) {
      for (int j = 0; j < matrix.columns(); j++) {
        float value = matrix.get(i, j) * (float) Math.scalb(1.0, random.nextInt(-30, 8));
        matrix.set(i, j, random.nextInt(3) == 0 ? SPECIAL[random.nextInt(SPECIAL.length)] : value);
      }
    }
  }

  static Tensor tensor(TensorArena arena, int rows, int columns, int stride) {
    return arena.tensor("test", Shape.of(rows, columns), stride);
  }

  /** Returns where two runs differ, described; NaNs are equal. */
  static List<String> differences(Map<String, float[]> expected, Map<String, float[]> found) {
    List<String> list = new ArrayList<>();
    if (!expected.keySet().equals(found.keySet())) {
      list.add("other runs");
      return list;
    }
    expected.forEach(
        (name, values) -> {
          float[] others = found.get(name);
          for (int i = 0; i < values.length; i++) {
            if (Float.floatToIntBits(values[i]) != Float.floatToIntBits(others[i])) {
              list.add(name + " [" + i + "]: expected " + values[i] + ", found " + others[i]);
              return;
            }
          }
        });
    return list;
  }
}
