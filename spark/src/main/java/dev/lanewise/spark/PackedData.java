package dev.lanewise.spark;

import dev.lanewise.engine.data.Dataset;
import dev.lanewise.engine.data.Targets;
import dev.lanewise.engine.tensor.Shape;
import java.io.Serializable;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Samples on their way to the executors, each of which has them once, whatever its tasks. */
final class PackedData implements Serializable {
  private static final long serialVersionUID = 1L;

  private final int[][] inputs;
  private final byte @Nullable [] bytes;
  private final float @Nullable [] floats;
  private final PackedTargets[] targets;
  private transient @Nullable Dataset opened;

  PackedData(Dataset data) {
    inputs = data.inputs().stream().map(PackedData::sizes).toArray(int[][]::new);
    int first = data.firstSample();
    int each = Math.toIntExact(data.inputs().stream().mapToLong(Shape::elementCount).sum());
    int from = Math.multiplyExact(first, each);
    int to = Math.multiplyExact(first + data.size(), each);
    bytes = data.hasBytes() ? part(data.byteFeatures(), from, to) : null;
    floats = data.hasBytes() ? null : part(data.floatFeatures(), from, to);
    targets =
        IntStream.range(0, data.outputs())
            .mapToObj(o -> new PackedTargets(data.targets(o), first, data.size()))
            .toArray(PackedTargets[]::new);
  }

  /** All of an array is the array: there need not be another of its size. */
  private static byte[] part(byte[] all, int from, int to) {
    return to - from == all.length ? all : Arrays.copyOfRange(all, from, to);
  }

  private static float[] part(float[] all, int from, int to) {
    return to - from == all.length ? all : Arrays.copyOfRange(all, from, to);
  }

  private static int[] sizes(Shape shape) {
    return IntStream.range(0, shape.rank()).map(shape::size).toArray();
  }

  /** Returns the samples, the same object to all who ask. */
  synchronized Dataset open() {
    Dataset made = opened;
    if (made == null) {
      List<Targets> of = Arrays.stream(targets).map(PackedTargets::open).toList();
      List<Shape> shapes = Stream.of(inputs).map(Shape::of).toList();
      made =
          bytes != null
              ? Dataset.ofBytes(shapes.getFirst(), bytes, of)
              : Dataset.of(shapes, floats == null ? new float[0] : floats, of);
      opened = made;
    }
    return made;
  }

  /** Returns a digest of all samples and targets. */
  String digest() {
    Sha256 digest = new Sha256();
    if (bytes != null) {
      digest.add(bytes);
    }
    if (floats != null) {
      digest.add(floats);
    }
    for (PackedTargets each : targets) {
      each.addTo(digest);
    }
    return digest.hex();
  }
}
