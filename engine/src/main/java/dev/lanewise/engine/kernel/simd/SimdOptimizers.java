package dev.lanewise.engine.kernel.simd;

import dev.lanewise.engine.kernel.OptimizerKernels;
import dev.lanewise.engine.tensor.AddressSpace;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/** The steps of Adam and its kin and of gradient descent over flat arrays. */
final class SimdOptimizers implements OptimizerKernels {
  private static final MemorySegment SPACE = AddressSpace.SPACE;
  private static final VectorSpecies<Float> S = Lanes.SPECIES;
  private static final ByteOrder ORDER = Lanes.ORDER;
  private static final long STEP = Lanes.BYTES;

  @Override
  public void adam(
      long count,
      long w,
      long g,
      long r,
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
      FloatVector squared = FloatVector.fromMemorySegment(S, SPACE, r + i, ORDER);
      FloatVector square = FloatVector.fromMemorySegment(S, SPACE, v + i, ORDER);
      mean = gradient.sub(mean).fma(factor1, mean);
      square = squared.fma(squared, square.neg()).fma(factor2, square);
      mean.intoMemorySegment(SPACE, m + i, ORDER);
      square.intoMemorySegment(SPACE, v + i, ORDER);
      FloatVector move = mean.mul(alpha).div(square.sqrt().add(epsilon));
      FloatVector weight = FloatVector.fromMemorySegment(S, SPACE, w + i, ORDER);
      weight.sub(move).intoMemorySegment(SPACE, w + i, ORDER);
    }
  }

  @Override
  public void average(long count, long w, long a, float momentum, float rate, boolean overwrites) {
    long length = count * Float.BYTES;
    FloatVector kept = FloatVector.broadcast(S, momentum);
    for (long i = 0; i < length; i += STEP) {
      FloatVector weight = FloatVector.fromMemorySegment(S, SPACE, w + i, ORDER);
      FloatVector mean = FloatVector.fromMemorySegment(S, SPACE, a + i, ORDER);
      mean = kept.fma(mean, weight.mul(rate));
      mean.intoMemorySegment(SPACE, a + i, ORDER);
      if (overwrites) {
        mean.intoMemorySegment(SPACE, w + i, ORDER);
      }
    }
  }

  @Override
  public void amsgrad(
      long count,
      long w,
      long g,
      long r,
      long m,
      long v,
      long h,
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
      FloatVector squared = FloatVector.fromMemorySegment(S, SPACE, r + i, ORDER);
      FloatVector square = FloatVector.fromMemorySegment(S, SPACE, v + i, ORDER);
      mean = gradient.sub(mean).fma(factor1, mean);
      square = squared.fma(squared, square.neg()).fma(factor2, square);
      mean.intoMemorySegment(SPACE, m + i, ORDER);
      square.intoMemorySegment(SPACE, v + i, ORDER);
      FloatVector largest = FloatVector.fromMemorySegment(S, SPACE, h + i, ORDER).max(square);
      largest.intoMemorySegment(SPACE, h + i, ORDER);
      FloatVector move = mean.mul(alpha).div(largest.sqrt().add(epsilon));
      FloatVector weight = FloatVector.fromMemorySegment(S, SPACE, w + i, ORDER);
      weight.sub(move).intoMemorySegment(SPACE, w + i, ORDER);
    }
  }

  @Override
  public void nadam(
      long count,
      long w,
      long g,
      long r,
      long m,
      long v,
      float learningRate,
      float rate1,
      float rate2,
      float meanFactor,
      float gradientFactor,
      float squareFactor,
      float epsilon) {
    long length = count * Float.BYTES;
    FloatVector factor1 = FloatVector.broadcast(S, rate1);
    FloatVector factor2 = FloatVector.broadcast(S, rate2);
    FloatVector ofMean = FloatVector.broadcast(S, meanFactor);
    for (long i = 0; i < length; i += STEP) {
      FloatVector gradient = FloatVector.fromMemorySegment(S, SPACE, g + i, ORDER);
      FloatVector mean = FloatVector.fromMemorySegment(S, SPACE, m + i, ORDER);
      FloatVector squared = FloatVector.fromMemorySegment(S, SPACE, r + i, ORDER);
      FloatVector square = FloatVector.fromMemorySegment(S, SPACE, v + i, ORDER);
      mean = gradient.sub(mean).fma(factor1, mean);
      square = squared.fma(squared, square.neg()).fma(factor2, square);
      mean.intoMemorySegment(SPACE, m + i, ORDER);
      square.intoMemorySegment(SPACE, v + i, ORDER);
      FloatVector ahead = ofMean.fma(mean, gradient.mul(gradientFactor));
      FloatVector divisor = square.mul(squareFactor).sqrt().add(epsilon);
      FloatVector move = ahead.mul(learningRate).div(divisor);
      FloatVector weight = FloatVector.fromMemorySegment(S, SPACE, w + i, ORDER);
      weight.sub(move).intoMemorySegment(SPACE, w + i, ORDER);
    }
  }

  @Override
  public void decay(long count, long w, float rate) {
    long length = count * Float.BYTES;
    FloatVector factor = FloatVector.broadcast(S, -rate);
    for (long i = 0; i < length; i += STEP) {
      FloatVector weight = FloatVector.fromMemorySegment(S, SPACE, w + i, ORDER);
      factor.fma(weight, weight).intoMemorySegment(SPACE, w + i, ORDER);
    }
  }

  @Override
  public void sgd(long count, long w, long g, float learningRate) {
    long length = count * Float.BYTES;
    FloatVector rate = FloatVector.broadcast(S, -learningRate);
    for (long i = 0; i < length; i += STEP) {
      FloatVector gradient = FloatVector.fromMemorySegment(S, SPACE, g + i, ORDER);
      FloatVector weight = FloatVector.fromMemorySegment(S, SPACE, w + i, ORDER);
      rate.fma(gradient, weight).intoMemorySegment(SPACE, w + i, ORDER);
    }
  }

  @Override
  public void sgdMomentum(
      long count, long w, long g, long s, float learningRate, float momentum, boolean nesterov) {
    if (nesterov) {
      nesterov(count, w, g, s, learningRate, momentum);
    } else {
      momentum(count, w, g, s, learningRate, momentum);
    }
  }

  private static void momentum(
      long count, long w, long g, long s, float learningRate, float momentum) {
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

  private static void nesterov(
      long count, long w, long g, long s, float learningRate, float momentum) {
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

  @Override
  public void rmsProp(
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
    SimdRmsProp.run(count, w, g, r, v, p, a, learningRate, rho, rate, momentum, epsilon);
  }

  @Override
  public void adamax(
      long count,
      long w,
      long g,
      long m,
      long u,
      float alpha,
      float rate1,
      float beta2,
      float epsilon) {
    SimdAdaptive.adamax(count, w, g, m, u, alpha, rate1, beta2, epsilon);
  }

  @Override
  public void adagrad(
      long count, long w, long g, long r, long a, float learningRate, float epsilon) {
    SimdAdaptive.adagrad(count, w, g, r, a, learningRate, epsilon);
  }

  @Override
  public void adadelta(
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
    SimdAdaptive.adadelta(count, w, g, r, a, b, learningRate, rho, rate, epsilon);
  }

  @Override
  public void lion(
      long count,
      long w,
      long g,
      long m,
      float learningRate,
      float beta1,
      float rate1,
      float beta2,
      float rate2) {
    SimdAdaptive.lion(count, w, g, m, learningRate, beta1, rate1, beta2, rate2);
  }
}
