package dev.lanewise.spark;

import java.io.EOFException;
import java.io.IOException;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.time.Duration;

/** A connection to another task that neither reads nor writes for longer than it may. */
final class Link implements AutoCloseable {
  private final SocketChannel channel;
  private final Selector selector;
  private final SelectionKey key;
  private final String name;
  private Duration patience;

  /**
   * Takes a connection, which closes with this.
   *
   * @param patience how long a read or write may stand still
   */
  Link(SocketChannel channel, Duration patience) throws IOException {
    this.channel = channel;
    this.patience = patience;
    try {
      channel.configureBlocking(false);
      channel.setOption(StandardSocketOptions.TCP_NODELAY, true); // each part is waited for
      name = shown(channel.getLocalAddress()) + " and " + shown(channel.getRemoteAddress());
      selector = Selector.open();
      key = channel.register(selector, SelectionKey.OP_READ);
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  static String shown(SocketAddress address) {
    return address.toString().replaceFirst("^[^/]*/", "");
  }

  void setPatience(Duration other) {
    patience = other;
  }

  /** Returns both addresses, this task's first. */
  String name() {
    return name;
  }

  /** Reads until a buffer is full. */
  void read(ByteBuffer target) throws IOException {
    long stood = System.nanoTime();
    while (target.hasRemaining()) {
      int count = channel.read(target);
      if (count < 0) {
        throw new EOFException("the other task closed the connection");
      }
      stood = count > 0 ? System.nanoTime() : await(SelectionKey.OP_READ, stood, "nothing came");
    }
  }

  /** Writes all of a buffer. */
  void write(ByteBuffer source) throws IOException {
    long stood = System.nanoTime();
    while (source.hasRemaining()) {
      int count = channel.write(source);
      stood =
          count > 0
              ? System.nanoTime()
              : await(SelectionKey.OP_WRITE, stood, "nothing could be sent");
    }
  }

  private long await(int operation, long stood, String what) throws IOException {
    long left = patience.toMillis() - (System.nanoTime() - stood) / 1_000_000;
    if (left <= 0) {
      throw new IOException(what + " for " + Durations.shown(patience));
    }
    key.interestOps(operation);
    selector.select(left);
    selector.selectedKeys().clear();
    if (Thread.currentThread().isInterrupted()) { // or a killed task would spin here
      throw new IOException("the task was interrupted");
    }
    return stood;
  }

  @Override
  public void close() {
    try {
      selector.close();
      channel.close();
    } catch (IOException e) {
      // It is gone, which is all that was asked for.
    }
  }
}
