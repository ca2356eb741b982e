package dev.lanewise.spark;

import dev.lanewise.engine.backend.ModelSpec;
import dev.lanewise.engine.data.Dataset;
import dev.lanewise.engine.tensor.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.rdd.RDD;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;
import scala.reflect.ClassTag$;

/**
 * A table's rows as the engine's samples, in an order that does not depend on how the table is
 * partitioned: that of the ids, or of the SHA-256 of what is in a row, which no split can be biased
 * by. Rows with the same content may change places, as nothing tells them from each other.
 */
final class TableSamples {
  private final ModelSpec model;
  private final TargetColumn targets;
  private final @Nullable RowKey id;
  private final List<PackedRows> parts = new ArrayList<>();

  private TableSamples(ModelSpec model, TargetColumn targets, @Nullable RowKey id) {
    this.model = model;
    this.targets = targets;
    this.id = id;
  }

  /**
   * Reads a table.
   *
   * @throws IllegalArgumentException if a column is not there or cannot be what it is to be, or a
   *     row is incomplete, has other lengths or another's id
   */
  static Dataset read(
      ModelSpec model, org.apache.spark.sql.Dataset<Row> table, TrainingColumns columns) {
    List<String> names = new ArrayList<>(columns.features());
    names.add(columns.label());
    if (columns.id() != null) {
      names.add(columns.id());
    }
    StructType schema = table.schema();
    DataType[] types = names.stream().map(name -> type(schema, name)).toArray(DataType[]::new);
    int inputs = columns.features().size();
    SampleReader reader =
        new SampleReader(
            model.graph(),
            columns.features().toArray(String[]::new),
            IntStream.range(0, inputs).toArray(),
            Arrays.copyOf(types, inputs));
    TargetColumn targets = new TargetColumn(columns.label(), inputs, types[inputs], model);
    RowKey id =
        columns.id() == null ? null : new RowKey(columns.id(), inputs + 1, types[inputs + 1]);
    TableSamples samples = new TableSamples(model, targets, id);
    samples.collect(selected(table, names), new RowPacker(reader, targets, id));
    return samples.ordered();
  }

  private static DataType type(StructType schema, String name) {
    if (!List.of(schema.fieldNames()).contains(name)) {
      throw new IllegalArgumentException(
          "SparkFit: there is no column " + name + "; there are " + List.of(schema.fieldNames()));
    }
    return schema.apply(name).dataType();
  }

  /** A name may have dots in it. */
  private static RDD<InternalRow> selected(
      org.apache.spark.sql.Dataset<Row> table, List<String> names) {
    Column[] columns =
        names.stream()
            .map(name -> functions.col("`" + name.replace("`", "``") + "`"))
            .toArray(Column[]::new);
    return InternalRows.of(table.select(columns));
  }

  private void collect(RDD<InternalRow> rows, RowPacker packer) {
    Object collected =
        rows.mapPartitions(packer, false, ClassTag$.MODULE$.<byte[]>apply(byte[].class)).collect();
    for (byte[] each : (byte[][]) collected) {
      PackedRows part = JavaBytes.read(each, PackedRows.class);
      if (part.refusal != null) {
        throw new IllegalArgumentException(part.refusal);
      }
      if (part.keys.length > 0) {
        parts.add(part);
      }
    }
    if (parts.isEmpty()) {
      throw new IllegalArgumentException("SparkFit: the table has no rows");
    }
  }

  private record Place(PackedRows part, int row) {
    byte[] key() {
      return part.keys[row];
    }
  }

  private Dataset ordered() {
    int[] steps = parts.getFirst().steps;
    for (PackedRows each : parts) {
      if (!Arrays.equals(each.steps, steps)) {
        throw new IllegalArgumentException(
            "SparkFit: all rows have to be of as many steps, found "
                + Arrays.toString(steps)
                + " and "
                + Arrays.toString(each.steps));
      }
    }
    Place[] order =
        parts.stream()
            .flatMap(part -> IntStream.range(0, part.keys.length).mapToObj(r -> new Place(part, r)))
            .toArray(Place[]::new);
    Arrays.parallelSort(order, (a, b) -> Arrays.compareUnsigned(a.key(), b.key()));
    for (int i = 1; id != null && i < order.length; i++) {
      if (Arrays.equals(order[i - 1].key(), order[i].key())) {
        throw id.twice(order[i].key());
      }
    }
    return samples(order, steps.length == 0 ? model : model.forSteps(steps));
  }

  private Dataset samples(Place[] order, ModelSpec spec) {
    List<Shape> inputs = spec.inputs();
    int each = Math.toIntExact(inputs.stream().mapToLong(Shape::elementCount).sum());
    int width = targets.width();
    float[] features = new float[Math.multiplyExact(order.length, each)];
    float[] values = new float[Math.multiplyExact(order.length, width)];
    for (int i = 0; i < order.length; i++) {
      Place from = order[i];
      System.arraycopy(from.part().features, from.row() * each, features, i * each, each);
      System.arraycopy(from.part().targets, from.row() * width, values, i * width, width);
    }
    return Dataset.of(inputs, features, Stream.of(targets.targets(values, order.length)).toList());
  }
}
