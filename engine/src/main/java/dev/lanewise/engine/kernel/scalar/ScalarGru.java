package dev.lanewise.engine.kernel.scalar;

import static dev.lanewise.engine.kernel.scalar.Elements.at;
import static dev.lanewise.engine.kernel.scalar.Elements.get;
import static dev.lanewise.engine.kernel.scalar.Elements.set;

import dev.lanewise.engine.kernel.GruKernels;
import dev.lanewise.engine.kernel.Kernels;

/** {@link GruKernels} in plain loops. */
final class ScalarGru implements GruKernels {
  @Override
  public void state(
      int rows,
      int columns,
      long z,
      long candidate,
      long gatesRowStride,
      long previous,
      long previousRowStride,
      long h,
      long hRowStride) {
    int padded = Kernels.padded(columns);
    for (int r = 0; r < rows; r++) {
      for (int j = 0; j < padded; j++) {
        long gate = r * gatesRowStride + j;
        float fresh = get(at(candidate, gate));
        float before = get(at(previous, r * previousRowStride + j));
        set(at(h, r * hRowStride + j), Math.fma(get(at(z, gate)), before - fresh, fresh));
      }
    }
  }

  @Override
  public void gradient(
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
      long dRowStride) {
    int padded = Kernels.padded(columns);
    for (int r = 0; r < rows; r++) {
      for (int j = 0; j < padded; j++) {
        long carried = at(later, r * laterRowStride + j);
        float own = get(at(dh, r * dhRowStride + j)) + get(at(upstream, r * upstreamRowStride + j));
        float d = own + get(carried);
        float gate = get(at(z, r * gatesRowStride + j));
        float fresh = get(at(candidate, r * gatesRowStride + j));
        float before = get(at(previous, r * previousRowStride + j));
        set(at(dCandidate, r * dRowStride + j), d * (1 - gate));
        set(at(dz, r * dRowStride + j), d * (before - fresh));
        set(carried, d * gate);
      }
    }
  }
}
