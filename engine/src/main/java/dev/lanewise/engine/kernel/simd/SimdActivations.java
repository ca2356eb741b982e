package dev.lanewise.engine.kernel.simd;

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

import dev.lanewise.engine.kernel.Kernels;
import dev.lanewise.engine.tensor.AddressSpace;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@code Polynomials} on vectors, operation by operation.
 *
 * <p>Each loop spells its function out. As a method of its own on a vector it is at times compiled
 * before the loop; the JIT then refuses to inline it, being too big already, and every call boxes
 * its vectors (measured 0.4 against 2.4 ns an element, by chance of timing).
 */
final class SimdActivations {
  private static final MemorySegment SPACE = AddressSpace.SPACE;
  private static final VectorSpecies<Float> S = Lanes.SPECIES;
  private static final ByteOrder ORDER = Lanes.ORDER;
  private static final long STEP = Lanes.BYTES;

  private SimdActivations() {}

  static void relu(int rows, int columns, long x, long rowStride) {
    long length = (long) Kernels.padded(columns) * Float.BYTES;
    for (int i = 0; i < rows; i++) {
      long row = x + i * rowStride * Float.BYTES;
      for (long j = 0; j < length; j += STEP) {
        FloatVector v = FloatVector.fromMemorySegment(S, SPACE, row + j, ORDER);
        v.blend(0f, v.compare(VectorOperators.LT, 0f)).intoMemorySegment(SPACE, row + j, ORDER);
      }
    }
  }

  static void tanh(int rows, int columns, long x, long rowStride) {
    scaledTanh(rows, columns, x, rowStride, 1f, 1f, -0f); // adding -0 leaves even -0 as it is
  }

  static void sigmoid(int rows, int columns, long x, long rowStride) {
    scaledTanh(rows, columns, x, rowStride, 0.5f, 0.5f, 0.5f);
  }

  /** x = gain * tanh(scale * x) + shift. */
  private static void scaledTanh(
      int rows, int columns, long x, long rowStride, float scale, float gain, float shift) {
    long length = (long) Kernels.padded(columns) * Float.BYTES;
    FloatVector gains = FloatVector.broadcast(S, gain);
    FloatVector shifts = FloatVector.broadcast(S, shift);
    for (int i = 0; i < rows; i++) {
      long row = x + i * rowStride * Float.BYTES;
      for (long j = 0; j < length; j += STEP) {
        FloatVector v = FloatVector.fromMemorySegment(S, SPACE, row + j, ORDER).mul(scale);
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
        FloatVector y = magnitude.or(bits.and(SIGN_BIT)).reinterpretAsFloats();
        y = y.blend(v, v.compare(VectorOperators.NE, v));
        y.fma(gains, shifts).intoMemorySegment(SPACE, row + j, ORDER);
      }
    }
  }

  /** x = e^x for x at most 88, over {@code length} bytes, a multiple of the widest vector. */
  static void exp(long x, long length) {
    for (long at = x; at < x + length; at += STEP) {
      FloatVector v = FloatVector.fromMemorySegment(S, SPACE, at, ORDER);
      FloatVector z = v.fma(LOG2_E, ROUND);
      FloatVector n = z.sub(ROUND);
      FloatVector r = n.fma(FloatVector.broadcast(S, MINUS_LN2_HIGH), v);
      r = n.fma(FloatVector.broadcast(S, MINUS_LN2_LOW), r);
      FloatVector q = r.fma(Q4, Q3);
      q = q.fma(r, FloatVector.broadcast(S, Q2));
      q = q.fma(r, FloatVector.broadcast(S, Q1));
      q = q.fma(r, FloatVector.broadcast(S, Q0));
      IntVector exponent = z.reinterpretAsInts().lanewise(VectorOperators.LSHL, EXPONENT_SHIFT);
      FloatVector power = exponent.add(ONE_BITS).reinterpretAsFloats();
      FloatVector y = r.mul(r).fma(q, r).fma(power, power);
      y = y.blend(0f, v.compare(VectorOperators.LT, EXP_LOWEST));
      y.intoMemorySegment(SPACE, at, ORDER);
    }
  }
}
