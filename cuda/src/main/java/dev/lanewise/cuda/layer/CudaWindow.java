package dev.lanewise.cuda.layer;

import dev.lanewise.cuda.driver.Struct;
import dev.lanewise.engine.layer.SlidingWindow;
import dev.lanewise.engine.layer.SlidingWindow.Windows;

/** {@code struct Window} of windows.cuh: a window along rows or columns. */
final class CudaWindow {
  /** What slides across a sequence, which has one column. */
  static final Windows ONE_COLUMN = SlidingWindow.of(1).over("window", 1);

  private CudaWindow() {}

  /** Adds the structure to one that begins with it, or has its fields in its midst. */
  static Struct addTo(Struct struct, Windows windows) {
    return struct
        .integer(windows.steps())
        .integer(windows.count())
        .integer(windows.size())
        .integer(windows.window().dilationRate())
        .integer(windows.window().strides())
        .integer(Math.toIntExact(windows.before()));
  }
}
