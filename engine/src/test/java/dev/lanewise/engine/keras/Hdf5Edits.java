package dev.lanewise.engine.keras;

import dev.lanewise.engine.fuzz.Edits;
import dev.lanewise.engine.fuzz.JsonEdits;
import io.jhdf.HdfFile;
import io.jhdf.api.Dataset;
import io.jhdf.api.Group;
import io.jhdf.api.Node;
import io.jhdf.api.dataset.ContiguousDataset;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Changes to what HDF5 files hold. The first byte of a change says which text of JSON or which
 * array, in the order of the file's tree. Of an array the next byte says which element; one more
 * says which of the numbers that are at ends of ranges it becomes, several are written there. Of a
 * text the rest is a change to that, which is made if it leaves the text no longer than it was.
 */
final class Hdf5Edits {
  private static final int MOST_NODES = 64;
  private static final int LEAST_TEXT = 32;
  private static final double[] SPECIAL = {
    0,
    -0.0,
    1,
    -1,
    Float.MAX_VALUE,
    -Float.MAX_VALUE,
    Float.MIN_VALUE,
    1e-40,
    0x1p24,
    -0x1p31,
    Double.NaN,
    Double.POSITIVE_INFINITY,
    Double.NEGATIVE_INFINITY,
    Double.MAX_VALUE
  };

  private Hdf5Edits() {}

  /** Where something stands; its elements have so many bytes, 0 if it is a text. */
  private record Field(int from, int length, int each) {}

  /** See {@link Edits.Editor}. */
  static byte[] edited(byte[] file, List<byte[]> edits) {
    List<Field> fields = new ArrayList<>(texts(file));
    try (HdfFile hdf = HdfFile.fromBytes(SoundHdf5.of(file))) {
      arrays(hdf, file.length, fields);
    } catch (RuntimeException | StackOverflowError | OutOfMemoryError e) {
      return file; // the parser that is tried says what is wrong with it
    }
    byte[] edited = file.clone();
    for (byte[] edit : edits) {
      if (!fields.isEmpty()) {
        Field field = fields.get(Edits.number(edit, 0) % fields.size());
        if (field.each() == 0) {
          text(edited, field, Edits.rest(edit, 1));
        } else {
          byte[] bytes = edit.length > 3 ? Edits.rest(edit, 2) : special(edit, field.each());
          element(edited, field, Edits.number(edit, 1), bytes);
        }
      }
    }
    return edited;
  }

  private static List<Field> texts(byte[] file) {
    List<Field> texts = new ArrayList<>();
    for (int at = 0; at + 1 < file.length; at++) {
      if (file[at] == '{' && file[at + 1] == '"') {
        int end = end(file, at);
        if (end - at > LEAST_TEXT) {
          texts.add(new Field(at, end - at, 0));
          at = end;
        }
      }
    }
    return texts;
  }

  /** Returns where an object ends that begins somewhere; braces in names are not looked for. */
  private static int end(byte[] file, int from) {
    int depth = 0;
    for (int at = from; at < file.length && file[at] != 0; at++) {
      depth += file[at] == '{' ? 1 : file[at] == '}' ? -1 : 0;
      if (depth == 0) {
        return at + 1;
      }
    }
    return from;
  }

  private static void arrays(Group group, int length, List<Field> fields) {
    for (Node node : group.getChildren().values()) {
      if (fields.size() >= MOST_NODES || node.isLink()) {
        return;
      }
      if (node instanceof Group inner) {
        arrays(inner, length, fields);
      } else if (node instanceof Dataset data && node instanceof ContiguousDataset at) {
        long address = at.getDataAddress();
        int each = data.getDataType().getSize();
        long bytes = data.getStorageInBytes();
        if (each > 0 && address > 0 && bytes >= each && address <= length - bytes) {
          fields.add(new Field((int) address, (int) bytes, each));
        }
      }
    }
  }

  private static void text(byte[] file, Field field, byte[] edit) {
    byte[] text = Arrays.copyOfRange(file, field.from(), field.from() + field.length());
    byte[] edited = JsonEdits.edited(text, List.of(edit));
    if (edited.length <= field.length()) {
      Arrays.fill(text, (byte) ' ');
      System.arraycopy(edited, 0, text, 0, edited.length);
      System.arraycopy(text, 0, file, field.from(), text.length);
    }
  }

  /** Returns a number in so many bytes, the lowest first, as both float and double have them. */
  private static byte[] special(byte[] edit, int bytes) {
    double number = SPECIAL[Edits.number(edit, 2) % SPECIAL.length];
    if (bytes == Double.BYTES) {
      return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN).putDouble(number).array();
    }
    ByteBuffer whole = ByteBuffer.allocate(Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    // Of shorter ones the upper bytes: those of float16 are another number, as good as any.
    return Arrays.copyOfRange(
        whole.putFloat((float) number).array(), Math.max(0, Float.BYTES - bytes), Float.BYTES);
  }

  private static void element(byte[] file, Field field, int which, byte[] bytes) {
    int at = field.from() + which % (field.length() / field.each()) * field.each();
    int room = field.from() + field.length() - at;
    System.arraycopy(bytes, 0, file, at, Math.min(room, bytes.length));
  }
}
