package dev.lanewise.engine.kernel.simd;

import static dev.lanewise.engine.kernel.Clips.HALF;
import static dev.lanewise.engine.kernel.Clips.QUARTER;
import static dev.lanewise.engine.kernel.Shrinks.WIDTH;

import dev.lanewise.engine.kernel.Kernels;
import dev.lanewise.engine.tensor.AddressSpace;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** What of {@code Shrinks} has no power of e in it, on vectors, operation by operation. */
final class SimdShrinks {
  private static final MemorySegment SPACE = AddressSpace.SPACE;
  private static final VectorSpecies<Float> S = Lanes.SPECIES;
  private static final ByteOrder ORDER = Lanes.ORDER;
  private static final long STEP = Lanes.BYTES;

  private SimdShrinks() {}

  static void hardTanh(int rows, int columns, long x, long rowStride) {
    long length = (long) Kernels.padded(columns) * Float.BYTES;
    for (int i = 0; i < rows; i++) {
      long row = x + i * rowStride * Float.BYTES;
      for (long j = 0; j < length; j += STEP) {
        FloatVector v = FloatVector.fromMemorySegment(S, SPACE, row + j, ORDER);
        FloatVector y = v.blend(-1f, v.compare(VectorOperators.LT, -1f));
        y = y.blend(1f, y.compare(VectorOperators.GT, 1f));
        y.intoMemorySegment(SPACE, row + j, ORDER);
      }
    }
  }

  static void hardTanhDerivative(
      int rows, int columns, long dy, long dyRowStride, long y, long yRowStride) {
    long length = (long) Kernels.padded(columns) * Float.BYTES;
    for (int i = 0; i < rows; i++) {
      long dyRow = dy + i * dyRowStride * Float.BYTES;
      long yRow = y + i * yRowStride * Float.BYTES;
      for (long j = 0; j < length; j += STEP) {
        FloatVector v = FloatVector.fromMemorySegment(S, SPACE, yRow + j, ORDER);
        FloatVector d = FloatVector.fromMemorySegment(S, SPACE, dyRow + j, ORDER);
        d = d.blend(0f, v.abs().compare(VectorOperators.GT, 1f));
        d.intoMemorySegment(SPACE, dyRow + j, ORDER);
      }
    }
  }

  static void sparseSigmoidDerivative(
      int rows, int columns, long dy, long dyRowStride, long y, long yRowStride) {
    long length = (long) Kernels.padded(columns) * Float.BYTES;
    for (int i = 0; i < rows; i++) {
      long dyRow = dy + i * dyRowStride * Float.BYTES;
      long yRow = y + i * yRowStride * Float.BYTES;
      for (long j = 0; j < length; j += STEP) {
        FloatVector v = FloatVector.fromMemorySegment(S, SPACE, yRow + j, ORDER).abs();
        FloatVector d = FloatVector.fromMemorySegment(S, SPACE, dyRow + j, ORDER);
        FloatVector slope =
            FloatVector.zero(S).blend(d.mul(HALF), v.compare(VectorOperators.LT, 1f));
        slope = slope.blend(d.mul(QUARTER), v.compare(VectorOperators.EQ, 1f));
        slope.intoMemorySegment(SPACE, dyRow + j, ORDER);
      }
    }
  }

  static void hardShrink(int rows, int columns, long x, long rowStride) {
    long length = (long) Kernels.padded(columns) * Float.BYTES;
    for (int i = 0; i < rows; i++) {
      long row = x + i * rowStride * Float.BYTES;
      for (long j = 0; j < length; j += STEP) {
        FloatVector v = FloatVector.fromMemorySegment(S, SPACE, row + j, ORDER);
        FloatVector y = v.blend(0f, v.abs().compare(VectorOperators.LE, WIDTH));
        y.intoMemorySegment(SPACE, row + j, ORDER);
      }
    }
  }

  static void softShrink(int rows, int columns, long x, long rowStride) {
    long length = (long) Kernels.padded(columns) * Float.BYTES;
    FloatVector width = FloatVector.broadcast(S, WIDTH);
    for (int i = 0; i < rows; i++) {
      long row = x + i * rowStride * Float.BYTES;
      for (long j = 0; j < length; j += STEP) {
        FloatVector v = FloatVector.fromMemorySegment(S, SPACE, row + j, ORDER);
        FloatVector y = v.add(width.blend(-WIDTH, v.compare(VectorOperators.GT, 0f)));
        y = y.blend(0f, v.abs().compare(VectorOperators.LE, WIDTH));
        y.intoMemorySegment(SPACE, row + j, ORDER);
      }
    }
  }

  /** dy = dy where y is not 0, else 0: of both that leave out the middle. */
  static void shrinkDerivative(
      int rows, int columns, long dy, long dyRowStride, long y, long yRowStride) {
    long length = (long) Kernels.padded(columns) * Float.BYTES;
    for (int i = 0; i < rows; i++) {
      long dyRow = dy + i * dyRowStride * Float.BYTES;
      long yRow = y + i * yRowStride * Float.BYTES;
      for (long j = 0; j < length; j += STEP) {
        FloatVector v = FloatVector.fromMemorySegment(S, SPACE, yRow + j, ORDER);
        FloatVector d = FloatVector.fromMemorySegment(S, SPACE, dyRow + j, ORDER);
        d = d.blend(0f, v.compare(VectorOperators.EQ, 0f));
        d.intoMemorySegment(SPACE, dyRow + j, ORDER);
      }
    }
  }

  static void sparsePlus(int rows, int columns, long x, long rowStride) {
    long length = (long) Kernels.padded(columns) * Float.BYTES;
    for (int i = 0; i < rows; i++) {
      long row = x + i * rowStride * Float.BYTES;
      for (long j = 0; j < length; j += STEP) {
        FloatVector v = FloatVector.fromMemorySegment(S, SPACE, row + j, ORDER);
        FloatVector half = v.fma(0.5f, 0.5f);
        FloatVector y = half.mul(half).blend(0f, v.compare(VectorOperators.LE, -1f));
        y = y.blend(v, v.compare(VectorOperators.GE, 1f));
        y.intoMemorySegment(SPACE, row + j, ORDER);
      }
    }
  }

  static void sparsePlusDerivative(
      int rows, int columns, long dy, long dyRowStride, long y, long yRowStride) {
    long length = (long) Kernels.padded(columns) * Float.BYTES;
    for (int i = 0; i < rows; i++) {
      long dyRow = dy + i * dyRowStride * Float.BYTES;
      long yRow = y + i * yRowStride * Float.BYTES;
      for (long j = 0; j < length; j += STEP) {
        FloatVector root = FloatVector.fromMemorySegment(S, SPACE, yRow + j, ORDER).sqrt();
        FloatVector d = FloatVector.fromMemorySegment(S, SPACE, dyRow + j, ORDER);
        d = d.mul(root.blend(1f, root.compare(VectorOperators.GT, 1f)));
        d.intoMemorySegment(SPACE, dyRow + j, ORDER);
      }
    }
  }

  static void squareplus(int rows, int columns, long x, long rowStride) {
    long length = (long) Kernels.padded(columns) * Float.BYTES;
    FloatVector one = FloatVector.broadcast(S, 1f);
    FloatVector four = FloatVector.broadcast(S, 4f);
    for (int i = 0; i < rows; i++) {
      long row = x + i * rowStride * Float.BYTES;
      for (long j = 0; j < length; j += STEP) {
        FloatVector v = FloatVector.fromMemorySegment(S, SPACE, row + j, ORDER);
        FloatVector y = v.fma(v, four).sqrt().add(v.abs()).mul(0.5f);
        y = y.blend(one.div(y), v.compare(VectorOperators.LT, 0f));
        y.intoMemorySegment(SPACE, row + j, ORDER);
      }
    }
  }

  static void squareplusDerivative(
      int rows, int columns, long dy, long dyRowStride, long y, long yRowStride) {
    long length = (long) Kernels.padded(columns) * Float.BYTES;
    FloatVector one = FloatVector.broadcast(S, 1f);
    for (int i = 0; i < rows; i++) {
      long dyRow = dy + i * dyRowStride * Float.BYTES;
      long yRow = y + i * yRowStride * Float.BYTES;
      for (long j = 0; j < length; j += STEP) {
        FloatVector v = FloatVector.fromMemorySegment(S, SPACE, yRow + j, ORDER);
        FloatVector d = FloatVector.fromMemorySegment(S, SPACE, dyRow + j, ORDER);
        d = d.mul(one.div(one.div(v.mul(v)).add(1f)));
        d.intoMemorySegment(SPACE, dyRow + j, ORDER);
      }
    }
  }
}
