package dev.lanewise.engine.keras;

import dev.lanewise.engine.archive.SoundZip;
import dev.lanewise.engine.archive.ZipEdits;
import dev.lanewise.engine.data.TextVectorization;
import dev.lanewise.engine.fuzz.Corpus;
import dev.lanewise.engine.fuzz.Edits;
import dev.lanewise.engine.fuzz.FuzzTarget;
import dev.lanewise.engine.fuzz.JsonEdits;
import java.io.ByteArrayOutputStream;
import java.util.List;

/**
 * What a {@code .keras} file says of texts: the settings of its {@code TextVectorization} and a
 * vocabulary beside them. What is read makes an id of the vocabulary for every token of a text.
 */
public final class TextTarget {
  private static final String TEXT = "The Cat's  sat\ton\u00a0the\u2003MAT: \ud83d\ude3a, \u0130I!";

  /** As of archives: what a member may unpack to, and its parts as objects. */
  public static final FuzzTarget<TextVectorization> TARGET =
      new FuzzTarget<>(
          "text",
          TextTarget::read,
          List.of(ModelFormatException.class),
          8 << 20,
          64 * 100,
          text -> text.vocabulary().stream().anyMatch(word -> word.contains("q")),
          Edits.of(TextTarget.class, ZipEdits.of(TextTarget::edited)));

  private TextTarget() {}

  /** Called by the fuzzer, once. */
  public static void fuzzerInitialize() {
    Corpus.warmUp(TARGET, TextTarget.class);
  }

  /** Called by the fuzzer. */
  public static void fuzzerTestOneInput(byte[] file) {
    TARGET.run(file);
  }

  private static TextVectorization read(byte[] file) {
    TextVectorization text = new ModelReader("some.keras", SoundZip.of(file)).text();
    for (float id : text.ids(TEXT)) {
      if (!(id >= TextVectorization.UNKNOWN && id < text.vocabulary().size())) {
        throw new AssertionError("an id that is none of the vocabulary: " + id);
      }
    }
    return text;
  }

  /** A vocabulary is changed as bytes: a word in place of another. */
  private static byte[] edited(String name, byte[] member, List<byte[]> edits) {
    if (name.endsWith(".json")) {
      return JsonEdits.edited(member, edits);
    }
    ByteArrayOutputStream changed = new ByteArrayOutputStream();
    byte[] left = member;
    for (byte[] edit : edits) {
      int at = left.length == 0 ? 0 : Edits.number(edit, 0) % left.length;
      byte[] word = Edits.rest(edit, 1);
      changed.reset();
      changed.write(left, 0, at);
      changed.writeBytes(word);
      int after = Math.min(left.length, at + word.length);
      changed.write(left, after, left.length - after);
      left = changed.toByteArray();
    }
    return left;
  }
}
