package dev.lanewise.engine.archive;

import dev.lanewise.engine.fuzz.Edits;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Changes to an archive's members, which are packed anew. The first byte of a change says which,
 * 255 all of them; the rest is a change to it.
 */
public final class ZipEdits {
  private static final int ALL = 255;
  private static final int MOST_EXPANSION = 100;

  private ZipEdits() {}

  /** What changes a member. */
  @FunctionalInterface
  public interface MemberEditor {
    /** Returns the member of a name, changed. */
    byte[] edited(String name, byte[] content, List<byte[]> edits);
  }

  /** Returns what changes archives of such members; see {@link Edits.Editor}. */
  public static Edits.Editor of(MemberEditor editor) {
    return (file, edits) -> {
      Map<String, byte[]> members = new LinkedHashMap<>();
      try {
        ZipArchive archive = ZipArchive.of(SoundZip.of(file), "some.zip");
        archive.names().forEach(name -> members.put(name, archive.read(name, MOST_EXPANSION)));
      } catch (ArchiveException e) {
        return file; // the parser that is tried says what is wrong with it
      }
      return members.isEmpty() ? file : ZipWriter.bytes(changed(members, edits, editor));
    };
  }

  /** Returns members with the changes made that are theirs. */
  public static Map<String, byte[]> changed(
      Map<String, byte[]> members, List<byte[]> edits, MemberEditor editor) {
    Map<String, byte[]> changed = new LinkedHashMap<>();
    List<String> names = List.copyOf(members.keySet());
    for (int i = 0; i < names.size(); i++) {
      List<byte[]> own = new ArrayList<>();
      for (byte[] edit : edits) {
        int which = Edits.number(edit, 0);
        if (which == ALL || which % names.size() == i) {
          own.add(Edits.rest(edit, 1));
        }
      }
      byte[] content = members.getOrDefault(names.get(i), new byte[0]);
      changed.put(
          names.get(i), own.isEmpty() ? content : editor.edited(names.get(i), content, own));
    }
    return changed;
  }
}
