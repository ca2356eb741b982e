package dev.lanewise.engine.kernel.simd;

import static dev.lanewise.engine.kernel.Exponentials.FAR;
import static dev.lanewise.engine.kernel.Exponentials.FAR_BITS;
import static dev.lanewise.engine.kernel.Exponentials.HALF_BITS;
import static dev.lanewise.engine.kernel.Exponentials.HIGHEST;
import static dev.lanewise.engine.kernel.Exponentials.L0;
import static dev.lanewise.engine.kernel.Exponentials.L1;
import static dev.lanewise.engine.kernel.Exponentials.L2;
import static dev.lanewise.engine.kernel.Exponentials.L3;
import static dev.lanewise.engine.kernel.Exponentials.LOWEST;
import static dev.lanewise.engine.kernel.Exponentials.NEAR_ONE;
import static dev.lanewise.engine.kernel.Exponentials.NEAR_ONE_BITS;
import static dev.lanewise.engine.kernel.Polynomials.EXPONENT_SHIFT;
import static dev.lanewise.engine.kernel.Polynomials.LOG2_E;
import static dev.lanewise.engine.kernel.Polynomials.MAGNITUDE_BITS;
import static dev.lanewise.engine.kernel.Polynomials.MINUS_LN2_HIGH;
import static dev.lanewise.engine.kernel.Polynomials.MINUS_LN2_LOW;
import static dev.lanewise.engine.kernel.Polynomials.ONE_BITS;
import static dev.lanewise.engine.kernel.Polynomials.Q0;
import static dev.lanewise.engine.kernel.Polynomials.Q1;
import static dev.lanewise.engine.kernel.Polynomials.Q2;
import static dev.lanewise.engine.kernel.Polynomials.Q3;
import static dev.lanewise.engine.kernel.Polynomials.Q4;
import static dev.lanewise.engine.kernel.Polynomials.ROUND;

import dev.lanewise.engine.kernel.Kernels;
import dev.lanewise.engine.tensor.AddressSpace;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@code Exponentials} on vectors, operation by operation, with their derivatives. Each loop spells
 * its function out, as those of {@link SimdActivations} do and for their reason.
 */
final class SimdExponentials {
  private static final MemorySegment SPACE = AddressSpace.SPACE;
  private static final VectorSpecies<Float> S = Lanes.SPECIES;
  private static final ByteOrder ORDER = Lanes.ORDER;
  private static final long STEP = Lanes.BYTES;

  private SimdExponentials() {}

  static void exponential(int rows, int columns, long x, long rowStride) {
    long length = (long) Kernels.padded(columns) * Float.BYTES;
    for (int i = 0; i < rows; i++) {
      long row = x + i * rowStride * Float.BYTES;
      for (long j = 0; j < length; j += STEP) {
        FloatVector v = FloatVector.fromMemorySegment(S, SPACE, row + j, ORDER);
        FloatVector u = v.blend(HIGHEST, v.compare(VectorOperators.GT, HIGHEST));
        FloatVector z = u.fma(LOG2_E, ROUND);
        FloatVector n = z.sub(ROUND);
        FloatVector r = n.fma(FloatVector.broadcast(S, MINUS_LN2_HIGH), u);
        r = n.fma(FloatVector.broadcast(S, MINUS_LN2_LOW), r);
        FloatVector q = r.fma(Q4, Q3);
        q = q.fma(r, FloatVector.broadcast(S, Q2));
        q = q.fma(r, FloatVector.broadcast(S, Q1));
        q = q.fma(r, FloatVector.broadcast(S, Q0));
        IntVector exponent = z.reinterpretAsInts().lanewise(VectorOperators.LSHL, EXPONENT_SHIFT);
        FloatVector half = exponent.add(HALF_BITS).reinterpretAsFloats();
        FloatVector y = r.mul(r).fma(q, r).fma(half, half);
        y = y.add(y).blend(0f, v.compare(VectorOperators.LT, LOWEST));
        y.intoMemorySegment(SPACE, row + j, ORDER);
      }
    }
  }

  static void exponentialDerivative(
      int rows, int columns, long dy, long dyRowStride, long y, long yRowStride) {
    long length = (long) Kernels.padded(columns) * Float.BYTES;
    for (int i = 0; i < rows; i++) {
      long dyRow = dy + i * dyRowStride * Float.BYTES;
      long yRow = y + i * yRowStride * Float.BYTES;
      for (long j = 0; j < length; j += STEP) {
        FloatVector v = FloatVector.fromMemorySegment(S, SPACE, yRow + j, ORDER);
        FloatVector d = FloatVector.fromMemorySegment(S, SPACE, dyRow + j, ORDER);
        d = d.mul(v);
        d.intoMemorySegment(SPACE, dyRow + j, ORDER);
      }
    }
  }

  /** x = scale * x where x is not negative, else depth * (e^x - 1). */
  static void elu(int rows, int columns, long x, long rowStride, float scale, float depth) {
    long length = (long) Kernels.padded(columns) * Float.BYTES;
    for (int i = 0; i < rows; i++) {
      long row = x + i * rowStride * Float.BYTES;
      for (long j = 0; j < length; j += STEP) {
        FloatVector v = FloatVector.fromMemorySegment(S, SPACE, row + j, ORDER);
        FloatVector u =
            v.reinterpretAsInts()
                .and(MAGNITUDE_BITS)
                .min(NEAR_ONE_BITS)
                .reinterpretAsFloats()
                .neg();
        FloatVector z = u.fma(LOG2_E, ROUND);
        FloatVector n = z.sub(ROUND);
        FloatVector r = n.fma(FloatVector.broadcast(S, MINUS_LN2_HIGH), u);
        r = n.fma(FloatVector.broadcast(S, MINUS_LN2_LOW), r);
        FloatVector q = r.fma(Q4, Q3);
        q = q.fma(r, FloatVector.broadcast(S, Q2));
        q = q.fma(r, FloatVector.broadcast(S, Q1));
        q = q.fma(r, FloatVector.broadcast(S, Q0));
        IntVector exponent = z.reinterpretAsInts().lanewise(VectorOperators.LSHL, EXPONENT_SHIFT);
        FloatVector power = exponent.add(ONE_BITS).reinterpretAsFloats();
        FloatVector t = r.mul(r).fma(q, r).fma(power, power.sub(1f));
        FloatVector y = v.mul(scale).blend(t.mul(depth), v.compare(VectorOperators.LT, 0f));
        y.intoMemorySegment(SPACE, row + j, ORDER);
      }
    }
  }

  static void eluDerivative(
      int rows,
      int columns,
      long dy,
      long dyRowStride,
      long y,
      long yRowStride,
      float scale,
      float depth) {
    long length = (long) Kernels.padded(columns) * Float.BYTES;
    for (int i = 0; i < rows; i++) {
      long dyRow = dy + i * dyRowStride * Float.BYTES;
      long yRow = y + i * yRowStride * Float.BYTES;
      for (long j = 0; j < length; j += STEP) {
        FloatVector v = FloatVector.fromMemorySegment(S, SPACE, yRow + j, ORDER);
        FloatVector d = FloatVector.fromMemorySegment(S, SPACE, dyRow + j, ORDER);
        FloatVector slope = v.add(depth).blend(scale, v.compare(VectorOperators.GE, 0f));
        d = d.mul(slope);
        d.intoMemorySegment(SPACE, dyRow + j, ORDER);
      }
    }
  }

  static void softplus(int rows, int columns, long x, long rowStride) {
    long length = (long) Kernels.padded(columns) * Float.BYTES;
    for (int i = 0; i < rows; i++) {
      long row = x + i * rowStride * Float.BYTES;
      for (long j = 0; j < length; j += STEP) {
        FloatVector v = FloatVector.fromMemorySegment(S, SPACE, row + j, ORDER);
        FloatVector u =
            v.reinterpretAsInts().and(MAGNITUDE_BITS).min(FAR_BITS).reinterpretAsFloats().neg();
        FloatVector z = u.fma(LOG2_E, ROUND);
        FloatVector n = z.sub(ROUND);
        FloatVector r = n.fma(FloatVector.broadcast(S, MINUS_LN2_HIGH), u);
        r = n.fma(FloatVector.broadcast(S, MINUS_LN2_LOW), r);
        FloatVector q = r.fma(Q4, Q3);
        q = q.fma(r, FloatVector.broadcast(S, Q2));
        q = q.fma(r, FloatVector.broadcast(S, Q1));
        q = q.fma(r, FloatVector.broadcast(S, Q0));
        IntVector exponent = z.reinterpretAsInts().lanewise(VectorOperators.LSHL, EXPONENT_SHIFT);
        FloatVector power = exponent.add(ONE_BITS).reinterpretAsFloats();
        FloatVector e = r.mul(r).fma(q, r).fma(power, power);
        FloatVector s = e.div(e.add(2f));
        FloatVector w = s.mul(s);
        FloatVector l = w.fma(L3, L2);
        l = l.fma(w, FloatVector.broadcast(S, L1));
        l = l.fma(w, FloatVector.broadcast(S, L0));
        FloatVector twice = s.add(s);
        FloatVector y = twice.mul(w).fma(l, twice);
        y = v.blend(0f, v.compare(VectorOperators.LT, 0f)).add(y);
        y = y.blend(0f, v.compare(VectorOperators.LT, -FAR));
        y.intoMemorySegment(SPACE, row + j, ORDER);
      }
    }
  }

  static void softplusDerivative(
      int rows, int columns, long dy, long dyRowStride, long y, long yRowStride) {
    long length = (long) Kernels.padded(columns) * Float.BYTES;
    for (int i = 0; i < rows; i++) {
      long dyRow = dy + i * dyRowStride * Float.BYTES;
      long yRow = y + i * yRowStride * Float.BYTES;
      for (long j = 0; j < length; j += STEP) {
        FloatVector v = FloatVector.fromMemorySegment(S, SPACE, yRow + j, ORDER);
        FloatVector d = FloatVector.fromMemorySegment(S, SPACE, dyRow + j, ORDER);
        FloatVector u = v.blend(NEAR_ONE, v.compare(VectorOperators.GT, NEAR_ONE)).neg();
        FloatVector z = u.fma(LOG2_E, ROUND);
        FloatVector n = z.sub(ROUND);
        FloatVector r = n.fma(FloatVector.broadcast(S, MINUS_LN2_HIGH), u);
        r = n.fma(FloatVector.broadcast(S, MINUS_LN2_LOW), r);
        FloatVector q = r.fma(Q4, Q3);
        q = q.fma(r, FloatVector.broadcast(S, Q2));
        q = q.fma(r, FloatVector.broadcast(S, Q1));
        q = q.fma(r, FloatVector.broadcast(S, Q0));
        IntVector exponent = z.reinterpretAsInts().lanewise(VectorOperators.LSHL, EXPONENT_SHIFT);
        FloatVector power = exponent.add(ONE_BITS).reinterpretAsFloats();
        FloatVector t = r.mul(r).fma(q, r).fma(power, power.sub(1f));
        d = d.mul(t.neg());
        d.intoMemorySegment(SPACE, dyRow + j, ORDER);
      }
    }
  }

  static void silu(int rows, int columns, long x, long rowStride) {
    long length = (long) Kernels.padded(columns) * Float.BYTES;
    FloatVector one = FloatVector.broadcast(S, 1f);
    for (int i = 0; i < rows; i++) {
      long row = x + i * rowStride * Float.BYTES;
      for (long j = 0; j < length; j += STEP) {
        FloatVector v = FloatVector.fromMemorySegment(S, SPACE, row + j, ORDER);
        FloatVector u =
            v.reinterpretAsInts().and(MAGNITUDE_BITS).min(FAR_BITS).reinterpretAsFloats().neg();
        FloatVector z = u.fma(LOG2_E, ROUND);
        FloatVector n = z.sub(ROUND);
        FloatVector r = n.fma(FloatVector.broadcast(S, MINUS_LN2_HIGH), u);
        r = n.fma(FloatVector.broadcast(S, MINUS_LN2_LOW), r);
        FloatVector q = r.fma(Q4, Q3);
        q = q.fma(r, FloatVector.broadcast(S, Q2));
        q = q.fma(r, FloatVector.broadcast(S, Q1));
        q = q.fma(r, FloatVector.broadcast(S, Q0));
        IntVector exponent = z.reinterpretAsInts().lanewise(VectorOperators.LSHL, EXPONENT_SHIFT);
        FloatVector power = exponent.add(ONE_BITS).reinterpretAsFloats();
        FloatVector e = r.mul(r).fma(q, r).fma(power, power);
        e = e.blend(0f, v.abs().compare(VectorOperators.GT, FAR));
        FloatVector inverse = one.div(e.add(1f));
        FloatVector other = e.mul(inverse);
        v.mul(inverse.blend(other, v.compare(VectorOperators.LT, 0f)))
            .intoMemorySegment(SPACE, row + j, ORDER);
      }
    }
  }

  static void siluDerivative(
      int rows, int columns, long dy, long dyRowStride, long y, long yRowStride) {
    long length = (long) Kernels.padded(columns) * Float.BYTES;
    FloatVector one = FloatVector.broadcast(S, 1f);
    for (int i = 0; i < rows; i++) {
      long dyRow = dy + i * dyRowStride * Float.BYTES;
      long yRow = y + i * yRowStride * Float.BYTES;
      for (long j = 0; j < length; j += STEP) {
        FloatVector v = FloatVector.fromMemorySegment(S, SPACE, yRow + j, ORDER);
        FloatVector d = FloatVector.fromMemorySegment(S, SPACE, dyRow + j, ORDER);
        FloatVector u =
            v.reinterpretAsInts().and(MAGNITUDE_BITS).min(FAR_BITS).reinterpretAsFloats().neg();
        FloatVector z = u.fma(LOG2_E, ROUND);
        FloatVector n = z.sub(ROUND);
        FloatVector r = n.fma(FloatVector.broadcast(S, MINUS_LN2_HIGH), u);
        r = n.fma(FloatVector.broadcast(S, MINUS_LN2_LOW), r);
        FloatVector q = r.fma(Q4, Q3);
        q = q.fma(r, FloatVector.broadcast(S, Q2));
        q = q.fma(r, FloatVector.broadcast(S, Q1));
        q = q.fma(r, FloatVector.broadcast(S, Q0));
        IntVector exponent = z.reinterpretAsInts().lanewise(VectorOperators.LSHL, EXPONENT_SHIFT);
        FloatVector power = exponent.add(ONE_BITS).reinterpretAsFloats();
        FloatVector e = r.mul(r).fma(q, r).fma(power, power);
        e = e.blend(0f, v.abs().compare(VectorOperators.GT, FAR));
        FloatVector inverse = one.div(e.add(1f));
        FloatVector other = e.mul(inverse);
        VectorMask<Float> negative = v.compare(VectorOperators.LT, 0f);
        FloatVector s = inverse.blend(other, negative);
        FloatVector complement = other.blend(inverse, negative);
        d = d.mul(s.mul(v.fma(complement, one)));
        d.intoMemorySegment(SPACE, dyRow + j, ORDER);
      }
    }
  }
}
