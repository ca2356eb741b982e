package dev.lanewise.engine.archive;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.LocalDateTime;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Writes zip files whose bytes depend on their members alone: stored, in order, without a clock.
 */
public final class ZipWriter {
  /**
   * Any time will do but the first that the format knows: that one the JDK takes for an earlier,
   * and adds a field in which the machine's time zone shows.
   */
  private static final LocalDateTime TIME = LocalDateTime.of(1980, 2, 1, 0, 0);

  private ZipWriter() {}

  /**
   * {@return an archive}
   *
   * @param members contents by name, in the order to write them
   */
  public static byte[] bytes(Map<String, byte[]> members) {
    ByteArrayOutputStream archive = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(archive)) {
      for (Map.Entry<String, byte[]> member : members.entrySet()) {
        CRC32 crc = new CRC32();
        crc.update(member.getValue());
        ZipEntry entry = new ZipEntry(member.getKey());
        entry.setMethod(ZipEntry.STORED);
        entry.setSize(member.getValue().length);
        entry.setCrc(crc.getValue());
        entry.setTimeLocal(TIME);
        zip.putNextEntry(entry);
        zip.write(member.getValue());
        zip.closeEntry();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e); // memory does not fail so
    }
    return archive.toByteArray();
  }
}
