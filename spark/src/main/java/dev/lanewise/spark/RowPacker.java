package dev.lanewise.spark;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.TaskContext;
import org.apache.spark.sql.catalyst.InternalRow;
import org.jspecify.annotations.Nullable;
import scala.Function1;
import scala.collection.Iterator;
import scala.collection.Iterator$;

/** Packs the rows of a partition: what was objects of Spark's is two arrays. */
final class RowPacker implements Function1<Iterator<InternalRow>, Iterator<byte[]>>, Serializable {
  private static final long serialVersionUID = 1L;

  private final SampleReader features;
  private final TargetColumn targets;
  private final @Nullable RowKey id;

  RowPacker(SampleReader features, TargetColumn targets, @Nullable RowKey id) {
    this.features = features;
    this.targets = targets;
    this.id = id;
  }

  @Override
  public Iterator<byte[]> apply(Iterator<InternalRow> rows) {
    PackedRows packed = new PackedRows();
    List<byte[]> keys = new ArrayList<>();
    List<float[]> inputs = new ArrayList<>();
    List<float[]> outputs = new ArrayList<>();
    while (rows.hasNext() && packed.refusal == null) {
      InternalRow row = rows.next();
      try {
        int[] steps = features.steps(row).stream().mapToInt(Integer::intValue).toArray();
        packed.steps = keys.isEmpty() ? steps : packed.steps;
        if (!Arrays.equals(steps, packed.steps)) {
          throw new IllegalArgumentException(
              "its inputs have "
                  + Arrays.toString(steps)
                  + " steps, those of other rows "
                  + Arrays.toString(packed.steps));
        }
        float[] input = new float[features.size(row)];
        float[] output = new float[targets.width()];
        features.read(row, input, 0);
        features.requireFinite(row, input);
        targets.read(row, output, 0);
        keys.add(id == null ? new Sha256().add(input).add(output).bytes() : id.of(row));
        inputs.add(input);
        outputs.add(output);
      } catch (IllegalArgumentException e) { // told by the driver: no other attempt would change it
        packed.refusal = "SparkFit: row " + shown(row, keys.size()) + ", " + e.getMessage();
      }
    }
    packed.keys = keys.toArray(byte[][]::new);
    packed.features = joined(inputs);
    packed.targets = joined(outputs);
    return Iterator$.MODULE$.single(JavaBytes.of(packed));
  }

  private String shown(InternalRow row, int index) {
    int partition = TaskContext.getPartitionId();
    return id == null ? index + " of partition " + partition : id.shown(row);
  }

  private static float[] joined(List<float[]> parts) {
    int each = parts.isEmpty() ? 0 : parts.getFirst().length;
    float[] all = new float[Math.multiplyExact(parts.size(), each)];
    for (int i = 0; i < parts.size(); i++) {
      System.arraycopy(parts.get(i), 0, all, i * each, each);
    }
    return all;
  }
}
