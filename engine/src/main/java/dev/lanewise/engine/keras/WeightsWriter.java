package dev.lanewise.engine.keras;

import dev.lanewise.engine.backend.ModelSpec;
import dev.lanewise.engine.backend.Parameters;
import dev.lanewise.engine.keras.WeightLayout.VariableGroup;
import dev.lanewise.engine.layer.Normalization;
import dev.lanewise.engine.layer.ParameterSpec;
import dev.lanewise.engine.tensor.Shape;
import io.jhdf.Superblock;
import io.jhdf.WritableGroupImpl;
import io.jhdf.WritableHdfFile;
import io.jhdf.api.WritableGroup;
import io.jhdf.storage.HdfFileChannel;
import java.lang.reflect.Array;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Writes {@code model.weights.h5}.
 *
 * <p>The parts are put together as jHDF's own {@link WritableHdfFile} does, which writes to a path
 * alone, and over the header of the last group if that holds nothing; its note of system and
 * version is left out, so that the same model has the same bytes everywhere. No group without a
 * data set is written, {@code /vars} among them, which no reader needs.
 */
final class WeightsWriter {
  private WeightsWriter() {}

  /** Returns the file's bytes, in which the optimizer's variables are if the model is compiled. */
  static byte[] bytes(SavedModel model) {
    ModelSpec spec = model.spec();
    Parameters parameters = model.parameters();
    MemoryChannel memory = new MemoryChannel();
    Superblock.SuperblockV2V3 superblock = new Superblock.SuperblockV2V3();
    HdfFileChannel file = new HdfFileChannel(memory, superblock);
    WritableGroup root = new WritableGroupImpl(null, "/");
    Groups groups = new Groups(root);
    weights(groups, WeightLayout.groups(spec, model.models()), parameters.values());
    if (model.compiled()) {
      optimizer(groups, spec, parameters);
    }
    root.write(file, WritableHdfFile.ROOT_GROUP_ADDRESS);
    file.write(superblock.toBuffer(memory.size()), 0);
    return memory.bytes();
  }

  private static void weights(Groups groups, List<VariableGroup> layout, List<float[]> values) {
    int next = 0;
    for (VariableGroup variables : layout) {
      WritableGroup group = groups.at("layers/" + variables.path());
      List<ParameterSpec> parameters = variables.parameters();
      for (int p = 0; p < parameters.size(); p++) {
        float[] array = values.get(next++);
        if (parameters.get(p).name().equals(Normalization.COUNT)) {
          group.putDataset(Integer.toString(p), (int) array[0]); // the only whole number
        } else {
          put(group, p, array, parameters.get(p).shape());
        }
      }
    }
  }

  private static void optimizer(Groups groups, ModelSpec spec, Parameters parameters) {
    WritableGroup group = groups.at("optimizer/vars");
    OptimizerLayout layout = OptimizerLayout.of(spec);
    int next = 0;
    group.putDataset(Integer.toString(next++), parameters.iterations());
    Double rate = layout.rate();
    if (rate != null) {
      group.putDataset(Integer.toString(next++), rate.floatValue());
    }
    if (parameters.slots().isEmpty()) {
      return;
    }
    for (OptimizerLayout.Place place : layout.places()) {
      float[] values = parameters.slots().get(place.slot()).values().get(place.parameter());
      put(group, next++, values, layout.parameters().get(place.parameter()).shape());
    }
    Double product = layout.product(parameters.iterations());
    if (product != null) {
      group.putDataset(Integer.toString(next), product.floatValue());
    }
  }

  private static void put(WritableGroup group, int number, float[] values, Shape shape) {
    group.putDataset(Integer.toString(number), nested(values, shape));
  }

  /** The library takes an array's shape from Java's arrays of arrays. */
  private static Object nested(float[] values, Shape shape) {
    if (shape.rank() == 0) {
      return values[0];
    }
    Object nested = Array.newInstance(float.class, shape.toArray());
    fill(nested, values, 0);
    return nested;
  }

  /** Fills an array, or the arrays in it, with values from a place on, and returns the next. */
  private static int fill(Object array, float[] values, int from) {
    if (array instanceof float[] row) {
      System.arraycopy(values, from, row, 0, row.length);
      return from + row.length;
    }
    int next = from;
    for (Object part : (Object[]) array) {
      next = fill(part, values, next);
    }
    return next;
  }

  /** Groups by path, each made once. */
  private static final class Groups {
    private final Map<String, WritableGroup> made = new HashMap<>();

    Groups(WritableGroup root) {
      made.put("", root);
    }

    WritableGroup at(String path) {
      WritableGroup group = made.get(path);
      if (group == null) {
        int slash = path.lastIndexOf('/');
        String parent = slash < 0 ? "" : path.substring(0, slash);
        group = at(parent).putGroup(path.substring(slash + 1));
        made.put(path, group);
      }
      return group;
    }
  }
}
