package dev.lanewise.engine.kernel;

/**
 * What a GRU does between its products, on {@link Kernels} terms. All matrices are [rows, padded
 * columns]; each element is by itself.
 */
public interface GruKernels {
  /**
   * The state: h = fma(z, previous - candidate, candidate).
   *
   * @param z address of the update gate
   * @param candidate address of the candidate
   * @param gatesRowStride elements from row to row of both
   * @param previous address of the state before
   * @param previousRowStride elements from row to row of it, 0 to repeat one row
   * @param h address of the state
   * @param hRowStride elements from row to row of it
   */
  void state(
      int rows,
      int columns,
      long z,
      long candidate,
      long gatesRowStride,
      long previous,
      long previousRowStride,
      long h,
      long hRowStride);

  /**
   * The way back through h: d = (dh + upstream) + later; dCandidate = d * (1 - z), dz = d *
   * (previous - candidate), and later = d * z, what goes on to the state before.
   *
   * @param dh address of the gradient by h that comes from the gates of the step after
   * @param dhRowStride elements from row to row of it, 0 to repeat one row
   * @param upstream address of what is added to it
   * @param upstreamRowStride elements from row to row of that, 0 to repeat one row
   * @param later address of what went on from the step after, changed
   * @param laterRowStride elements from row to row of it
   * @param z address of the update gate
   * @param candidate address of the candidate
   * @param gatesRowStride elements from row to row of both
   * @param previous address of the state before
   * @param previousRowStride elements from row to row of it, 0 to repeat one row
   * @param dz address of the gradient by the update gate
   * @param dCandidate address of the gradient by the candidate
   * @param dRowStride elements from row to row of both
   */
  void gradient(
      int rows,
      int columns,
      long dh,
      long dhRowStride,
      long upstream,
      long upstreamRowStride,
      long later,
      long laterRowStride,
      long z,
      long candidate,
      long gatesRowStride,
      long previous,
      long previousRowStride,
      long dz,
      long dCandidate,
      long dRowStride);
}
