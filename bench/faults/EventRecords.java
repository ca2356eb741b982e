import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.CRC32C;

/**
 * Says how many whole records the event files of a folder have; ends with 1 if a byte is of none.
 */
final class EventRecords {
  private static final int FRAME = Long.BYTES + 2 * Integer.BYTES;
  private static final int MASK = 0xa282ead8;

  private EventRecords() {}

  public static void main(String[] args) throws IOException {
    List<Path> files;
    try (Stream<Path> found = Files.walk(Path.of(args[0]))) {
      files = found.filter(Files::isRegularFile).toList();
    }
    long records = 0;
    long torn = 0;
    for (Path file : files) {
      ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
      while (bytes.remaining() >= FRAME
          && bytes.remaining() - FRAME >= bytes.getLong(bytes.position())) {
        int at = bytes.position();
        int length = (int) bytes.getLong(at);
        if (bytes.getInt(at + Long.BYTES) != checksum(bytes, at, Long.BYTES)
            || bytes.getInt(at + Long.BYTES + Integer.BYTES + length)
                != checksum(bytes, at + Long.BYTES + Integer.BYTES, length)) {
          System.err.println(file + ": no record at byte " + at);
          System.exit(1);
        }
        bytes.position(at + FRAME + length);
        records++;
      }
      torn += bytes.hasRemaining() ? 1 : 0; // at the end: a reader waits for the rest
    }
    System.out.println(
        records + " whole records, " + torn + " files with a beginning of one behind");
  }

  private static int checksum(ByteBuffer bytes, int from, int length) {
    CRC32C crc = new CRC32C();
    crc.update(bytes.array(), from, length);
    return Integer.rotateRight((int) crc.getValue(), 15) + MASK;
  }
}
