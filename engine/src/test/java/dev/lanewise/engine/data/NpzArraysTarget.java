package dev.lanewise.engine.data;

import dev.lanewise.engine.archive.ZipEdits;
import dev.lanewise.engine.archive.ZipWriter;
import dev.lanewise.engine.fuzz.Corpus;
import dev.lanewise.engine.fuzz.Edits;
import dev.lanewise.engine.fuzz.FuzzTarget;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Sound archives of fuzzed arrays: the input is a list of members, each a name, an end of line and
 * an array, with {@link #BETWEEN} between them.
 */
public final class NpzArraysTarget {
  /** A byte that no name has, so that members are seldom torn. */
  private static final byte BETWEEN = (byte) 0xFE;

  /** What is joined is copied; arrays become floats. */
  public static final FuzzTarget<DataSplits> TARGET =
      new FuzzTarget<>(
          "npz-arrays",
          input -> NpzTarget.read(ZipWriter.bytes(arrays(input))),
          List.of(FormatException.class),
          2 << 20,
          128,
          splits -> splits.train().size() == 3,
          Edits.of(NpzArraysTarget.class, NpzArraysTarget::edited));

  private NpzArraysTarget() {}

  /** Called by the fuzzer, once. */
  public static void fuzzerInitialize() {
    Corpus.warmUp(TARGET, NpzArraysTarget.class);
  }

  /** Called by the fuzzer. */
  public static void fuzzerTestOneInput(byte[] input) {
    TARGET.run(input);
  }

  private static byte[] edited(byte[] input, List<byte[]> edits) {
    ByteArrayOutputStream edited = new ByteArrayOutputStream();
    ZipEdits.changed(arrays(input), edits, (_, array, own) -> NpyEdits.edited(array, own))
        .forEach(
            (name, array) -> {
              edited.writeBytes(edited.size() == 0 ? new byte[0] : new byte[] {BETWEEN});
              edited.writeBytes((name + "\n").getBytes(StandardCharsets.ISO_8859_1));
              edited.writeBytes(array);
            });
    return edited.toByteArray();
  }

  private static Map<String, byte[]> arrays(byte[] input) {
    Map<String, byte[]> members = new LinkedHashMap<>();
    for (byte[] member : members(input)) {
      int line = 0;
      while (line < member.length && member[line] != '\n') {
        line++;
      }
      String name = new String(member, 0, Math.min(line, 40), StandardCharsets.ISO_8859_1);
      byte[] array = Arrays.copyOfRange(member, Math.min(line + 1, member.length), member.length);
      members.put(name, NpyTarget.measured(array));
    }
    return members;
  }

  private static List<byte[]> members(byte[] input) {
    List<byte[]> members = new ArrayList<>();
    int start = 0;
    for (int i = 0; i <= input.length && members.size() < 16; i++) {
      if (i == input.length || input[i] == BETWEEN) {
        members.add(Arrays.copyOfRange(input, start, i));
        start = i + 1;
      }
    }
    return members;
  }
}
