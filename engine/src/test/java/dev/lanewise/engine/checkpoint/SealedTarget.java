package dev.lanewise.engine.checkpoint;

import dev.lanewise.engine.fuzz.Corpus;
import dev.lanewise.engine.fuzz.FuzzTarget;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.zip.CRC32C;

/** Files of checkpoints, as they are and with the length and the checksum that they need. */
public final class SealedTarget {
  private static final int LENGTH = 12;
  private static final int HEADER = 20;

  public static final FuzzTarget<byte[]> TARGET =
      new FuzzTarget<>(
          "sealed",
          SealedTarget::read,
          List.of(DamagedFileException.class, IOException.class),
          1 << 16,
          8,
          content -> content.length > 3 && content[0] == 'l' && content[2] == 'w');

  private SealedTarget() {}

  /** Called by the fuzzer, once. */
  public static void fuzzerInitialize() {
    Corpus.warmUp(TARGET, SealedTarget.class);
  }

  /** Called by the fuzzer. */
  public static void fuzzerTestOneInput(byte[] file) {
    TARGET.run(file);
  }

  private static byte[] read(byte[] file) throws IOException {
    try {
      Sealed.open(file, "some checkpoint");
    } catch (DamagedFileException e) {
      return Sealed.open(whole(file), "some checkpoint");
    }
    return Sealed.open(file, "some checkpoint");
  }

  private static byte[] whole(byte[] file) {
    if (file.length < HEADER + Integer.BYTES) {
      return file;
    }
    ByteBuffer whole = ByteBuffer.wrap(file.clone());
    int end = file.length - Integer.BYTES;
    whole.putLong(LENGTH, end - HEADER);
    CRC32C crc = new CRC32C();
    crc.update(whole.array(), 0, end);
    whole.putInt(end, (int) crc.getValue());
    return whole.array();
  }
}
