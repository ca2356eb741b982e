package dev.lanewise.engine.kernel;

import dev.lanewise.engine.tensor.Matrix;

/**
 * {@link GruKernels} on some rows of matrices that are proven to fit; see {@link CheckedKernels}.
 */
public final class CheckedGru {
  private final GruKernels kernels;

  /** Wraps an implementation. */
  CheckedGru(GruKernels kernels) {
    this.kernels = kernels;
  }

  /** h = candidate + z * (previous - candidate); previous may be one row that is repeated. */
  public void state(int first, int count, Matrix z, Matrix candidate, Matrix previous, Matrix h) {
    int columns = z.columns();
    Fit.rows("GRU state", first, count, columns, z);
    Fit.rows("GRU state", first, count, columns, candidate);
    Fit.repeatable("GRU state", first, count, columns, previous);
    Fit.rows("GRU state", first, count, columns, h);
    Fit.sameStride("GRU state", z, candidate);
    kernels.state(
        count,
        columns,
        z.address(first, 0),
        candidate.address(first, 0),
        z.rowStride(),
        Fit.address(first, previous),
        Fit.stride(previous),
        h.address(first, 0),
        h.rowStride());
  }

  /**
   * d = dh + upstream + later; dCandidate = d * (1 - z), dz = d * (previous - candidate), later = d
   * * z; dh, upstream and previous may each be one row that is repeated.
   */
  public void gradient(
      int first,
      int count,
      Matrix dh,
      Matrix upstream,
      Matrix later,
      Matrix z,
      Matrix candidate,
      Matrix previous,
      Matrix dz,
      Matrix dCandidate) {
    int columns = z.columns();
    Fit.repeatable("GRU gradient", first, count, columns, dh);
    Fit.repeatable("GRU gradient", first, count, columns, upstream);
    Fit.rows("GRU gradient", first, count, columns, later);
    Fit.rows("GRU gradient", first, count, columns, z);
    Fit.rows("GRU gradient", first, count, columns, candidate);
    Fit.repeatable("GRU gradient", first, count, columns, previous);
    Fit.rows("GRU gradient", first, count, columns, dz);
    Fit.rows("GRU gradient", first, count, columns, dCandidate);
    Fit.sameStride("GRU gradient", z, candidate);
    Fit.sameStride("GRU gradient", dz, dCandidate);
    kernels.gradient(
        count,
        columns,
        Fit.address(first, dh),
        Fit.stride(dh),
        Fit.address(first, upstream),
        Fit.stride(upstream),
        later.address(first, 0),
        later.rowStride(),
        z.address(first, 0),
        candidate.address(first, 0),
        z.rowStride(),
        Fit.address(first, previous),
        Fit.stride(previous),
        dz.address(first, 0),
        dCandidate.address(first, 0),
        dz.rowStride());
  }
}
