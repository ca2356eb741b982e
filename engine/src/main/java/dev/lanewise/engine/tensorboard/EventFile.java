package dev.lanewise.engine.tensorboard;

import dev.lanewise.engine.checkpoint.Reason;
import dev.lanewise.engine.protobuf.Protobuf;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.zip.CRC32C;

/**
 * A file of events in TensorFlow's record format, appended to event by event. A record is its
 * length (8 bytes, little-endian), that length's checksum, the event ({@code event.proto}) and its
 * checksum; a checksum is CRC-32C, turned and shifted, so that a record within a record does not
 * have the same. A record is written in one piece, so that a reader at any moment, or after a
 * crash, finds whole ones and at most one torn at the end, which TensorBoard waits for.
 */
final class EventFile implements AutoCloseable {
  private static final String VERSION = "brain.Event:2";
  private static final int MASK = 0xa282ead8;
  private static final int FRAME = Long.BYTES + 2 * Integer.BYTES;

  // The fields of Event.
  private static final int WALL_TIME = 1;
  private static final int STEP = 2;
  private static final int FILE_VERSION = 3;
  private static final int SUMMARY = 5;

  private final Path path;
  private final FileChannel channel;

  /**
   * Makes a file of its own in a folder, which is made, too.
   *
   * @throws UncheckedIOException if that cannot be
   */
  EventFile(Path folder) {
    Path made = folder;
    try {
      Files.createDirectories(folder);
      long second = System.currentTimeMillis() / 1000;
      FileChannel opened = null;
      for (int n = 0; opened == null; n++) { // two runs may begin in one second
        made = folder.resolve("events.out.tfevents." + second + ".lanewise." + n + ".v2");
        opened = create(made);
      }
      channel = opened;
    } catch (IOException e) {
      throw new UncheckedIOException(made + ": cannot be made: " + Reason.of(e), e);
    }
    path = made;
    append(event().put(FILE_VERSION, VERSION));
  }

  @SuppressWarnings("NullAway") // null says: another has that name
  private static FileChannel create(Path file) throws IOException {
    try {
      return FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    } catch (FileAlreadyExistsException e) {
      return null;
    }
  }

  private static Protobuf event() {
    return new Protobuf().put(WALL_TIME, System.currentTimeMillis() * 1e-3);
  }

  /**
   * Appends a summary of a step.
   *
   * @throws UncheckedIOException if it cannot be written
   */
  void append(long step, Protobuf summary) {
    append(event().put(STEP, step).put(SUMMARY, summary));
  }

  private void append(Protobuf event) {
    byte[] data = event.toByteArray();
    ByteBuffer record = ByteBuffer.allocate(FRAME + data.length).order(ByteOrder.LITTLE_ENDIAN);
    record.putLong(data.length);
    record.putInt(checksum(record.array(), 0, Long.BYTES));
    record.put(data);
    record.putInt(checksum(data, 0, data.length));
    record.flip();
    try {
      while (record.hasRemaining()) {
        channel.write(record);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(path + ": cannot be written: " + Reason.of(e), e);
    }
  }

  private static int checksum(byte[] bytes, int offset, int length) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, offset, length);
    return Integer.rotateRight((int) crc.getValue(), 15) + MASK;
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw new UncheckedIOException(path + ": cannot be written: " + Reason.of(e), e);
    }
  }
}
