package dev.lanewise.cuda.layer;

/** A layer that says which steps of a sequence count. */
public interface MaskSource {
  /** Returns the address of the mask, [steps][rows] of 0 and 1; 0 if every step counts. */
  long mask();
}
