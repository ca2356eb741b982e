package dev.lanewise.engine.data;

/** Whether a file's numbers are levels of pixels or values; one rule for every kind of file. */
public enum Scaling {
  /** Pixels if all are whole numbers from 0 to 255 and one is above 1, values otherwise. */
  AUTO,
  /** Levels of pixels, divided by 255. */
  PIXELS,
  /** Values, taken as they are. */
  NONE
}
