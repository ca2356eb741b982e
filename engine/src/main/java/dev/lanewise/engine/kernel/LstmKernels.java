package dev.lanewise.engine.kernel;

/**
 * What an LSTM does between its products, on {@link Kernels} terms. All matrices are [rows, padded
 * columns]; each element is by itself.
 */
public interface LstmKernels {
  /**
   * The cell state: c = fma(f, previous, i * g), and a copy of it.
   *
   * @param i address of the gate
   * @param f address of the gate
   * @param g address of the candidate
   * @param gatesRowStride elements from row to row of the three
   * @param previous address of the state before
   * @param previousRowStride elements from row to row of it, 0 to repeat one row
   * @param c address of the state
   * @param copy address of its copy
   * @param cRowStride elements from row to row of both
   */
  void state(
      int rows,
      int columns,
      long i,
      long f,
      long g,
      long gatesRowStride,
      long previous,
      long previousRowStride,
      long c,
      long copy,
      long cRowStride);

  /**
   * The way back through h = o * y, y = f(c): dh = dh + upstream, then d = dh * y by the gate and
   * dy = dh * o.
   *
   * @param dh address of the gradient by h that comes from later steps
   * @param dhRowStride elements from row to row of it, 0 to repeat one row
   * @param upstream address of what is added to it
   * @param upstreamRowStride elements from row to row of that, 0 to repeat one row
   * @param o address of the gate
   * @param y address of f(c)
   * @param valuesRowStride elements from row to row of both
   * @param d address of the gradient by the gate
   * @param dRowStride elements from row to row of it
   * @param dy address of the gradient by f(c)
   * @param dyRowStride elements from row to row of it
   */
  void outputGradient(
      int rows,
      int columns,
      long dh,
      long dhRowStride,
      long upstream,
      long upstreamRowStride,
      long o,
      long y,
      long valuesRowStride,
      long d,
      long dRowStride,
      long dy,
      long dyRowStride);

  /**
   * The way back through c = f * previous + i * g: s = dc + later; di = s * g, dg = s * i, df = s *
   * previous, and later = s * f, the gradient by the state before.
   *
   * @param dc address of the gradient by c that comes through h
   * @param later address of that which comes from later steps, changed
   * @param stateRowStride elements from row to row of both
   * @param i address of the gate
   * @param f address of the gate
   * @param g address of the candidate
   * @param valuesRowStride elements from row to row of the three
   * @param previous address of the state before
   * @param previousRowStride elements from row to row of it, 0 to repeat one row
   * @param di address of the gradient by i
   * @param df address of the gradient by f
   * @param dg address of the gradient by g
   * @param dRowStride elements from row to row of the three
   */
  void stateGradient(
      int rows,
      int columns,
      long dc,
      long later,
      long stateRowStride,
      long i,
      long f,
      long g,
      long valuesRowStride,
      long previous,
      long previousRowStride,
      long di,
      long df,
      long dg,
      long dRowStride);

  /**
   * The whole way back of gates that are sigmoids and states that are tanh: {@link
   * #outputGradient}, tanh's derivative at y, {@link #stateGradient}, and the derivatives of i, f
   * and o, and of g; the same chains, with nothing stored between them.
   *
   * @param through address of the gradient by h that comes from later steps
   * @param throughRowStride elements from row to row of it, 0 to repeat one row
   * @param upstream address of what is added to it
   * @param upstreamRowStride elements from row to row of that, 0 to repeat one row
   * @param values address of i, f, o, g, c and y = tanh c, side by side, each as wide as the padded
   *     columns
   * @param valuesRowStride elements from row to row of them
   * @param previous address of the state before
   * @param previousRowStride elements from row to row of it, 0 to repeat one row
   * @param later address of the gradient by c that comes from later steps, changed
   * @param laterRowStride elements from row to row of it
   * @param d address of the gradients by the sums of i, f, o and g, side by side
   * @param dRowStride elements from row to row of them
   */
  void gradient(
      int rows,
      int columns,
      long through,
      long throughRowStride,
      long upstream,
      long upstreamRowStride,
      long values,
      long valuesRowStride,
      long previous,
      long previousRowStride,
      long later,
      long laterRowStride,
      long d,
      long dRowStride);
}
