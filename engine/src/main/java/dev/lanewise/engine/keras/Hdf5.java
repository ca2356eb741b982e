package dev.lanewise.engine.keras;

import dev.lanewise.engine.tensor.Shape;
import io.jhdf.HdfFile;
import io.jhdf.api.Attribute;
import io.jhdf.api.Dataset;
import io.jhdf.api.Group;
import io.jhdf.api.Node;
import io.jhdf.api.dataset.ContiguousDataset;
import io.jhdf.object.message.DataLayout;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * An HDF5 file in memory, read through jHDF behind checks of our own: it is walked from the root
 * name by name, links are refused, and no array is made before the sizes that are claimed have been
 * held against what the model expects and against the bytes that are there.
 */
final class Hdf5 implements AutoCloseable {
  private static final byte[] SIGNATURE = {(byte) 0x89, 'H', 'D', 'F', '\r', '\n', 0x1a, '\n'};
  private static final int MOST_ATTRIBUTE = 16 << 20;

  private final HdfFile file;
  private final String name;
  private final long length;

  private Hdf5(HdfFile file, String name, long length) {
    this.file = file;
    this.name = name;
    this.length = length;
  }

  /** Returns whether bytes begin as HDF5 files without a user block do. */
  static boolean isHdf5(byte[] bytes) {
    return bytes.length >= SIGNATURE.length
        && Arrays.equals(bytes, 0, SIGNATURE.length, SIGNATURE, 0, SIGNATURE.length);
  }

  /**
   * Opens a file.
   *
   * @param bytes the whole file
   * @param name names it in messages
   */
  static Hdf5 of(byte[] bytes, String name) {
    if (!isHdf5(bytes)) {
      throw new ModelFormatException(name + ": expected an HDF5 file, found another signature");
    }
    HdfFile file = guarded(name, () -> HdfFile.fromBytes(Bfloat16Bytes.readable(bytes)));
    return new Hdf5(file, name, bytes.length);
  }

  /** Returns the group at a path of names, or null if there is none. */
  @Nullable Group groupOrNull(String path) {
    Node node = guarded(name, () -> walk(file, path));
    if (node == null || !node.isGroup()) {
      return null;
    }
    return (Group) node;
  }

  private void requireNoLink(Node node) {
    if (node.isLink()) {
      throw new ModelFormatException(
          name + ": " + node.getPath() + " is a link, and links are not followed");
    }
  }

  /** Returns the names of the data sets directly in a group, in ascending numbers. */
  List<String> numberedDatasets(Group group) {
    return guarded(
        name,
        () -> {
          Set<Integer> numbers = new TreeSet<>();
          for (Node child : group.getChildren().values()) {
            requireNoLink(child);
            if (child instanceof Dataset && child.getName().matches("[0-9]{1,6}")) {
              numbers.add(Integer.parseInt(child.getName()));
            }
          }
          return numbers.stream().map(String::valueOf).toList();
        });
  }

  /** Returns whether there is an array of this shape, whatever its numbers. */
  boolean hasShape(Group group, String path, Shape shape) {
    Node node = guarded(name, () -> walk(group, path));
    return node instanceof Dataset dataset
        && Arrays.equals(guarded(name, dataset::getDimensions), shape.toArray());
  }

  /**
   * Reads an array.
   *
   * @param group the group, or a parent of groups, that holds it
   * @param path its path from there
   * @param expected its shape
   */
  float[] floats(Group group, String path, Shape expected) {
    if (expected.rank() == 0) {
      return new float[] {scalar(group, path).floatValue()};
    }
    Dataset dataset = dataset(group, path);
    int[] found = guarded(name, dataset::getDimensions);
    if (!Arrays.equals(found, expected.toArray())) {
      throw wrong(dataset, "is " + Arrays.toString(found) + ", the model has " + expected);
    }
    FloatType type = guarded(name, () -> FloatType.ofOrNull(dataset));
    if (type == null) {
      throw wrong(dataset, "is " + FloatType.name(dataset) + "; " + FloatType.READ);
    }
    requireStored(dataset, expected.elementCount(), type.bytes());
    float[] floats = guarded(name, () -> type.read(dataset));
    if (floats.length != expected.elementCount()) {
      throw wrong(dataset, "has " + floats.length + " values, its shape is " + expected);
    }
    return floats;
  }

  /** Reads a scalar number of any type. */
  Number scalar(Group group, String path) {
    Dataset dataset = dataset(group, path);
    if (guarded(name, dataset::getDimensions).length != 0) {
      throw wrong(dataset, "is no scalar");
    }
    requireStored(dataset, 1, guarded(name, () -> dataset.getDataType().getSize()));
    if (!(guarded(name, dataset::getData) instanceof Number number)) {
      throw wrong(dataset, "is no number");
    }
    return number;
  }

  private Dataset dataset(Group group, String path) {
    Node node = guarded(name, () -> walk(group, path));
    if (node instanceof Dataset dataset) {
      return dataset;
    }
    throw new ModelFormatException(name + ": " + group.getPath() + path + " is missing");
  }

  private @Nullable Node walk(Group group, String path) {
    Node node = group;
    for (String part : path.split("/", -1)) {
      if (!part.isEmpty()) {
        node = node instanceof Group inner ? inner.getChildren().get(part) : null;
        if (node == null) {
          return null;
        }
        requireNoLink(node);
      }
    }
    return node;
  }

  /** All bytes are where the file says, and as many as the shape needs. */
  private void requireStored(Dataset dataset, long elements, int elementBytes) {
    guarded(
        name,
        () -> {
          // Of these two, none can be filtered; of a filter's name, jHDF would load its class.
          if (dataset.getDataLayout() != DataLayout.CONTIGUOUS
              && dataset.getDataLayout() != DataLayout.COMPACT) {
            throw wrong(
                dataset,
                "is stored as "
                    + dataset.getDataLayout()
                    + "; only plain arrays are read, as Keras writes them");
          }
          long bytes = Math.multiplyExact(elements, elementBytes);
          boolean inside =
              dataset.getDataType().getSize() == elementBytes
                  && dataset.getStorageInBytes() == bytes
                  && bytes <= length;
          if (inside && dataset instanceof ContiguousDataset contiguous) {
            long address = contiguous.getDataAddress();
            inside = address >= 0 && address <= length - bytes;
          }
          if (!inside) {
            throw wrong(
                dataset,
                "has "
                    + dataset.getStorageInBytes()
                    + " bytes stored, its shape needs "
                    + bytes
                    + " inside a file of "
                    + length);
          }
          return true;
        });
  }

  private ModelFormatException wrong(Dataset dataset, String what) {
    return new ModelFormatException(name + ": " + dataset.getPath() + " " + what);
  }

  /** Returns a text attribute, or null if there is none. */
  @Nullable String text(Group group, String attribute) {
    Object value = attribute(group, attribute);
    if (value != null && !(value instanceof String)) {
      throw new ModelFormatException(
          name + ": attribute " + attribute + " of " + group.getPath() + " is no text");
    }
    return (String) value;
  }

  /**
   * Returns an attribute that lists names, or null if there is none; none may be an empty array.
   */
  @Nullable List<String> names(Group group, String attribute) {
    Object value = attribute(group, attribute);
    return switch (value) {
      case null -> null;
      case String one -> List.of(one);
      case String[] several -> List.of(several);
      case float[] none when none.length == 0 -> List.of();
      case double[] none when none.length == 0 -> List.of();
      default ->
          throw new ModelFormatException(
              name + ": attribute " + attribute + " of " + group.getPath() + " lists no names");
    };
  }

  private @Nullable Object attribute(Group group, String attribute) {
    return guarded(
        name,
        () -> {
          Attribute found = group.getAttributes().get(attribute);
          if (found == null) {
            return null;
          }
          if (found.getSizeInBytes() > Math.min(length, MOST_ATTRIBUTE)) {
            throw new ModelFormatException(
                name + ": attribute " + attribute + " claims " + found.getSizeInBytes() + " bytes");
          }
          return found.isEmpty() ? new float[0] : found.getData();
        });
  }

  /**
   * Whatever the library throws on bytes that it does not understand becomes our one exception. A
   * cycle of its structures ends in a stack overflow, an absurd count in an allocation of at most
   * the size that it read.
   */
  private static <T extends @Nullable Object> T guarded(String name, Supplier<T> reading) {
    try {
      return reading.get();
    } catch (ModelFormatException e) {
      throw e;
    } catch (RuntimeException | StackOverflowError | OutOfMemoryError e) {
      throw new ModelFormatException(
          name + ": the HDF5 structure is damaged (" + e.getClass().getSimpleName() + ")", e);
    }
  }

  @Override
  public void close() {
    file.close();
  }
}
