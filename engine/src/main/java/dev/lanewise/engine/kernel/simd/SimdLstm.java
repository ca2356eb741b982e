package dev.lanewise.engine.kernel.simd;

import dev.lanewise.engine.kernel.Kernels;
import dev.lanewise.engine.kernel.LstmKernels;
import dev.lanewise.engine.tensor.AddressSpace;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/** {@link LstmKernels} on vectors. */
final class SimdLstm implements LstmKernels {
  private static final MemorySegment SPACE = AddressSpace.SPACE;
  private static final VectorSpecies<Float> S = Lanes.SPECIES;
  private static final ByteOrder ORDER = Lanes.ORDER;
  private static final long STEP = Lanes.BYTES;

  @Override
  public void state(
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
      long cRowStride) {
    long length = (long) Kernels.padded(columns) * Float.BYTES;
    for (int r = 0; r < rows; r++) {
      long row = r * gatesRowStride * Float.BYTES;
      long previousRow = previous + r * previousRowStride * Float.BYTES;
      long stateRow = r * cRowStride * Float.BYTES;
      for (long j = 0; j < length; j += STEP) {
        FloatVector in = FloatVector.fromMemorySegment(S, SPACE, i + row + j, ORDER);
        FloatVector forget = FloatVector.fromMemorySegment(S, SPACE, f + row + j, ORDER);
        FloatVector candidate = FloatVector.fromMemorySegment(S, SPACE, g + row + j, ORDER);
        FloatVector before = FloatVector.fromMemorySegment(S, SPACE, previousRow + j, ORDER);
        FloatVector state = forget.fma(before, in.mul(candidate));
        state.intoMemorySegment(SPACE, c + stateRow + j, ORDER);
        state.intoMemorySegment(SPACE, copy + stateRow + j, ORDER);
      }
    }
  }

  @Override
  public void outputGradient(
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
      long dyRowStride) {
    long length = (long) Kernels.padded(columns) * Float.BYTES;
    for (int r = 0; r < rows; r++) {
      long dhRow = dh + r * dhRowStride * Float.BYTES;
      long upstreamRow = upstream + r * upstreamRowStride * Float.BYTES;
      long row = r * valuesRowStride * Float.BYTES;
      long dRow = d + r * dRowStride * Float.BYTES;
      long dyRow = dy + r * dyRowStride * Float.BYTES;
      for (long j = 0; j < length; j += STEP) {
        FloatVector sum = FloatVector.fromMemorySegment(S, SPACE, dhRow + j, ORDER);
        sum = sum.add(FloatVector.fromMemorySegment(S, SPACE, upstreamRow + j, ORDER));
        FloatVector gate = FloatVector.fromMemorySegment(S, SPACE, o + row + j, ORDER);
        FloatVector value = FloatVector.fromMemorySegment(S, SPACE, y + row + j, ORDER);
        sum.mul(value).intoMemorySegment(SPACE, dRow + j, ORDER);
        sum.mul(gate).intoMemorySegment(SPACE, dyRow + j, ORDER);
      }
    }
  }

  @Override
  public void stateGradient(
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
      long dRowStride) {
    long length = (long) Kernels.padded(columns) * Float.BYTES;
    for (int r = 0; r < rows; r++) {
      long stateRow = r * stateRowStride * Float.BYTES;
      long row = r * valuesRowStride * Float.BYTES;
      long previousRow = previous + r * previousRowStride * Float.BYTES;
      long dRow = r * dRowStride * Float.BYTES;
      for (long j = 0; j < length; j += STEP) {
        FloatVector sum = FloatVector.fromMemorySegment(S, SPACE, dc + stateRow + j, ORDER);
        sum = sum.add(FloatVector.fromMemorySegment(S, SPACE, later + stateRow + j, ORDER));
        FloatVector in = FloatVector.fromMemorySegment(S, SPACE, i + row + j, ORDER);
        FloatVector forget = FloatVector.fromMemorySegment(S, SPACE, f + row + j, ORDER);
        FloatVector candidate = FloatVector.fromMemorySegment(S, SPACE, g + row + j, ORDER);
        FloatVector before = FloatVector.fromMemorySegment(S, SPACE, previousRow + j, ORDER);
        sum.mul(candidate).intoMemorySegment(SPACE, di + dRow + j, ORDER);
        sum.mul(before).intoMemorySegment(SPACE, df + dRow + j, ORDER);
        sum.mul(in).intoMemorySegment(SPACE, dg + dRow + j, ORDER);
        sum.mul(forget).intoMemorySegment(SPACE, later + stateRow + j, ORDER);
      }
    }
  }

  @Override
  public void gradient(
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
      long dRowStride) {
    long block = (long) Kernels.padded(columns) * Float.BYTES;
    FloatVector one = FloatVector.broadcast(S, 1f);
    for (int r = 0; r < rows; r++) {
      long throughRow = through + r * throughRowStride * Float.BYTES;
      long upstreamRow = upstream + r * upstreamRowStride * Float.BYTES;
      long previousRow = previous + r * previousRowStride * Float.BYTES;
      long laterRow = later + r * laterRowStride * Float.BYTES;
      long value = values + r * valuesRowStride * Float.BYTES;
      long dRow = d + r * dRowStride * Float.BYTES;
      for (long j = 0; j < block; j += STEP, value += STEP, dRow += STEP) {
        FloatVector dh = FloatVector.fromMemorySegment(S, SPACE, throughRow + j, ORDER);
        dh = dh.add(FloatVector.fromMemorySegment(S, SPACE, upstreamRow + j, ORDER));
        FloatVector o = FloatVector.fromMemorySegment(S, SPACE, value + 2 * block, ORDER);
        FloatVector y = FloatVector.fromMemorySegment(S, SPACE, value + 5 * block, ORDER);
        FloatVector dOut = dh.mul(y).mul(o.mul(one.sub(o)));
        dOut.intoMemorySegment(SPACE, dRow + 2 * block, ORDER);
        FloatVector dc = dh.mul(o).mul(y.neg().fma(y, one));
        dc = dc.add(FloatVector.fromMemorySegment(S, SPACE, laterRow + j, ORDER));
        FloatVector i = FloatVector.fromMemorySegment(S, SPACE, value, ORDER);
        FloatVector g = FloatVector.fromMemorySegment(S, SPACE, value + 3 * block, ORDER);
        dc.mul(g).mul(i.mul(one.sub(i))).intoMemorySegment(SPACE, dRow, ORDER);
        dc.mul(i).mul(g.neg().fma(g, one)).intoMemorySegment(SPACE, dRow + 3 * block, ORDER);
        FloatVector f = FloatVector.fromMemorySegment(S, SPACE, value + block, ORDER);
        FloatVector before = FloatVector.fromMemorySegment(S, SPACE, previousRow + j, ORDER);
        dc.mul(before).mul(f.mul(one.sub(f))).intoMemorySegment(SPACE, dRow + block, ORDER);
        dc.mul(f).intoMemorySegment(SPACE, laterRow + j, ORDER);
      }
    }
  }
}
