package dev.lanewise.engine.keras;

import io.jhdf.checksum.JenkinsLookup3HashLittle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * HDF5 files with the checksums that they need: those of the superblock (versions 2 and 3) and of
 * each object's header (version 2), which a fuzzer cannot guess. Files as h5py writes them have
 * none.
 */
final class SoundHdf5 {
  private static final int SUPERBLOCK = 44;

  private SoundHdf5() {}

  static byte[] of(byte[] file) {
    byte[] sound = file.clone();
    if (file.length > SUPERBLOCK + 4 && (file[8] == 2 || file[8] == 3)) {
      seal(sound, 0, SUPERBLOCK);
    }
    for (int at = 0; at + 8 < sound.length; at++) {
      if (sound[at] == 'O'
          && sound[at + 1] == 'H'
          && sound[at + 2] == 'D'
          && sound[at + 3] == 'R') {
        int end = end(sound, at);
        if (end > at && end <= sound.length - 4) {
          seal(sound, at, end);
        }
      }
    }
    return sound;
  }

  /** Returns where the checksum of a header stands, 0 if it has no end. */
  private static int end(byte[] file, int at) {
    int flags = file[at + 5];
    int sizeAt = at + 6 + ((flags & 0x20) == 0 ? 0 : 16) + ((flags & 0x10) == 0 ? 0 : 4);
    int sizeBytes = 1 << (flags & 3);
    if (sizeBytes > 4 || sizeAt + sizeBytes > file.length) {
      return 0;
    }
    long size = 0;
    for (int i = sizeBytes - 1; i >= 0; i--) {
      size = size << 8 | (file[sizeAt + i] & 0xFF);
    }
    long end = sizeAt + sizeBytes + size;
    return end > file.length ? 0 : (int) end;
  }

  private static void seal(byte[] file, int from, int to) {
    int hash = JenkinsLookup3HashLittle.hash(Arrays.copyOfRange(file, from, to));
    ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).putInt(to, hash);
  }
}
