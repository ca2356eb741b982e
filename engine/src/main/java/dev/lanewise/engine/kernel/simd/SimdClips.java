package dev.lanewise.engine.kernel.simd;

import static dev.lanewise.engine.kernel.Clips.LEAK;
import static dev.lanewise.engine.kernel.Clips.SIXTH;
import static dev.lanewise.engine.kernel.Clips.THIRD;

import dev.lanewise.engine.kernel.ElementKernels;
import dev.lanewise.engine.kernel.Kernels;
import dev.lanewise.engine.tensor.AddressSpace;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** {@code Clips} on vectors, operation by operation, with their derivatives; and softsign. */
final class SimdClips {
  private static final MemorySegment SPACE = AddressSpace.SPACE;
  private static final VectorSpecies<Float> S = Lanes.SPECIES;
  private static final ByteOrder ORDER = Lanes.ORDER;
  private static final long STEP = Lanes.BYTES;

  private SimdClips() {}

  static void relu6(int rows, int columns, long x, long rowStride) {
    long length = (long) Kernels.padded(columns) * Float.BYTES;
    for (int i = 0; i < rows; i++) {
      long row = x + i * rowStride * Float.BYTES;
      for (long j = 0; j < length; j += STEP) {
        FloatVector v = FloatVector.fromMemorySegment(S, SPACE, row + j, ORDER);
        v = v.blend(0f, v.compare(VectorOperators.LT, 0f));
        v = v.blend(6f, v.compare(VectorOperators.GT, 6f));
        v.intoMemorySegment(SPACE, row + j, ORDER);
      }
    }
  }

  static void flushTiny(int rows, int columns, long x, long rowStride) {
    long length = (long) Kernels.padded(columns) * Float.BYTES;
    for (int i = 0; i < rows; i++) {
      long row = x + i * rowStride * Float.BYTES;
      for (long j = 0; j < length; j += STEP) {
        FloatVector v = FloatVector.fromMemorySegment(S, SPACE, row + j, ORDER);
        v = v.blend(0f, v.abs().compare(VectorOperators.LT, ElementKernels.TINY));
        v.intoMemorySegment(SPACE, row + j, ORDER);
      }
    }
  }

  static void relu6Derivative(
      int rows, int columns, long dy, long dyRowStride, long y, long yRowStride) {
    long length = (long) Kernels.padded(columns) * Float.BYTES;
    FloatVector zero = FloatVector.zero(S);
    for (int i = 0; i < rows; i++) {
      long dyRow = dy + i * dyRowStride * Float.BYTES;
      long yRow = y + i * yRowStride * Float.BYTES;
      for (long j = 0; j < length; j += STEP) {
        FloatVector v = FloatVector.fromMemorySegment(S, SPACE, yRow + j, ORDER);
        FloatVector d = FloatVector.fromMemorySegment(S, SPACE, dyRow + j, ORDER);
        d = zero.blend(d, v.compare(VectorOperators.GT, 0f).and(v.compare(VectorOperators.LT, 6f)));
        d.intoMemorySegment(SPACE, dyRow + j, ORDER);
      }
    }
  }

  static void leakyRelu(int rows, int columns, long x, long rowStride) {
    long length = (long) Kernels.padded(columns) * Float.BYTES;
    for (int i = 0; i < rows; i++) {
      long row = x + i * rowStride * Float.BYTES;
      for (long j = 0; j < length; j += STEP) {
        FloatVector v = FloatVector.fromMemorySegment(S, SPACE, row + j, ORDER);
        v = v.blend(v.mul(LEAK), v.compare(VectorOperators.LT, 0f));
        v.intoMemorySegment(SPACE, row + j, ORDER);
      }
    }
  }

  static void leakyReluDerivative(
      int rows, int columns, long dy, long dyRowStride, long y, long yRowStride) {
    long length = (long) Kernels.padded(columns) * Float.BYTES;
    for (int i = 0; i < rows; i++) {
      long dyRow = dy + i * dyRowStride * Float.BYTES;
      long yRow = y + i * yRowStride * Float.BYTES;
      for (long j = 0; j < length; j += STEP) {
        FloatVector v = FloatVector.fromMemorySegment(S, SPACE, yRow + j, ORDER);
        FloatVector d = FloatVector.fromMemorySegment(S, SPACE, dyRow + j, ORDER);
        d = d.mul(LEAK).blend(d, v.compare(VectorOperators.GT, 0f));
        d.intoMemorySegment(SPACE, dyRow + j, ORDER);
      }
    }
  }

  static void hardSigmoid(int rows, int columns, long x, long rowStride, float slope) {
    long length = (long) Kernels.padded(columns) * Float.BYTES;
    FloatVector slopes = FloatVector.broadcast(S, slope);
    FloatVector halves = FloatVector.broadcast(S, 0.5f);
    for (int i = 0; i < rows; i++) {
      long row = x + i * rowStride * Float.BYTES;
      for (long j = 0; j < length; j += STEP) {
        FloatVector v = FloatVector.fromMemorySegment(S, SPACE, row + j, ORDER);
        v = v.fma(slopes, halves);
        v = v.blend(0f, v.compare(VectorOperators.LT, 0f));
        v = v.blend(1f, v.compare(VectorOperators.GT, 1f));
        v.intoMemorySegment(SPACE, row + j, ORDER);
      }
    }
  }

  static void hardSigmoidDerivative(
      int rows, int columns, long dy, long dyRowStride, long y, long yRowStride, float slope) {
    long length = (long) Kernels.padded(columns) * Float.BYTES;
    FloatVector zero = FloatVector.zero(S);
    for (int i = 0; i < rows; i++) {
      long dyRow = dy + i * dyRowStride * Float.BYTES;
      long yRow = y + i * yRowStride * Float.BYTES;
      for (long j = 0; j < length; j += STEP) {
        FloatVector v = FloatVector.fromMemorySegment(S, SPACE, yRow + j, ORDER);
        FloatVector d = FloatVector.fromMemorySegment(S, SPACE, dyRow + j, ORDER);
        d = d.mul(slope);
        d = zero.blend(d, v.compare(VectorOperators.GT, 0f).and(v.compare(VectorOperators.LT, 1f)));
        d.intoMemorySegment(SPACE, dyRow + j, ORDER);
      }
    }
  }

  static void hardSilu(int rows, int columns, long x, long rowStride) {
    long length = (long) Kernels.padded(columns) * Float.BYTES;
    for (int i = 0; i < rows; i++) {
      long row = x + i * rowStride * Float.BYTES;
      for (long j = 0; j < length; j += STEP) {
        FloatVector v = FloatVector.fromMemorySegment(S, SPACE, row + j, ORDER);
        FloatVector y = v.fma(SIXTH, 0.5f);
        y = y.blend(0f, y.compare(VectorOperators.LT, 0f));
        y = y.blend(1f, y.compare(VectorOperators.GT, 1f));
        v.mul(y).intoMemorySegment(SPACE, row + j, ORDER);
      }
    }
  }

  static void hardSiluDerivative(
      int rows, int columns, long dy, long dyRowStride, long y, long yRowStride) {
    long length = (long) Kernels.padded(columns) * Float.BYTES;
    for (int i = 0; i < rows; i++) {
      long dyRow = dy + i * dyRowStride * Float.BYTES;
      long yRow = y + i * yRowStride * Float.BYTES;
      for (long j = 0; j < length; j += STEP) {
        FloatVector v = FloatVector.fromMemorySegment(S, SPACE, yRow + j, ORDER);
        FloatVector d = FloatVector.fromMemorySegment(S, SPACE, dyRow + j, ORDER);
        FloatVector slope = v.fma(THIRD, 0.5f);
        slope = slope.blend(0f, v.compare(VectorOperators.LE, -3f));
        slope = slope.blend(1f, v.compare(VectorOperators.GE, 3f));
        d = d.mul(slope);
        d.intoMemorySegment(SPACE, dyRow + j, ORDER);
      }
    }
  }

  static void softsign(int rows, int columns, long x, long rowStride) {
    long length = (long) Kernels.padded(columns) * Float.BYTES;
    for (int i = 0; i < rows; i++) {
      long row = x + i * rowStride * Float.BYTES;
      for (long j = 0; j < length; j += STEP) {
        FloatVector v = FloatVector.fromMemorySegment(S, SPACE, row + j, ORDER);
        v.div(v.abs().add(1f)).intoMemorySegment(SPACE, row + j, ORDER);
      }
    }
  }

  static void softsignDerivative(
      int rows, int columns, long dy, long dyRowStride, long y, long yRowStride) {
    long length = (long) Kernels.padded(columns) * Float.BYTES;
    FloatVector one = FloatVector.broadcast(S, 1f);
    for (int i = 0; i < rows; i++) {
      long dyRow = dy + i * dyRowStride * Float.BYTES;
      long yRow = y + i * yRowStride * Float.BYTES;
      for (long j = 0; j < length; j += STEP) {
        FloatVector v = FloatVector.fromMemorySegment(S, SPACE, yRow + j, ORDER);
        FloatVector d = FloatVector.fromMemorySegment(S, SPACE, dyRow + j, ORDER);
        FloatVector u = one.sub(v.abs());
        d = d.mul(u.mul(u));
        d.intoMemorySegment(SPACE, dyRow + j, ORDER);
      }
    }
  }
}
