package dev.lanewise.engine.kernel;

/**
 * The operations that all time is spent in. An implementation only computes: whoever calls has
 * proven that every address range lies in live memory of {@code AddressSpace} (see {@link
 * CheckedKernels}).
 *
 * <p>Addresses are byte offsets into {@code AddressSpace.SPACE}, multiples of 4; strides count
 * float elements and are not negative. A matrix is row-major float32. Where a method speaks of
 * <i>padded</i> columns it may read and write up to the next multiple of {@value #LANES} columns of
 * each row, so rows must have room for that; what lies in the padding is nobody's value but finite
 * in, finite out.
 *
 * <p>Every implementation gives the same bits: each result is one chain of operations in an order
 * stated here, fused multiply-adds are single roundings, and no library function stands in a chain.
 * NaN propagates.
 */
public interface Kernels {
  /** Columns are padded to multiples of this: one vector of 512 bits, the widest in use. */
  int LANES = 16;

  /** Floats of 1 KiB: a quarter of the addresses that a first-level cache tells apart. */
  int ALIASED = 256;

  /** Returns {@code simd} or {@code scalar}. */
  String name();

  /** Returns the width of the vectors in use, 32 for plain loops. */
  int vectorBits();

  /**
   * Returns how many rows to take through a product and what follows it: whole tiles of {@link
   * #gemm}, few enough to be in the first-level cache still, enough to be worth the calls.
   *
   * @param left the rows that are left, at least 1
   * @param weights elements of the matrices that they are multiplied by
   * @param columns the columns of a row
   * @return between 1 and {@code left}
   */
  int stripRows(int left, long weights, int columns);

  /**
   * Returns how many elements B has where products of several rows begin to take less time if it
   * lies in {@link Panels}: any, where tiles of as few columns as one are all that registers have
   * room for; otherwise so many that a tile's rows of B come from beyond the second-level cache.
   */
  long panelsFrom();

  /** Returns {@code columns} rounded up to a multiple of {@link #LANES}. */
  static int padded(int columns) {
    return Math.addExact(columns, LANES - 1) & -LANES;
  }

  /**
   * Returns how many elements to have from row to row of so many columns: padded, and no multiple
   * of 1 KiB, since rows at such distances share the few lines of one set of each cache.
   */
  static int stride(int columns) {
    int padded = padded(columns);
    return padded % ALIASED == 0 ? Math.addExact(padded, LANES) : padded;
  }

  /**
   * C = S + A * B over padded columns: c[i,j] = fma(a[i,k-1], b[k-1,j], ... fma(a[i,0], b[0,j],
   * s[i,j])), one chain in ascending k.
   *
   * <p>S may be C itself (accumulate), a single row repeated ({@code sRowStride} 0: a bias, or a
   * row of zeros). A and B must not overlap C. A is read by element, so that swapping its strides
   * transposes it.
   *
   * @param m rows of C, at least 1
   * @param n columns of C, at least 1
   * @param k length of the chain, at least 0; with 0, C = S
   * @param a address of A [m, k]
   * @param aRowStride elements from a[i,p] to a[i+1,p]
   * @param aColumnStride elements from a[i,p] to a[i,p+1]
   * @param b address of B [k, padded n]
   * @param bRowStride elements from row to row of B, positive where k is: loops end at an address;
   *     {@value #LANES} in panels
   * @param bPanelStride elements from each {@value #LANES} columns of B to the next: {@value
   *     #LANES}, or the distance of {@link Panels}
   * @param s address of S [m, padded n]
   * @param sRowStride elements from row to row of S, 0 to repeat one row
   * @param c address of C [m, padded n]
   * @param cRowStride elements from row to row of C
   */
  void gemm(
      int m,
      int n,
      int k,
      long a,
      long aRowStride,
      long aColumnStride,
      long b,
      long bRowStride,
      long bPanelStride,
      long s,
      long sRowStride,
      long c,
      long cRowStride);

  /**
   * Y = X over padded columns, Y in {@link Panels}.
   *
   * @param rows rows of X, at least 1
   * @param columns columns of X, at least 1
   * @param x address of X [rows, padded columns]
   * @param y address of the first row that is written
   * @param yPanelStride elements from panel to panel of Y
   */
  void pack(int rows, int columns, long x, long xRowStride, long y, long yPanelStride);

  /**
   * c = s + a * B for one row over padded columns, B being bfloat16: c[j] = fma(a[k-1], b[k-1,j],
   * ... fma(a[0], b[0,j], s[j])), the chain and so the bits of {@link #gemm} with B in float32. S
   * may be C itself; A must not overlap C.
   *
   * @param n columns, at least 1
   * @param k length of the chain, at least 0
   * @param a address of A [k]
   * @param b address of B, as {@link Halves} has its rows: word 16 i + l has column 32 i + l in its
   *     lower half and column 32 i + 16 + l in its upper
   * @param bRowStride words from row to row of B
   * @param s address of S [padded n]
   * @param c address of C [padded n]
   */
  void rowTimesHalves(int n, int k, long a, long b, long bRowStride, long s, long c);

  /**
   * sums[j] = sums[j] + x[0,j] + x[1,j] + ..., a chain in ascending rows, over padded columns.
   *
   * @param x address of X [rows, padded columns]
   * @param sums address of [padded columns], changed
   */
  void columnSums(int rows, int columns, long x, long rowStride, long sums);

  /**
   * y = B^T for a matrix B: y[j,i] = b[i,j], real rows and columns alone.
   *
   * @param x address of X [rows, columns]
   * @param y address of Y [columns, rows]
   */
  void transpose(int rows, int columns, long x, long xRowStride, long y, long yRowStride);

  /**
   * target[i] = source[from + i] / 255, bytes taken as 0 to 255.
   *
   * @param count elements, all inside {@code source}; no padding is written
   * @param source pixels, on the heap, where data sets are
   * @param from index of the first
   * @param target address of the first float
   */
  void scale(int count, byte[] source, int from, long target);

  /**
   * x[i] = x[i] + x[i + stride] + x[i + 2 stride] + ..., terms in ascending order.
   *
   * @param count elements, a multiple of {@link #LANES}
   * @param terms how many arrays there are, the first among them, at least 1
   * @param x address of the first array, changed
   * @param stride elements from one array to the next
   */
  void sumInto(long count, int terms, long x, long stride);

  /**
   * Returns x[0]^2 + x[1]^2 + ...: squares are exact in double; element j belongs to chain j mod 4
   * in ascending order, and the sum is (chain 0 + chain 1) + (chain 2 + chain 3).
   *
   * @param count elements, any number
   * @param x address of the first
   */
  double sumOfSquares(int count, long x);

  /**
   * Returns |x[0]| + |x[1]| + ... in double, element by element in ascending order: rare, and short
   * beside a batch.
   *
   * @param count elements, any number
   * @param x address of the first
   */
  double sumOfMagnitudes(int count, long x);

  /**
   * g = fma(slope, w, g) + s, s being l1 where w &gt; 0, -l1 where w &lt; 0, else 0.
   *
   * @param count elements, a multiple of {@link #LANES}
   * @param w address of the parameters
   * @param g address of the gradients, changed
   */
  void penalize(long count, long w, long g, float l1, float slope);

  /**
   * x[i] = x[i] * factor.
   *
   * @param count elements, a multiple of {@link #LANES}
   * @param x address of the first, changed
   */
  void multiply(long count, long x, float factor);

  /**
   * x[i] = the square root of x[i], correctly rounded.
   *
   * @param count elements, a multiple of {@link #LANES}
   * @param x address of the first, changed
   */
  void squareRoots(long count, long x);

  /**
   * x[i] = max(-limit, min(limit, x[i])).
   *
   * @param count elements, a multiple of {@link #LANES}
   * @param x address of the first, changed
   */
  void clip(long count, long x, float limit);

  /** Returns what is done to elements one by one, and to rows. */
  ElementKernels elements();

  /** Returns what an LSTM does between its products. */
  LstmKernels lstm();

  /** Returns what a GRU does between its products. */
  GruKernels gru();

  /** Returns the optimizers' steps. */
  OptimizerKernels optimizers();
}
