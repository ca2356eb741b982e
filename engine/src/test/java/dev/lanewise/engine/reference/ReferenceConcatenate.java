package dev.lanewise.engine.reference;

import dev.lanewise.engine.layer.Concatenate;
import java.util.ArrayList;
import java.util.List;

/** Signals one after another. */
final class ReferenceConcatenate implements ReferenceMerge {
  private final Concatenate layer;
  private List<Signal> inputs = List.of();
  private boolean features;

  ReferenceConcatenate(Concatenate layer) {
    this.layer = layer;
  }

  @Override
  public Signal merge(List<Signal> read) {
    inputs = read;
    features = layer.axis() == -1 || layer.axis() == 2 || read.getFirst().positions() == 1;
    List<double[][]> steps = new ArrayList<>();
    if (!features) {
      read.forEach(x -> steps.addAll(List.of(x.at())));
      boolean masked = read.stream().anyMatch(x -> x.used() != null);
      List<boolean[]> used = new ArrayList<>();
      for (Signal x : read) {
        for (int p = 0; masked && p < x.positions(); p++) {
          boolean[] step = new boolean[x.samples()];
          for (int n = 0; n < step.length; n++) {
            step[n] = x.uses(p, n);
          }
          used.add(step);
        }
      }
      return new Signal(steps.toArray(double[][][]::new))
          .masked(masked ? used.toArray(boolean[][]::new) : null);
    }
    int width = read.stream().mapToInt(Signal::width).sum();
    Signal y = Signal.zeros(read.getFirst().positions(), read.getFirst().samples(), width);
    int column = 0;
    for (Signal x : read) {
      for (int p = 0; p < x.positions(); p++) {
        for (int n = 0; n < x.samples(); n++) {
          System.arraycopy(x.at()[p][n], 0, y.at()[p][n], column, x.width());
        }
      }
      column += x.width();
    }
    return y.masked(ReferenceMerge.masked(layer.rule(), read));
  }

  @Override
  public List<Signal> part(Signal dy, List<double[]> gradients) {
    List<Signal> all = new ArrayList<>();
    int position = 0;
    int column = 0;
    for (Signal x : inputs) {
      Signal dx = Signal.zeros(x.positions(), x.samples(), x.width());
      for (int p = 0; p < x.positions(); p++) {
        for (int n = 0; n < x.samples(); n++) {
          System.arraycopy(dy.at()[position + p][n], column, dx.at()[p][n], 0, x.width());
        }
      }
      position += features ? 0 : x.positions();
      column += features ? x.width() : 0;
      all.add(dx);
    }
    return all;
  }
}
