package dev.lanewise.engine.backend.cpu.layer;

import dev.lanewise.engine.layer.WindowPlaces;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What windows at some neighbouring places see, as runs: neighbouring places that see neighbouring
 * positions by the same tap. Runs are by taps in ascending order, then by places.
 */
final class WindowRuns {
  private static final int TAP = 0;
  private static final int TO = 1;
  private static final int FROM = 2;
  private static final int LENGTH = 3;
  private static final int NUMBERS = 4;

  private final int first;
  private final int end;
  private final int[] runs;

  private WindowRuns(int first, int end, int[] runs) {
    this.first = first;
    this.end = end;
    this.runs = runs;
  }

  /** Who meets whom by a tap, {@link WindowPlaces#NONE} if nobody. */
  private interface Partner {
    int of(int place, int tap);
  }

  /** Returns what places see, so many places at a time. */
  static WindowRuns[] seen(WindowPlaces windows, int atATime) {
    return of(windows.count(), windows.size(), atATime, windows::step);
  }

  /** Returns the places that see positions, so many positions at a time. */
  static WindowRuns[] seeing(WindowPlaces windows, int positions, int atATime) {
    return of(positions, windows.size(), atATime, windows::place);
  }

  private static WindowRuns[] of(int count, int taps, int atATime, Partner partner) {
    List<WindowRuns> parts = new ArrayList<>();
    for (int first = 0; first < count; first += atATime) {
      int end = Math.min(count, first + atATime);
      IntStream.Builder runs = IntStream.builder();
      for (int tap = 0; tap < taps; tap++) {
        for (int place = first, next; place < end; place = next) {
          int from = partner.of(place, tap);
          next = place + 1;
          while (from != WindowPlaces.NONE
              && next < end
              && partner.of(next, tap) == from + next - place) {
            next++;
          }
          if (from != WindowPlaces.NONE) {
            runs.add(tap).add(place).add(from).add(next - place);
          }
        }
      }
      parts.add(new WindowRuns(first, end, runs.build().toArray()));
    }
    return parts.toArray(WindowRuns[]::new);
  }

  /** Returns the first of the places. */
  int first() {
    return first;
  }

  /** Returns the place after the last. */
  int end() {
    return end;
  }

  /** Returns how many runs there are. */
  int count() {
    return runs.length / NUMBERS;
  }

  int tap(int run) {
    return runs[run * NUMBERS + TAP];
  }

  /** Returns a run's first place. */
  int to(int run) {
    return runs[run * NUMBERS + TO];
  }

  /** Returns the position that a run's first place sees. */
  int from(int run) {
    return runs[run * NUMBERS + FROM];
  }

  /** Returns how many places a run has. */
  int length(int run) {
    return runs[run * NUMBERS + LENGTH];
  }
}
