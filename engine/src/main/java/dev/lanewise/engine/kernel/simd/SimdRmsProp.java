package dev.lanewise.engine.kernel.simd;

import dev.lanewise.engine.tensor.AddressSpace;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * RMSprop's steps over flat arrays: a loop for each of its forms, since vectors that meet after a
 * branch may be boxed.
 */
final class SimdRmsProp {
  private static final MemorySegment SPACE = AddressSpace.SPACE;
  private static final VectorSpecies<Float> S = Lanes.SPECIES;
  private static final ByteOrder ORDER = Lanes.ORDER;
  private static final long STEP = Lanes.BYTES;

  private SimdRmsProp() {}

  static void run(
      long count,
      long w,
      long g,
      long r,
      long v,
      long p,
      long a,
      float learningRate,
      float rho,
      float rate,
      float momentum,
      float epsilon) {
    if (p == 0 && a == 0) {
      plain(count, w, g, r, v, learningRate, rho, rate, epsilon);
    } else if (a == 0) {
      withMomentum(count, w, g, r, v, p, learningRate, rho, rate, momentum, epsilon);
    } else if (p == 0) {
      centered(count, w, g, r, v, a, learningRate, rho, rate, epsilon);
    } else {
      centeredWithMomentum(count, w, g, r, v, p, a, learningRate, rho, rate, momentum, epsilon);
    }
  }

  private static void plain(
      long count,
      long w,
      long g,
      long r,
      long v,
      float learningRate,
      float rho,
      float rate,
      float epsilon) {
    long length = count * Float.BYTES;
    FloatVector keep = FloatVector.broadcast(S, rho);
    for (long i = 0; i < length; i += STEP) {
      FloatVector gradient = FloatVector.fromMemorySegment(S, SPACE, g + i, ORDER);
      FloatVector squared = FloatVector.fromMemorySegment(S, SPACE, r + i, ORDER);
      FloatVector square = FloatVector.fromMemorySegment(S, SPACE, v + i, ORDER);
      square = keep.fma(square, squared.mul(squared).mul(rate));
      square.intoMemorySegment(SPACE, v + i, ORDER);
      FloatVector step = gradient.mul(learningRate).div(square.add(epsilon).sqrt());
      FloatVector weight = FloatVector.fromMemorySegment(S, SPACE, w + i, ORDER);
      weight.sub(step).intoMemorySegment(SPACE, w + i, ORDER);
    }
  }

  private static void withMomentum(
      long count,
      long w,
      long g,
      long r,
      long v,
      long p,
      float learningRate,
      float rho,
      float rate,
      float momentum,
      float epsilon) {
    long length = count * Float.BYTES;
    FloatVector keep = FloatVector.broadcast(S, rho);
    FloatVector glide = FloatVector.broadcast(S, momentum);
    for (long i = 0; i < length; i += STEP) {
      FloatVector gradient = FloatVector.fromMemorySegment(S, SPACE, g + i, ORDER);
      FloatVector squared = FloatVector.fromMemorySegment(S, SPACE, r + i, ORDER);
      FloatVector square = FloatVector.fromMemorySegment(S, SPACE, v + i, ORDER);
      square = keep.fma(square, squared.mul(squared).mul(rate));
      square.intoMemorySegment(SPACE, v + i, ORDER);
      FloatVector step = gradient.mul(learningRate).div(square.add(epsilon).sqrt());
      FloatVector velocity = FloatVector.fromMemorySegment(S, SPACE, p + i, ORDER);
      velocity = glide.fma(velocity, step);
      velocity.intoMemorySegment(SPACE, p + i, ORDER);
      FloatVector weight = FloatVector.fromMemorySegment(S, SPACE, w + i, ORDER);
      weight.sub(velocity).intoMemorySegment(SPACE, w + i, ORDER);
    }
  }

  private static void centered(
      long count,
      long w,
      long g,
      long r,
      long v,
      long a,
      float learningRate,
      float rho,
      float rate,
      float epsilon) {
    long length = count * Float.BYTES;
    FloatVector keep = FloatVector.broadcast(S, rho);
    for (long i = 0; i < length; i += STEP) {
      FloatVector gradient = FloatVector.fromMemorySegment(S, SPACE, g + i, ORDER);
      FloatVector squared = FloatVector.fromMemorySegment(S, SPACE, r + i, ORDER);
      FloatVector square = FloatVector.fromMemorySegment(S, SPACE, v + i, ORDER);
      square = keep.fma(square, squared.mul(squared).mul(rate));
      square.intoMemorySegment(SPACE, v + i, ORDER);
      FloatVector average = FloatVector.fromMemorySegment(S, SPACE, a + i, ORDER);
      average = keep.fma(average, gradient.mul(rate));
      average.intoMemorySegment(SPACE, a + i, ORDER);
      FloatVector spread = average.neg().fma(average, square);
      FloatVector step = gradient.mul(learningRate).div(spread.add(epsilon).sqrt());
      FloatVector weight = FloatVector.fromMemorySegment(S, SPACE, w + i, ORDER);
      weight.sub(step).intoMemorySegment(SPACE, w + i, ORDER);
    }
  }

  private static void centeredWithMomentum(
      long count,
      long w,
      long g,
      long r,
      long v,
      long p,
      long a,
      float learningRate,
      float rho,
      float rate,
      float momentum,
      float epsilon) {
    long length = count * Float.BYTES;
    FloatVector keep = FloatVector.broadcast(S, rho);
    FloatVector glide = FloatVector.broadcast(S, momentum);
    for (long i = 0; i < length; i += STEP) {
      FloatVector gradient = FloatVector.fromMemorySegment(S, SPACE, g + i, ORDER);
      FloatVector squared = FloatVector.fromMemorySegment(S, SPACE, r + i, ORDER);
      FloatVector square = FloatVector.fromMemorySegment(S, SPACE, v + i, ORDER);
      square = keep.fma(square, squared.mul(squared).mul(rate));
      square.intoMemorySegment(SPACE, v + i, ORDER);
      FloatVector average = FloatVector.fromMemorySegment(S, SPACE, a + i, ORDER);
      average = keep.fma(average, gradient.mul(rate));
      average.intoMemorySegment(SPACE, a + i, ORDER);
      FloatVector spread = average.neg().fma(average, square);
      FloatVector step = gradient.mul(learningRate).div(spread.add(epsilon).sqrt());
      FloatVector velocity = FloatVector.fromMemorySegment(S, SPACE, p + i, ORDER);
      velocity = glide.fma(velocity, step);
      velocity.intoMemorySegment(SPACE, p + i, ORDER);
      FloatVector weight = FloatVector.fromMemorySegment(S, SPACE, w + i, ORDER);
      weight.sub(velocity).intoMemorySegment(SPACE, w + i, ORDER);
    }
  }
}
