package dev.lanewise.engine.kernel.simd;

import static dev.lanewise.engine.kernel.Exponentials.FAR;
import static dev.lanewise.engine.kernel.Exponentials.FAR_BITS;
import static dev.lanewise.engine.kernel.Exponentials.L0;
import static dev.lanewise.engine.kernel.Exponentials.L1;
import static dev.lanewise.engine.kernel.Exponentials.L2;
import static dev.lanewise.engine.kernel.Exponentials.L3;
import static dev.lanewise.engine.kernel.Exponentials.NEAR_ONE;
import static dev.lanewise.engine.kernel.Polynomials.EXPONENT_SHIFT;
import static dev.lanewise.engine.kernel.Polynomials.EXP_LOWEST;
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
import static dev.lanewise.engine.kernel.Polynomials.SIGN_BIT;
import static dev.lanewise.engine.kernel.Polynomials.TANH_CLAMP_BITS;
import static dev.lanewise.engine.kernel.Shrinks.MISH_HIGHEST;

import dev.lanewise.engine.kernel.Kernels;
import dev.lanewise.engine.tensor.AddressSpace;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * What of {@code Shrinks} has a power of e in it, on vectors, operation by operation. Each loop
 * spells its function out, as those of {@link SimdActivations} do and for their reason.
 */
final class SimdMish {
  private static final MemorySegment SPACE = AddressSpace.SPACE;
  private static final VectorSpecies<Float> S = Lanes.SPECIES;
  private static final ByteOrder ORDER = Lanes.ORDER;
  private static final long STEP = Lanes.BYTES;

  private SimdMish() {}

  static void mish(int rows, int columns, long x, long rowStride) {
    long length = (long) Kernels.padded(columns) * Float.BYTES;
    for (int i = 0; i < rows; i++) {
      long row = x + i * rowStride * Float.BYTES;
      for (long j = 0; j < length; j += STEP) {
        FloatVector v = FloatVector.fromMemorySegment(S, SPACE, row + j, ORDER);
        FloatVector u = v.blend(MISH_HIGHEST, v.compare(VectorOperators.GT, MISH_HIGHEST));
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
        e = e.blend(0f, u.compare(VectorOperators.LT, EXP_LOWEST));
        FloatVector w = e.fma(e, e.add(e));
        FloatVector y = v.mul(w.div(w.add(2f)));
        y.intoMemorySegment(SPACE, row + j, ORDER);
      }
    }
  }

  static void mishDerivative(
      int rows, int columns, long dy, long dyRowStride, long y, long yRowStride) {
    long length = (long) Kernels.padded(columns) * Float.BYTES;
    for (int i = 0; i < rows; i++) {
      long dyRow = dy + i * dyRowStride * Float.BYTES;
      long yRow = y + i * yRowStride * Float.BYTES;
      for (long j = 0; j < length; j += STEP) {
        FloatVector v = FloatVector.fromMemorySegment(S, SPACE, yRow + j, ORDER);
        FloatVector d = FloatVector.fromMemorySegment(S, SPACE, dyRow + j, ORDER);
        FloatVector u = v.blend(MISH_HIGHEST, v.compare(VectorOperators.GT, MISH_HIGHEST));
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
        e = e.blend(0f, u.compare(VectorOperators.LT, EXP_LOWEST));
        FloatVector w = e.fma(e, e.add(e));
        FloatVector below = w.add(2f);
        FloatVector t = e.mul(4f).mul(e.add(1f)).div(below).div(below);
        d = d.mul(u.fma(t, w.div(below)));
        d.intoMemorySegment(SPACE, dyRow + j, ORDER);
      }
    }
  }

  static void tanhShrink(int rows, int columns, long x, long rowStride) {
    long length = (long) Kernels.padded(columns) * Float.BYTES;
    for (int i = 0; i < rows; i++) {
      long row = x + i * rowStride * Float.BYTES;
      for (long j = 0; j < length; j += STEP) {
        FloatVector v = FloatVector.fromMemorySegment(S, SPACE, row + j, ORDER);
        IntVector bits = v.reinterpretAsInts();
        IntVector clamped = bits.and(MAGNITUDE_BITS).min(TANH_CLAMP_BITS);
        FloatVector u = clamped.reinterpretAsFloats().mul(-2f);
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
        IntVector magnitude = t.div(t.add(2f)).reinterpretAsInts().and(MAGNITUDE_BITS);
        FloatVector tanh = magnitude.or(bits.and(SIGN_BIT)).reinterpretAsFloats();
        tanh = tanh.blend(v, v.compare(VectorOperators.NE, v));
        FloatVector y = v.sub(tanh);
        y.intoMemorySegment(SPACE, row + j, ORDER);
      }
    }
  }

  static void tanhShrinkDerivative(
      int rows, int columns, long dy, long dyRowStride, long y, long yRowStride) {
    long length = (long) Kernels.padded(columns) * Float.BYTES;
    for (int i = 0; i < rows; i++) {
      long dyRow = dy + i * dyRowStride * Float.BYTES;
      long yRow = y + i * yRowStride * Float.BYTES;
      for (long j = 0; j < length; j += STEP) {
        FloatVector v = FloatVector.fromMemorySegment(S, SPACE, yRow + j, ORDER);
        FloatVector d = FloatVector.fromMemorySegment(S, SPACE, dyRow + j, ORDER);
        IntVector bits = v.reinterpretAsInts();
        IntVector clamped = bits.and(MAGNITUDE_BITS).min(TANH_CLAMP_BITS);
        FloatVector u = clamped.reinterpretAsFloats().mul(-2f);
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
        IntVector magnitude = t.div(t.add(2f)).reinterpretAsInts().and(MAGNITUDE_BITS);
        FloatVector tanh = magnitude.or(bits.and(SIGN_BIT)).reinterpretAsFloats();
        tanh = tanh.blend(v, v.compare(VectorOperators.NE, v));
        d = d.mul(tanh.mul(tanh));
        d.intoMemorySegment(SPACE, dyRow + j, ORDER);
      }
    }
  }

  static void logSigmoid(int rows, int columns, long x, long rowStride) {
    long length = (long) Kernels.padded(columns) * Float.BYTES;
    for (int i = 0; i < rows; i++) {
      long row = x + i * rowStride * Float.BYTES;
      for (long j = 0; j < length; j += STEP) {
        FloatVector v = FloatVector.fromMemorySegment(S, SPACE, row + j, ORDER);
        FloatVector m = v.neg();
        FloatVector u =
            m.reinterpretAsInts().and(MAGNITUDE_BITS).min(FAR_BITS).reinterpretAsFloats().neg();
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
        y = m.blend(0f, m.compare(VectorOperators.LT, 0f)).add(y);
        y = y.blend(0f, m.compare(VectorOperators.LT, -FAR));
        y = FloatVector.zero(S).sub(y);
        y.intoMemorySegment(SPACE, row + j, ORDER);
      }
    }
  }

  static void logSigmoidDerivative(
      int rows, int columns, long dy, long dyRowStride, long y, long yRowStride) {
    long length = (long) Kernels.padded(columns) * Float.BYTES;
    for (int i = 0; i < rows; i++) {
      long dyRow = dy + i * dyRowStride * Float.BYTES;
      long yRow = y + i * yRowStride * Float.BYTES;
      for (long j = 0; j < length; j += STEP) {
        FloatVector v = FloatVector.fromMemorySegment(S, SPACE, yRow + j, ORDER);
        FloatVector d = FloatVector.fromMemorySegment(S, SPACE, dyRow + j, ORDER);
        FloatVector m = v.neg();
        FloatVector u = m.blend(NEAR_ONE, m.compare(VectorOperators.GT, NEAR_ONE)).neg();
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
}
