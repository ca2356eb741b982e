package dev.lanewise.engine.backend.cpu.loss;

/** Where a loss leaves the gradient by a row's outputs. */
interface RowGradient {
  /** Nowhere, for who asks for the value alone. */
  RowGradient NONE = (unit, value) -> {};

  /** Takes the gradient by an output. */
  void setGradient(int unit, float value);
}
