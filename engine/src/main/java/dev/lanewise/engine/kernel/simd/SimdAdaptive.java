package dev.lanewise.engine.kernel.simd;

import dev.lanewise.engine.tensor.AddressSpace;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** The steps of Adamax, Adagrad, Adadelta and Lion over flat arrays. */
final class SimdAdaptive {
  private static final MemorySegment SPACE = AddressSpace.SPACE;
  private static final VectorSpecies<Float> S = Lanes.SPECIES;
  private static final ByteOrder ORDER = Lanes.ORDER;
  private static final long STEP = Lanes.BYTES;

  private SimdAdaptive() {}

  static void adamax(
      long count,
      long w,
      long g,
      long m,
      long u,
      float alpha,
      float rate1,
      float beta2,
      float epsilon) {
    long length = count * Float.BYTES;
    FloatVector factor = FloatVector.broadcast(S, rate1);
    for (long i = 0; i < length; i += STEP) {
      FloatVector gradient = FloatVector.fromMemorySegment(S, SPACE, g + i, ORDER);
      FloatVector mean = FloatVector.fromMemorySegment(S, SPACE, m + i, ORDER);
      FloatVector norm = FloatVector.fromMemorySegment(S, SPACE, u + i, ORDER);
      mean = gradient.sub(mean).fma(factor, mean);
      norm = norm.mul(beta2).max(gradient.abs());
      mean.intoMemorySegment(SPACE, m + i, ORDER);
      norm.intoMemorySegment(SPACE, u + i, ORDER);
      FloatVector move = mean.mul(alpha).div(norm.add(epsilon));
      FloatVector weight = FloatVector.fromMemorySegment(S, SPACE, w + i, ORDER);
      weight.sub(move).intoMemorySegment(SPACE, w + i, ORDER);
    }
  }

  static void adagrad(
      long count, long w, long g, long r, long a, float learningRate, float epsilon) {
    long length = count * Float.BYTES;
    for (long i = 0; i < length; i += STEP) {
      FloatVector gradient = FloatVector.fromMemorySegment(S, SPACE, g + i, ORDER);
      FloatVector squared = FloatVector.fromMemorySegment(S, SPACE, r + i, ORDER);
      FloatVector sum = FloatVector.fromMemorySegment(S, SPACE, a + i, ORDER);
      sum = squared.fma(squared, sum);
      sum.intoMemorySegment(SPACE, a + i, ORDER);
      FloatVector step = gradient.mul(learningRate).div(sum.add(epsilon).sqrt());
      FloatVector weight = FloatVector.fromMemorySegment(S, SPACE, w + i, ORDER);
      weight.sub(step).intoMemorySegment(SPACE, w + i, ORDER);
    }
  }

  static void adadelta(
      long count,
      long w,
      long g,
      long r,
      long a,
      long b,
      float learningRate,
      float rho,
      float rate,
      float epsilon) {
    long length = count * Float.BYTES;
    FloatVector keep = FloatVector.broadcast(S, rho);
    FloatVector factor = FloatVector.broadcast(S, -learningRate);
    for (long i = 0; i < length; i += STEP) {
      FloatVector gradient = FloatVector.fromMemorySegment(S, SPACE, g + i, ORDER);
      FloatVector square = FloatVector.fromMemorySegment(S, SPACE, a + i, ORDER);
      FloatVector steps = FloatVector.fromMemorySegment(S, SPACE, b + i, ORDER);
      FloatVector squared = FloatVector.fromMemorySegment(S, SPACE, r + i, ORDER);
      square = keep.fma(square, squared.mul(squared).mul(rate));
      square.intoMemorySegment(SPACE, a + i, ORDER);
      FloatVector root = steps.add(epsilon).sqrt();
      FloatVector divisor = square.add(epsilon).sqrt();
      FloatVector step = root.mul(gradient).div(divisor);
      FloatVector moved = root.mul(squared).div(divisor);
      steps = keep.fma(steps, moved.mul(moved).mul(rate));
      steps.intoMemorySegment(SPACE, b + i, ORDER);
      FloatVector weight = FloatVector.fromMemorySegment(S, SPACE, w + i, ORDER);
      factor.fma(step, weight).intoMemorySegment(SPACE, w + i, ORDER);
    }
  }

  static void lion(
      long count,
      long w,
      long g,
      long m,
      float learningRate,
      float beta1,
      float rate1,
      float beta2,
      float rate2) {
    long length = count * Float.BYTES;
    FloatVector share = FloatVector.broadcast(S, beta1);
    FloatVector keep = FloatVector.broadcast(S, beta2);
    for (long i = 0; i < length; i += STEP) {
      FloatVector gradient = FloatVector.fromMemorySegment(S, SPACE, g + i, ORDER);
      FloatVector mean = FloatVector.fromMemorySegment(S, SPACE, m + i, ORDER);
      FloatVector mixed = share.fma(mean, gradient.mul(rate1));
      VectorMask<Float> up = mixed.compare(VectorOperators.GT, 0f);
      VectorMask<Float> down = mixed.compare(VectorOperators.LT, 0f);
      FloatVector step = mixed.blend(learningRate, up).blend(-learningRate, down);
      FloatVector weight = FloatVector.fromMemorySegment(S, SPACE, w + i, ORDER);
      weight.sub(step).intoMemorySegment(SPACE, w + i, ORDER);
      keep.fma(mean, gradient.mul(rate2)).intoMemorySegment(SPACE, m + i, ORDER);
    }
  }
}
