package dev.lanewise.engine.fuzz;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Inputs that say how a seed is to be changed, in place of a whole file: the target makes the
 * changes, with sizes and checksums that fit. Of bytes turned over at random, few hit what matters
 * and fewer leave a file sound; of such changes nearly all do both, and a fuzzer steers their few
 * bytes as it does any others.
 *
 * <p>Such an input begins with {@link #MARK}, as no file does, and the seed's number in two bytes.
 * Changes follow, with a {@link #MARK} between them; what their bytes mean is the format's to say.
 */
public final class Edits {
  static final byte MARK = 0x1D;

  private static final int FIRST = 3;

  /** Of targets whose inputs are files, all of them. */
  static final Edits NONE = new Edits(Edits.class, (file, _) -> file);

  /** More would only repeat what a few can do. */
  private static final int MOST = 16;

  private final Class<?> owner;
  private final Editor editor;

  private Edits(Class<?> owner, Editor editor) {
    this.owner = owner;
    this.editor = editor;
  }

  /**
   * Returns changes to the seeds of a target.
   *
   * @param owner a class of the module that has them
   */
  public static Edits of(Class<?> owner, Editor editor) {
    return new Edits(owner, editor);
  }

  /** Makes changes to a file, those that it understands. */
  @FunctionalInterface
  public interface Editor {
    /** Returns the file changed; the file itself if there is nothing to change in it. */
    byte[] edited(byte[] file, List<byte[]> edits);
  }

  /** Returns the file that an input means. */
  byte[] made(String target, byte[] input) {
    if (!areMeantBy(input) || this == NONE) {
      return input;
    }
    List<byte[]> seeds = Corpus.files(target, owner);
    byte[] seed = seeds.get((number(input, 1) | number(input, 2) << 8) % seeds.size());
    List<byte[]> edits = new ArrayList<>();
    for (int from = FIRST; from < input.length && edits.size() < MOST; ) {
      int to = from;
      while (to < input.length && input[to] != MARK) {
        to++;
      }
      edits.add(Arrays.copyOfRange(input, from, to));
      from = to + 1;
    }
    return editor.edited(seed, edits);
  }

  static boolean areMeantBy(byte[] input) {
    return input.length > 0 && input[0] == MARK;
  }

  /** Returns a byte of a change as a number, 0 where it has ended. */
  public static int number(byte[] edit, int at) {
    return at < edit.length ? edit[at] & 0xFF : 0;
  }

  /** Returns four bytes of a change as a number, the lowest first: where it has ended, zeros. */
  public static int whole(byte[] edit, int at) {
    return number(edit, at)
        | number(edit, at + 1) << 8
        | number(edit, at + 2) << 16
        | number(edit, at + 3) << 24;
  }

  /** Returns a change from some byte on. */
  public static byte[] rest(byte[] edit, int from) {
    return Arrays.copyOfRange(edit, Math.min(from, edit.length), edit.length);
  }
}
