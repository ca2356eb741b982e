package dev.lanewise.engine.reference;

import dev.lanewise.engine.layer.GetItem;
import dev.lanewise.engine.layer.GetItem.Index;
import dev.lanewise.engine.layer.GetItem.Part;
import dev.lanewise.engine.layer.GetItem.Slice;
import java.util.ArrayList;
import java.util.List;

/** Some steps and features, gone over as Python goes over a slice. */
final class ReferenceGetItem implements ReferenceLayer {
  private final GetItem layer;
  private Signal input;
  private List<Integer> steps;
  private List<Integer> features;
  private boolean vector;
  private boolean feature;

  ReferenceGetItem(GetItem layer) {
    this.layer = layer;
  }

  private static List<Integer> places(Part part, int size) {
    List<Integer> places = new ArrayList<>();
    switch (part) {
      case Index index -> places.add(Math.floorMod(index.place(), size));
      case Slice slice -> {
        int step = slice.step() == null ? 1 : slice.step();
        for (int i = step > 0 ? 0 : size - 1; i >= 0 && i < size; i += Integer.signum(step)) {
          if (isWithin(slice, size, i, step)) {
            places.add(i);
          }
        }
        List<Integer> all = List.copyOf(places);
        places.removeIf(i -> (i - all.getFirst()) % step != 0);
      }
    }
    return places;
  }

  private static boolean isWithin(Slice slice, int size, int i, int step) {
    Integer start = slice.start() == null ? null : from(slice.start(), size);
    Integer stop = slice.stop() == null ? null : from(slice.stop(), size);
    return step > 0
        ? (start == null || i >= start) && (stop == null || i < stop)
        : (start == null || i <= start) && (stop == null || i > stop);
  }

  private static int from(int place, int size) {
    return place < 0 ? place + size : place;
  }

  @Override
  public Signal forward(Signal x) {
    input = x;
    int rank = x.positions() == 1 && layer.parts().size() < 2 ? 1 : 2;
    Part first = layer.part(0);
    steps = rank == 1 ? List.of(0) : places(first, x.positions());
    Part last = layer.part(rank - 1);
    features = places(last, x.width());
    feature = last instanceof Index;
    vector = rank == 1 || feature || first instanceof Index;
    int width = feature ? steps.size() : features.size();
    Signal y = Signal.zeros(vector ? 1 : steps.size(), x.samples(), width);
    for (int s = 0; s < steps.size(); s++) {
      for (int f = 0; f < features.size(); f++) {
        for (int n = 0; n < x.samples(); n++) {
          y.at()[vector ? 0 : s][n][feature ? s : f] = x.at()[steps.get(s)][n][features.get(f)];
        }
      }
    }
    return y;
  }

  @Override
  public Signal backward(Signal dy, List<double[]> gradients) {
    Signal dx = Signal.zeros(input.positions(), input.samples(), input.width());
    for (int s = 0; s < steps.size(); s++) {
      for (int f = 0; f < features.size(); f++) {
        for (int n = 0; n < dx.samples(); n++) {
          dx.at()[steps.get(s)][n][features.get(f)] = dy.at()[vector ? 0 : s][n][feature ? s : f];
        }
      }
    }
    return dx;
  }
}
