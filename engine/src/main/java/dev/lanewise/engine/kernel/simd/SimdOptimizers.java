package dev.lanewise.engine.kernel.simd;

import dev.lanewise.engine.tensor.AddressSpace;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/** The optimizers' steps over flat arrays. */
final class SimdOptimizers {
  private static final MemorySegment SPACE = AddressSpace.SPACE;
  private static final VectorSpecies<Float> S = Lanes.SPECIES;
  private static final ByteOrder ORDER = Lanes.ORDER;
  private static final long STEP = Lanes.BYTES;

  private SimdOptimizers() {}

  static void adam(
      long count,
      long w,
      long g,
      long m,
      long v,
      float alpha,
      float rate1,
      float rate2,
      float epsilon) {
    long length = count * Float.BYTES;
    FloatVector factor1 = FloatVector.broadcast(S, rate1);
    FloatVector factor2 = FloatVector.broadcast(S, rate2);
    for (long i = 0; i < length; i += STEP) {
      FloatVector gradient = FloatVector.fromMemorySegment(S, SPACE, g + i, ORDER);
      FloatVector mean = FloatVector.fromMemorySegment(S, SPACE, m + i, ORDER);
      FloatVector square = FloatVector.fromMemorySegment(S, SPACE, v + i, ORDER);
      mean = gradient.sub(mean).fma(factor1, mean);
      square = gradient.fma(gradient, square.neg()).fma(factor2, square);
      mean.intoMemorySegment(SPACE, m + i, ORDER);
      square.intoMemorySegment(SPACE, v + i, ORDER);
      FloatVector move = mean.mul(alpha).div(square.sqrt().add(epsilon));
      FloatVector weight = FloatVector.fromMemorySegment(S, SPACE, w + i, ORDER);
      weight.sub(move).intoMemorySegment(SPACE, w + i, ORDER);
    }
  }

  static void sgd(long count, long w, long g, float learningRate) {
    long length = count * Float.BYTES;
    FloatVector rate = FloatVector.broadcast(S, -learningRate);
    for (long i = 0; i < length; i += STEP) {
      FloatVector gradient = FloatVector.fromMemorySegment(S, SPACE, g + i, ORDER);
      FloatVector weight = FloatVector.fromMemorySegment(S, SPACE, w + i, ORDER);
      rate.fma(gradient, weight).intoMemorySegment(SPACE, w + i, ORDER);
    }
  }

  static void momentum(long count, long w, long g, long s, float learningRate, float momentum) {
    long length = count * Float.BYTES;
    FloatVector rate = FloatVector.broadcast(S, -learningRate);
    FloatVector keep = FloatVector.broadcast(S, momentum);
    for (long i = 0; i < length; i += STEP) {
      FloatVector step = FloatVector.fromMemorySegment(S, SPACE, g + i, ORDER).mul(rate);
      FloatVector velocity = FloatVector.fromMemorySegment(S, SPACE, s + i, ORDER);
      velocity = keep.fma(velocity, step);
      velocity.intoMemorySegment(SPACE, s + i, ORDER);
      FloatVector weight = FloatVector.fromMemorySegment(S, SPACE, w + i, ORDER);
      weight.add(velocity).intoMemorySegment(SPACE, w + i, ORDER);
    }
  }

  static void nesterov(long count, long w, long g, long s, float learningRate, float momentum) {
    long length = count * Float.BYTES;
    FloatVector rate = FloatVector.broadcast(S, -learningRate);
    FloatVector keep = FloatVector.broadcast(S, momentum);
    for (long i = 0; i < length; i += STEP) {
      FloatVector step = FloatVector.fromMemorySegment(S, SPACE, g + i, ORDER).mul(rate);
      FloatVector velocity = FloatVector.fromMemorySegment(S, SPACE, s + i, ORDER);
      velocity = keep.fma(velocity, step);
      velocity.intoMemorySegment(SPACE, s + i, ORDER);
      FloatVector weight = FloatVector.fromMemorySegment(S, SPACE, w + i, ORDER);
      weight.add(keep.fma(velocity, step)).intoMemorySegment(SPACE, w + i, ORDER);
    }
  }
}
