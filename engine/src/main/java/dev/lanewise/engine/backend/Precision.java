package dev.lanewise.engine.backend;

/** In what a predictor keeps the matrices that its products read. Sums are float32 in either. */
public enum Precision {
  /** As they were trained. */
  FLOAT32,

  /**
   * The kernels of recurrent and of dense layers, and of the heads of attention, are rounded once
   * to bfloat16, half as many bytes, to the nearest with ties to even: 8 bits of a weight in place
   * of 24. Biases and all else stay. Answers differ from those of float32, and are the same
   * whatever they are asked for with.
   */
  BF16
}
