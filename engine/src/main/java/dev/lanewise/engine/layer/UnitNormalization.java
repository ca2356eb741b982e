package dev.lanewise.engine.layer;

/**
 * Makes each vector of length 1, Keras's {@code UnitNormalization} along the last axis: y = x min(1
 * / |x|, 10^12).
 */
public record UnitNormalization() implements Rowwise {
  @Override
  public String className() {
    return "UnitNormalization";
  }

  @Override
  public String kerasName() {
    return "unit_normalization";
  }
}
