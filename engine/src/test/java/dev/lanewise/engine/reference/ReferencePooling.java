package dev.lanewise.engine.reference;

import dev.lanewise.engine.layer.SlidingWindow;
import java.util.ArrayList;
import java.util.List;

/** Maxima and means of windows; a maximum's gradient goes to the first step that has it. */
final class ReferencePooling implements ReferenceLayer {
  private final SlidingWindow window;
  private final boolean largest;
  private Signal input;

  ReferencePooling(SlidingWindow window, boolean largest) {
    this.window = window;
    this.largest = largest;
  }

  @Override
  public Signal forward(Signal x) {
    input = x;
    int places = ReferenceWindow.over(window, x.positions()).places();
    Signal y = Signal.zeros(places, x.samples(), x.width());
    for (int p = 0; p < places; p++) {
      for (int n = 0; n < x.samples(); n++) {
        for (int c = 0; c < x.width(); c++) {
          for (int step : sharers(p, n, c)) {
            y.at()[p][n][c] += x.at()[step][n][c] / sharers(p, n, c).size();
          }
        }
      }
    }
    return y;
  }

  /** Returns the steps whose mean an output is: all of the window, or the first that is largest. */
  private List<Integer> sharers(int place, int sample, int column) {
    ReferenceWindow places = ReferenceWindow.over(window, input.positions());
    List<Integer> steps = new ArrayList<>();
    for (int at = 0; at < window.size(); at++) {
      int step = places.step(place, at);
      if (step >= 0 && step < input.positions()) {
        steps.add(step);
      }
    }
    if (!largest) {
      return steps;
    }
    int best = steps.getFirst();
    for (int step : steps) {
      best = input.at()[step][sample][column] > input.at()[best][sample][column] ? step : best;
    }
    return List.of(best);
  }

  @Override
  public Signal backward(Signal dy, List<double[]> gradients) {
    Signal dx = Signal.zeros(input.positions(), input.samples(), input.width());
    for (int p = 0; p < dy.positions(); p++) {
      for (int n = 0; n < dy.samples(); n++) {
        for (int c = 0; c < dy.width(); c++) {
          for (int step : sharers(p, n, c)) {
            dx.at()[step][n][c] += dy.at()[p][n][c] / sharers(p, n, c).size();
          }
        }
      }
    }
    return dx;
  }
}
