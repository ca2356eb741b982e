package dev.lanewise.cli.image;

import dev.lanewise.engine.fuzz.Corpus;
import dev.lanewise.engine.fuzz.FuzzTarget;
import java.nio.ByteBuffer;
import java.util.zip.CRC32;

/** PNGs whose chunks have the checksums that they need. */
public final class PngTarget {
  /** See {@link Pictures}. */
  public static final FuzzTarget<PictureFile.Decoded> TARGET = Pictures.of("png", PngTarget::sound);

  private static final int SIGNATURE = 8;
  private static final int AROUND = 12;

  private PngTarget() {}

  /** Called by the fuzzer, once. */
  public static void fuzzerInitialize() {
    Corpus.warmUp(TARGET, PngTarget.class);
  }

  /** Called by the fuzzer. */
  public static void fuzzerTestOneInput(byte[] file) {
    TARGET.run(file);
  }

  private static byte[] sound(byte[] file) {
    ByteBuffer sound = ByteBuffer.wrap(file.clone());
    int at = SIGNATURE;
    while (at + AROUND <= file.length) {
      long length = sound.getInt(at) & 0xFFFFFFFFL;
      if (length > file.length - AROUND - at) {
        break;
      }
      CRC32 crc = new CRC32();
      crc.update(sound.array(), at + 4, (int) length + 4);
      sound.putInt(at + 8 + (int) length, (int) crc.getValue());
      at += (int) length + AROUND;
    }
    return sound.array();
  }
}
