package dev.lanewise.engine.kernel.scalar;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import dev.lanewise.engine.kernel.OptimizerKernels;
import dev.lanewise.engine.tensor.AddressSpace;
import java.lang.foreign.MemorySegment;

/** The optimizers' steps, one element at a time. */
final class ScalarOptimizers implements OptimizerKernels {
  private static final MemorySegment SPACE = AddressSpace.SPACE;

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
    for (long i = 0; i < count; i++) {
      float mean = mean(at(m, i), get(at(g, i)), rate1);
      float square = square(at(v, i), get(at(r, i)), rate2);
      set(at(w, i), get(at(w, i)) - (alpha * mean) / (root(square) + epsilon));
    }
  }

  @Override
  public void sgd(long count, long w, long g, float learningRate) {
    for (long i = 0; i < count; i++) {
      set(at(w, i), Math.fma(-learningRate, get(at(g, i)), get(at(w, i))));
    }
  }

  @Override
  public void sgdMomentum(
      long count, long w, long g, long s, float learningRate, float momentum, boolean nesterov) {
    for (long i = 0; i < count; i++) {
      float step = -(learningRate * get(at(g, i)));
      float velocity = Math.fma(momentum, get(at(s, i)), step);
      set(at(s, i), velocity);
      float move = nesterov ? Math.fma(momentum, velocity, step) : velocity;
      set(at(w, i), get(at(w, i)) + move);
    }
  }

  @Override
  public void decay(long count, long w, float rate) {
    for (long i = 0; i < count; i++) {
      float weight = get(at(w, i));
      set(at(w, i), Math.fma(-rate, weight, weight));
    }
  }

  @Override
  public void average(long count, long w, long a, float momentum, float rate, boolean overwrites) {
    for (long i = 0; i < count; i++) {
      float mean = Math.fma(momentum, get(at(a, i)), rate * get(at(w, i)));
      set(at(a, i), mean);
      if (overwrites) {
        set(at(w, i), mean);
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
    for (long i = 0; i < count; i++) {
      float mean = mean(at(m, i), get(at(g, i)), rate1);
      float square = square(at(v, i), get(at(r, i)), rate2);
      float largest = Math.max(get(at(h, i)), square);
      set(at(h, i), largest);
      set(at(w, i), get(at(w, i)) - (alpha * mean) / (root(largest) + epsilon));
    }
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
    for (long i = 0; i < count; i++) {
      float gradient = get(at(g, i));
      float mean = mean(at(m, i), gradient, rate1);
      float norm = Math.max(beta2 * get(at(u, i)), Math.abs(gradient));
      set(at(u, i), norm);
      set(at(w, i), get(at(w, i)) - (alpha * mean) / (norm + epsilon));
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
    for (long i = 0; i < count; i++) {
      float gradient = get(at(g, i));
      float mean = mean(at(m, i), gradient, rate1);
      float square = square(at(v, i), get(at(r, i)), rate2);
      float ahead = Math.fma(meanFactor, mean, gradientFactor * gradient);
      float divisor = root(square * squareFactor) + epsilon;
      set(at(w, i), get(at(w, i)) - (learningRate * ahead) / divisor);
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
    for (long i = 0; i < count; i++) {
      float gradient = get(at(g, i));
      float squared = get(at(r, i));
      float spread = Math.fma(rho, get(at(v, i)), rate * (squared * squared));
      set(at(v, i), spread);
      if (a != 0) {
        float average = Math.fma(rho, get(at(a, i)), rate * gradient);
        set(at(a, i), average);
        spread = Math.fma(-average, average, spread);
      }
      float step = (learningRate * gradient) / root(spread + epsilon);
      if (p != 0) {
        step = Math.fma(momentum, get(at(p, i)), step);
        set(at(p, i), step);
      }
      set(at(w, i), get(at(w, i)) - step);
    }
  }

  @Override
  public void adagrad(
      long count, long w, long g, long r, long a, float learningRate, float epsilon) {
    for (long i = 0; i < count; i++) {
      float gradient = get(at(g, i));
      float squared = get(at(r, i));
      float sum = Math.fma(squared, squared, get(at(a, i)));
      set(at(a, i), sum);
      set(at(w, i), get(at(w, i)) - (learningRate * gradient) / root(sum + epsilon));
    }
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
    for (long i = 0; i < count; i++) {
      float gradient = get(at(g, i));
      float squared = get(at(r, i));
      float square = Math.fma(rho, get(at(a, i)), rate * (squared * squared));
      float steps = get(at(b, i));
      float step = (root(steps + epsilon) * gradient) / root(square + epsilon);
      float moved = (root(steps + epsilon) * squared) / root(square + epsilon);
      set(at(a, i), square);
      set(at(b, i), Math.fma(rho, steps, rate * (moved * moved)));
      set(at(w, i), Math.fma(-learningRate, step, get(at(w, i))));
    }
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
    for (long i = 0; i < count; i++) {
      float gradient = get(at(g, i));
      float mean = get(at(m, i));
      float mixed = Math.fma(beta1, mean, rate1 * gradient);
      float step = mixed > 0 ? learningRate : mixed < 0 ? -learningRate : mixed;
      set(at(w, i), get(at(w, i)) - step);
      set(at(m, i), Math.fma(beta2, mean, rate2 * gradient));
    }
  }

  private static float mean(long m, float gradient, float rate) {
    float mean = get(m);
    mean = Math.fma(gradient - mean, rate, mean);
    set(m, mean);
    return mean;
  }

  private static float square(long v, float squared, float rate) {
    float square = get(v);
    square = Math.fma(Math.fma(squared, squared, -square), rate, square);
    set(v, square);
    return square;
  }

  /** The root of a float, taken in double and rounded, is the correctly rounded one. */
  private static float root(float x) {
    return (float) Math.sqrt(x);
  }

  private static long at(long address, long elements) {
    return address + elements * Float.BYTES;
  }

  private static float get(long address) {
    return SPACE.get(JAVA_FLOAT, address);
  }

  private static void set(long address, float value) {
    SPACE.set(JAVA_FLOAT, address, value);
  }
}
