package dev.lanewise.engine.keras;

import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.util.Arrays;

/**
 * A file in memory that is written: jHDF writes to channels alone, and a file on the way would be
 * one more place that can be full, be missing, or be left behind.
 */
final class MemoryChannel extends FileChannel {
  private byte[] content = new byte[1 << 16];
  private int size;
  private int position;

  /** Returns what was written; what was passed over is zero. */
  byte[] bytes() {
    return Arrays.copyOf(content, size);
  }

  @Override
  public int write(ByteBuffer source) {
    int count = write(source, position);
    position += count;
    return count;
  }

  @Override
  public int write(ByteBuffer source, long at) {
    int count = source.remaining();
    int end = Math.toIntExact(at + count);
    if (end > content.length) {
      content = Arrays.copyOf(content, Math.clamp(2L * end, end, Integer.MAX_VALUE - 8));
    }
    source.get(content, (int) at, count);
    size = Math.max(size, end);
    return count;
  }

  @Override
  public long position() {
    return position;
  }

  @Override
  public FileChannel position(long to) {
    position = Math.toIntExact(to);
    return this;
  }

  @Override
  public long size() {
    return size;
  }

  @Override
  public void force(boolean metaData) {
    // There is no disk.
  }

  @Override
  protected void implCloseChannel() {
    // Nothing is held.
  }

  private static UnsupportedOperationException unused() {
    return new UnsupportedOperationException("jHDF writes in no such way");
  }

  @Override
  public long write(ByteBuffer[] sources, int offset, int length) {
    throw unused();
  }

  @Override
  public int read(ByteBuffer target) {
    throw unused();
  }

  @Override
  public int read(ByteBuffer target, long at) {
    throw unused();
  }

  @Override
  public long read(ByteBuffer[] targets, int offset, int length) {
    throw unused();
  }

  @Override
  public FileChannel truncate(long to) {
    throw unused();
  }

  @Override
  public long transferTo(long at, long count, WritableByteChannel target) {
    throw unused();
  }

  @Override
  public long transferFrom(ReadableByteChannel source, long at, long count) {
    throw unused();
  }

  @Override
  public MappedByteBuffer map(MapMode mode, long at, long count) {
    throw unused();
  }

  @Override
  public FileLock lock(long at, long count, boolean shared) {
    throw unused();
  }

  @Override
  public FileLock tryLock(long at, long count, boolean shared) {
    throw unused();
  }
}
