package dev.lanewise.engine.kernel.simd;

import static dev.lanewise.engine.kernel.NormalCurve.FAR;
import static dev.lanewise.engine.kernel.NormalCurve.FAR_BITS;
import static dev.lanewise.engine.kernel.NormalCurve.G0;
import static dev.lanewise.engine.kernel.NormalCurve.G1;
import static dev.lanewise.engine.kernel.NormalCurve.G2;
import static dev.lanewise.engine.kernel.NormalCurve.G3;
import static dev.lanewise.engine.kernel.NormalCurve.G4;
import static dev.lanewise.engine.kernel.NormalCurve.G5;
import static dev.lanewise.engine.kernel.NormalCurve.G6;
import static dev.lanewise.engine.kernel.NormalCurve.G7;
import static dev.lanewise.engine.kernel.NormalCurve.G8;
import static dev.lanewise.engine.kernel.NormalCurve.G9;
import static dev.lanewise.engine.kernel.NormalCurve.HEIGHT;
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
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** {@code NormalCurve} on vectors, operation by operation. */
final class SimdNormalCurve {
  private static final MemorySegment SPACE = AddressSpace.SPACE;
  private static final VectorSpecies<Float> S = Lanes.SPECIES;
  private static final ByteOrder ORDER = Lanes.ORDER;
  private static final long STEP = Lanes.BYTES;

  private SimdNormalCurve() {}

  static void gelu(int rows, int columns, long x, long rowStride) {
    long length = (long) Kernels.padded(columns) * Float.BYTES;
    FloatVector one = FloatVector.broadcast(S, 1f);
    for (int i = 0; i < rows; i++) {
      long row = x + i * rowStride * Float.BYTES;
      for (long j = 0; j < length; j += STEP) {
        FloatVector v = FloatVector.fromMemorySegment(S, SPACE, row + j, ORDER);
        FloatVector a =
            v.reinterpretAsInts().and(MAGNITUDE_BITS).min(FAR_BITS).reinterpretAsFloats();
        FloatVector square = a.mul(a);
        FloatVector lost = a.fma(a, square.neg());
        FloatVector u = square.mul(-0.5f);
        FloatVector z = u.fma(LOG2_E, ROUND);
        FloatVector n = z.sub(ROUND);
        FloatVector r = n.fma(FloatVector.broadcast(S, MINUS_LN2_HIGH), u);
        r = n.fma(FloatVector.broadcast(S, MINUS_LN2_LOW), r);
        r = lost.fma(FloatVector.broadcast(S, -0.5f), r);
        FloatVector q = r.fma(Q4, Q3);
        q = q.fma(r, FloatVector.broadcast(S, Q2));
        q = q.fma(r, FloatVector.broadcast(S, Q1));
        q = q.fma(r, FloatVector.broadcast(S, Q0));
        IntVector exponent = z.reinterpretAsInts().lanewise(VectorOperators.LSHL, EXPONENT_SHIFT);
        FloatVector power = exponent.add(ONE_BITS).reinterpretAsFloats();
        FloatVector e = r.mul(r).fma(q, r).fma(power, power);
        e = e.blend(0f, v.abs().compare(VectorOperators.GT, FAR));
        FloatVector inverse = one.div(a.add(2.5f));
        FloatVector t = a.mul(inverse);
        FloatVector g = t.fma(G9, G8);
        g = g.fma(t, FloatVector.broadcast(S, G7));
        g = g.fma(t, FloatVector.broadcast(S, G6));
        g = g.fma(t, FloatVector.broadcast(S, G5));
        g = g.fma(t, FloatVector.broadcast(S, G4));
        g = g.fma(t, FloatVector.broadcast(S, G3));
        g = g.fma(t, FloatVector.broadcast(S, G2));
        g = g.fma(t, FloatVector.broadcast(S, G1));
        g = g.fma(t, FloatVector.broadcast(S, G0));
        FloatVector tail = g.mul(inverse).mul(e);
        FloatVector p = one.sub(tail).blend(tail, v.compare(VectorOperators.LT, 0f));
        v.mul(p).intoMemorySegment(SPACE, row + j, ORDER);
      }
    }
  }

  static void geluDerivative(
      int rows, int columns, long dy, long dyRowStride, long y, long yRowStride) {
    long length = (long) Kernels.padded(columns) * Float.BYTES;
    FloatVector one = FloatVector.broadcast(S, 1f);
    for (int i = 0; i < rows; i++) {
      long dyRow = dy + i * dyRowStride * Float.BYTES;
      long yRow = y + i * yRowStride * Float.BYTES;
      for (long j = 0; j < length; j += STEP) {
        FloatVector v = FloatVector.fromMemorySegment(S, SPACE, yRow + j, ORDER);
        FloatVector d = FloatVector.fromMemorySegment(S, SPACE, dyRow + j, ORDER);
        FloatVector a =
            v.reinterpretAsInts().and(MAGNITUDE_BITS).min(FAR_BITS).reinterpretAsFloats();
        FloatVector square = a.mul(a);
        FloatVector lost = a.fma(a, square.neg());
        FloatVector u = square.mul(-0.5f);
        FloatVector z = u.fma(LOG2_E, ROUND);
        FloatVector n = z.sub(ROUND);
        FloatVector r = n.fma(FloatVector.broadcast(S, MINUS_LN2_HIGH), u);
        r = n.fma(FloatVector.broadcast(S, MINUS_LN2_LOW), r);
        r = lost.fma(FloatVector.broadcast(S, -0.5f), r);
        FloatVector q = r.fma(Q4, Q3);
        q = q.fma(r, FloatVector.broadcast(S, Q2));
        q = q.fma(r, FloatVector.broadcast(S, Q1));
        q = q.fma(r, FloatVector.broadcast(S, Q0));
        IntVector exponent = z.reinterpretAsInts().lanewise(VectorOperators.LSHL, EXPONENT_SHIFT);
        FloatVector power = exponent.add(ONE_BITS).reinterpretAsFloats();
        FloatVector e = r.mul(r).fma(q, r).fma(power, power);
        e = e.blend(0f, v.abs().compare(VectorOperators.GT, FAR));
        FloatVector inverse = one.div(a.add(2.5f));
        FloatVector t = a.mul(inverse);
        FloatVector g = t.fma(G9, G8);
        g = g.fma(t, FloatVector.broadcast(S, G7));
        g = g.fma(t, FloatVector.broadcast(S, G6));
        g = g.fma(t, FloatVector.broadcast(S, G5));
        g = g.fma(t, FloatVector.broadcast(S, G4));
        g = g.fma(t, FloatVector.broadcast(S, G3));
        g = g.fma(t, FloatVector.broadcast(S, G2));
        g = g.fma(t, FloatVector.broadcast(S, G1));
        g = g.fma(t, FloatVector.broadcast(S, G0));
        FloatVector tail = g.mul(inverse).mul(e);
        FloatVector p = one.sub(tail).blend(tail, v.compare(VectorOperators.LT, 0f));
        d = d.mul(v.fma(e.mul(HEIGHT), p));
        d.intoMemorySegment(SPACE, dyRow + j, ORDER);
      }
    }
  }
}
