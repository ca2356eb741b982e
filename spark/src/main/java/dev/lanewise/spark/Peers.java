package dev.lanewise.spark;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Base64;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How the tasks of a fit find each other: each listens at its executor's address, all tell theirs
 * through Spark's driver, and each connects to the next. The first task's token is the attempt's.
 */
final class Peers implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Peers.class);

  /** A stranger may not keep the tasks from each other for longer. */
  private static final Duration HELLO = Duration.ofSeconds(3);

  private final ServerSocketChannel server;
  private final int rank;
  private final Duration patience;

  /**
   * Begins to listen.
   *
   * @param host the executor's address
   * @param patience how long to wait for another task
   */
  Peers(int rank, String host, Duration patience) throws IOException {
    this.rank = rank;
    this.patience = patience;
    server = ServerSocketChannel.open();
    try {
      server.bind(new InetSocketAddress(InetAddress.getByName(host), 0));
    } catch (IOException | RuntimeException e) {
      server.close();
      throw e;
    }
  }

  /** Returns what the other tasks are to be told: where this one listens, and its token. */
  String told() throws IOException {
    InetSocketAddress address = (InetSocketAddress) server.getLocalAddress();
    return address.getAddress().getHostAddress()
        + " "
        + address.getPort()
        + " "
        + Base64.getEncoder().encodeToString(Handshake.newToken());
  }

  /**
   * Connects to the tasks beside this one.
   *
   * @param told what each task has told, by rank
   * @throws ExchangeException naming both addresses if one cannot be reached in time
   */
  TcpReduce connect(String[] told) {
    Handshake handshake = new Handshake(Base64.getDecoder().decode(told[0].split(" ", -1)[2]));
    Link behind = null;
    Link before = null;
    try {
      if (rank + 1 < told.length) {
        behind = next(told[rank + 1].split(" ", -1), handshake);
      }
      if (rank > 0) {
        before = previous(told[rank - 1].split(" ", -1), handshake);
      }
      return new TcpReduce(rank, told.length, before, behind);
    } catch (RuntimeException | Error e) {
      if (behind != null) {
        behind.close();
      }
      throw e;
    }
  }

  /** The next task listens already; its answer may wait until it has connected to its own next. */
  private Link next(String[] told, Handshake handshake) {
    InetSocketAddress address = new InetSocketAddress(told[0], Integer.parseInt(told[1]));
    try {
      SocketChannel channel = SocketChannel.open();
      Link link;
      try {
        InetSocketAddress own = (InetSocketAddress) server.getLocalAddress();
        channel.bind(new InetSocketAddress(own.getAddress(), 0));
        channel.socket().connect(address, Math.toIntExact(patience.toMillis()));
        link = new Link(channel, patience);
      } catch (IOException | RuntimeException e) {
        channel.close();
        throw e;
      }
      try {
        handshake.connect(link, rank);
        return link;
      } catch (IOException | RuntimeException e) {
        link.close();
        throw e;
      }
    } catch (IOException e) {
      throw unreached(Link.shown(address), e);
    }
  }

  private Link previous(String[] told, Handshake handshake) {
    String other = told[0] + ":" + told[1];
    long deadline = System.nanoTime() + patience.toNanos();
    try (Selector selector = Selector.open()) {
      server.configureBlocking(false);
      server.register(selector, SelectionKey.OP_ACCEPT);
      while (true) {
        long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
        if (left <= 0 || Thread.currentThread().isInterrupted()) {
          throw new IOException("it did not connect for " + Durations.shown(patience));
        }
        selector.select(left);
        selector.selectedKeys().clear();
        SocketChannel channel = server.accept();
        if (channel != null) {
          Link link = known(channel, handshake);
          if (link != null) {
            return link;
          }
        }
      }
    } catch (IOException e) {
      throw unreached(other, e);
    }
  }

  /** Returns the connection of the task before, or null if it is a stranger's, which is refused. */
  private @Nullable Link known(SocketChannel channel, Handshake handshake) throws IOException {
    Link link = new Link(channel, HELLO.compareTo(patience) < 0 ? HELLO : patience);
    try {
      handshake.listen(link, rank - 1);
      link.setPatience(patience);
      return link;
    } catch (IOException e) {
      LOG.warn("task {}: refused a stranger, {}: {}", rank, link.name(), e.getMessage());
      link.close();
      return null;
    }
  }

  private ExchangeException unreached(String other, IOException e) {
    return new ExchangeException(
        "task "
            + rank
            + " at "
            + address()
            + " cannot reach the task at "
            + other
            + ": "
            + e.getMessage(),
        e);
  }

  private String address() {
    try {
      return Link.shown(server.getLocalAddress());
    } catch (IOException e) {
      return "a closed address";
    }
  }

  /** Ends listening; connections stay. */
  @Override
  public void close() {
    try {
      server.close();
    } catch (IOException e) {
      LOG.debug("task {}: {}", rank, e.getMessage());
    }
  }
}
