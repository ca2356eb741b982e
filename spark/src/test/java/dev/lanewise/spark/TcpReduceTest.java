package dev.lanewise.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.Logger;
import org.apache.logging.log4j.core.appender.AbstractAppender;
import org.apache.logging.log4j.core.config.Property;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tasks of one process that exchange rows over real connections. */
class TcpReduceTest {
  private static final String HOST = InetAddress.getLoopbackAddress().getHostAddress();
  private static final Duration LONG = Duration.ofSeconds(30);
  private static final Duration BRIEF = Duration.ofMillis(300);

  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final List<AutoCloseable> open = new ArrayList<>();

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable each : open) {
      each.close();
    }
    threads.shutdownNow();
  }

  /** A row of floats, to each of which a task adds a number of its own. */
  private record Numbers(float[] taken, float own, boolean first)
      implements AllReduce.Contribution {
    @Override
    public long bytes() {
      return (long) taken.length * Float.BYTES;
    }

    @Override
    public void add(MemorySegment part, long from) {
      for (long at = 0; at < part.byteSize(); at += Float.BYTES) {
        float before = first ? 0 : part.get(ValueLayout.JAVA_FLOAT, at);
        float index = (from + at) / Float.BYTES;
        part.set(ValueLayout.JAVA_FLOAT, at, before + own * (1 + index));
      }
    }

    @Override
    public void take(MemorySegment part, long from) {
      int first = Math.toIntExact(from / Float.BYTES);
      int count = Math.toIntExact(part.byteSize() / Float.BYTES);
      MemorySegment.copy(part, ValueLayout.JAVA_FLOAT, 0, taken, first, count);
    }
  }

  private List<Peers> peers(Duration... patience) throws IOException {
    List<Peers> peers = new ArrayList<>();
    for (int rank = 0; rank < patience.length; rank++) {
      peers.add(new Peers(rank, HOST, patience[rank]));
      open.add(peers.getLast());
    }
    return peers;
  }

  private static String[] told(List<Peers> peers) throws IOException {
    String[] told = new String[peers.size()];
    for (int rank = 0; rank < told.length; rank++) {
      told[rank] = peers.get(rank).told();
    }
    return told;
  }

  private List<TcpReduce> connect(List<Peers> peers, String[] told) throws Exception {
    List<Callable<TcpReduce>> work = new ArrayList<>();
    peers.forEach(each -> work.add(() -> each.connect(told)));
    List<TcpReduce> connected = new ArrayList<>();
    for (Future<TcpReduce> each : threads.invokeAll(work)) {
      connected.add(each.get());
      open.add(connected.getLast());
    }
    return connected;
  }

  private static void requireSums(List<TcpReduce> tasks, ExecutorService threads, int floats)
      throws Exception {
    float[] own = {1e8f, 1, -1e8f, 3}; // the order shows
    List<float[]> taken = new ArrayList<>();
    List<Callable<Void>> work = new ArrayList<>();
    for (TcpReduce task : tasks) {
      float[] row = new float[floats];
      taken.add(row);
      work.add(
          () -> {
            task.reduce(new Numbers(row, own[task.rank()], task.rank() == 0));
            return null;
          });
    }
    for (Future<Void> each : threads.invokeAll(work)) {
      each.get();
    }
    for (int i = 0; i < floats; i++) {
      float sum = 0;
      for (int rank = 0; rank < tasks.size(); rank++) {
        sum += own[rank] * (1 + i);
      }
      for (float[] row : taken) {
        assertThat(row[i]).isEqualTo(sum);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 4})
  void rowsOfAnyLengthAreSummedInTheOrderOfTheTasks(int count) throws Exception {
    Duration[] patience = new Duration[count];
    Arrays.fill(patience, LONG);
    List<Peers> peers = peers(patience);
    List<TcpReduce> tasks = connect(peers, told(peers));
    for (int floats : new int[] {5, 200_000, 100}) { // one part, several, fewer again
      requireSums(tasks, threads, floats);
    }
    long rows = (5 + 200_000 + 100) * (long) Float.BYTES;
    for (TcpReduce task : tasks) {
      boolean atEnd = task.rank() == 0 || task.rank() == count - 1;
      assertThat(task.bytesSent()).isEqualTo(count == 1 ? 0 : atEnd ? rows : 2 * rows);
    }
  }

  /** One that says the wrong thing, and one that says nothing. */
  @Test
  void strangersAreRefusedAndTheTasksFindEachOther() throws Exception {
    List<Peers> peers = peers(LONG, LONG);
    String[] told = told(peers);
    int port = Integer.parseInt(told[1].split(" ")[1]);
    Told log = new Told();
    Logger logger = (Logger) LogManager.getLogger(Peers.class);
    log.start();
    logger.addAppender(log);
    try (Socket wrong = new Socket(HOST, port);
        Socket silent = new Socket(HOST, port)) {
      wrong.getOutputStream().write(new byte[64]);
      List<TcpReduce> tasks = connect(peers, told);
      requireSums(tasks, threads, 100);
      for (Socket stranger : List.of(wrong, silent)) {
        stranger.setSoTimeout(10_000);
        assertThat(readAll(stranger)).as("bytes told to a stranger").isLessThanOrEqualTo(16);
        assertThat(log.lines)
            .anySatisfy(
                line ->
                    assertThat(line)
                        .contains("refused a stranger", HOST + ":" + stranger.getLocalPort()));
      }
    } finally {
      logger.removeAppender(log);
    }
  }

  /** What was logged meanwhile. */
  private static final class Told extends AbstractAppender {
    private final List<String> lines = new CopyOnWriteArrayList<>();

    Told() {
      super("told", null, null, true, Property.EMPTY_ARRAY);
    }

    @Override
    public void append(LogEvent event) {
      lines.add(event.getMessage().getFormattedMessage());
    }
  }

  private static int readAll(Socket socket) throws IOException {
    int count = 0;
    try {
      while (socket.getInputStream().read() >= 0) {
        count++;
      }
    } catch (SocketException e) {
      return count; // reset, as it had sent more than was read
    }
    return count;
  }

  @Test
  void aTaskOfAnotherAttemptIsRefused() throws Exception {
    List<Peers> peers = peers(BRIEF, BRIEF);
    String[] told = told(peers);
    String[] others = told.clone();
    others[0] = peers.get(0).told(); // with another token
    Future<TcpReduce> second = threads.submit(() -> peers.get(1).connect(others));
    assertThatThrownBy(() -> peers.get(0).connect(told)).isInstanceOf(ExchangeException.class);
    assertThatThrownBy(second::get).isInstanceOf(ExecutionException.class);
  }

  @Test
  void whoCannotReachTheNextNamesBoth() throws Exception {
    List<Peers> peers = peers(BRIEF, BRIEF);
    String[] told = told(peers);
    peers.get(1).close();
    assertThatThrownBy(() -> peers.get(0).connect(told))
        .isInstanceOf(ExchangeException.class)
        .hasMessageContaining(HOST + ":" + told[0].split(" ")[1])
        .hasMessageContaining(HOST + ":" + told[1].split(" ")[1]);
  }

  @Test
  void whoIsNotConnectedToNamesBothInTime() throws Exception {
    List<Peers> peers = peers(BRIEF, BRIEF);
    String[] told = told(peers);
    long begin = System.nanoTime();
    assertThatThrownBy(() -> peers.get(1).connect(told))
        .isInstanceOf(ExchangeException.class)
        .hasMessageContaining(HOST + ":" + told[0].split(" ")[1])
        .hasMessageContaining(HOST + ":" + told[1].split(" ")[1])
        .hasMessageContaining("300 ms");
    assertThat(System.nanoTime() - begin).isLessThan(Duration.ofSeconds(10).toNanos());
  }

  /** Each waits as long as it may: the second says so, the first then sees it go. */
  @Test
  void aTaskThatStandsStillEndsTheExchange() throws Exception {
    List<Peers> peers = peers(LONG, BRIEF);
    List<TcpReduce> tasks = connect(peers, told(peers));
    assertThatThrownBy(() -> tasks.get(1).reduce(new Numbers(new float[5], 1, false)))
        .isInstanceOf(ExchangeException.class)
        .hasMessageContaining("nothing came for 300 ms")
        .hasMessageMatching("task 1: .*" + HOST + ":\\d+ and " + HOST + ":\\d+ .*");
    tasks.get(1).close();
    assertThatThrownBy(() -> tasks.get(0).reduce(new Numbers(new float[5], 1, true)))
        .isInstanceOf(ExchangeException.class);
  }

  /** One that takes half as long again for each of many steps. */
  @Test
  void aTaskThatIsSlowByHalfIsWaitedForAtEachStep() throws Exception {
    List<Peers> peers = peers(LONG, LONG);
    List<TcpReduce> tasks = connect(peers, told(peers));
    float[][] rows = new float[2][5];
    List<Callable<Void>> work = new ArrayList<>();
    for (TcpReduce task : tasks) {
      long pause = task.rank() == 0 ? 2 : 3; // milliseconds
      work.add(
          () -> {
            for (int step = 0; step < 100; step++) {
              Thread.sleep(pause);
              task.reduce(new Numbers(rows[task.rank()], step, task.rank() == 0));
            }
            return null;
          });
    }
    for (Future<Void> each : threads.invokeAll(work)) {
      each.get();
    }
    assertThat(rows[0]).containsExactly(198, 396, 594, 792, 990);
    assertThat(rows[1]).containsExactly(rows[0]);
    assertThat(tasks.get(0).bytesSent()).isEqualTo(100 * 5 * Float.BYTES);
  }

  @Test
  void aSlowTaskHoldsTheOthersUpAndNothingElse() throws Exception {
    List<Peers> peers = peers(LONG, LONG);
    List<TcpReduce> tasks = connect(peers, told(peers));
    Future<?> slow =
        threads.submit(
            () -> {
              Thread.sleep(500);
              tasks.get(0).reduce(new Numbers(new float[5], 1, true));
              return null;
            });
    float[] row = new float[5];
    tasks.get(1).reduce(new Numbers(row, 1, false));
    slow.get();
    assertThat(row).containsExactly(2, 4, 6, 8, 10);
  }
}
