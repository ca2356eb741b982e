package dev.lanewise.engine.backend.cpu.team;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lanewise.engine.tensor.InsufficientMemoryException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class TeamTest {
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 8})
  void everyTaskOfEveryRoundRunsOnce(int threads) {
    int tasks = 13;
    AtomicIntegerArray runs = new AtomicIntegerArray(tasks);
    try (Team team = new Team(threads)) {
      for (int round = 1; round <= 500; round++) {
        team.run(
            tasks,
            (worker, i) -> {
              assertThat(worker).isBetween(0, Math.min(threads, tasks) - 1);
              runs.incrementAndGet(i);
            });
        for (int i = 0; i < tasks; i++) {
          assertThat(runs.get(i)).as("task %d, round %d", i, round).isEqualTo(round);
        }
      }
    }
  }

  /** Two tasks that wait for each other end only if two threads have them. */
  @Test
  void theCallerAndAHelperWorkAtTheSameTime() {
    CountDownLatch both = new CountDownLatch(2);
    Set<String> names = ConcurrentHashMap.newKeySet();
    try (Team team = new Team(2)) {
      team.run(
          2,
          (worker, i) -> {
            names.add(Thread.currentThread().getName());
            both.countDown();
            awaitUninterrupted(both);
          });
    }
    assertThat(names).containsExactlyInAnyOrder(Thread.currentThread().getName(), "lanewise-cpu-1");
  }

  @Test
  void whatATaskThrowsReachesTheCallerFromAnyThreadAndTheTeamGoesOn() {
    CountDownLatch both = new CountDownLatch(2);
    Thread caller = Thread.currentThread();
    try (Team team = new Team(2)) {
      for (boolean fromHelper : new boolean[] {true, false}) {
        CountDownLatch meeting = fromHelper ? both : new CountDownLatch(2);
        assertThatThrownBy(
                () ->
                    team.run(
                        2,
                        (worker, i) -> {
                          meeting.countDown();
                          awaitUninterrupted(meeting);
                          if ((Thread.currentThread() != caller) == fromHelper) {
                            throw new IllegalArgumentException("task failed");
                          }
                        }))
            .isInstanceOf(IllegalArgumentException.class)
            .hasMessage("task failed");
      }
      AtomicIntegerArray runs = new AtomicIntegerArray(9);
      team.run(9, (worker, i) -> runs.incrementAndGet(i));
      assertThat(runs).hasToString("[1, 1, 1, 1, 1, 1, 1, 1, 1]");
    }
  }

  @Test
  void closingEndsTheHelpers() {
    Set<Thread> before = Thread.getAllStackTraces().keySet();
    Team team = new Team(4);
    assertThat(helpersBeside(before)).isEqualTo(3);
    team.close();
    assertThat(helpersBeside(before)).isZero();
  }

  /** The third thread is refused, as by a system at its limit. */
  @Test
  void aThreadThatCannotBeStartedLeavesNoOtherBehind() {
    List<Thread> made = new ArrayList<>();
    ThreadFactory atItsLimit =
        work -> {
          int place = made.size();
          Thread thread =
              new Thread(work) {
                @Override
                public void start() {
                  if (place == 2) {
                    throw new OutOfMemoryError("unable to create native thread");
                  }
                  super.start();
                }
              };
          made.add(thread);
          return thread;
        };
    assertThatThrownBy(() -> new Team(6, atItsLimit))
        .isInstanceOf(InsufficientMemoryException.class)
        .hasMessageStartingWith(
            "a team of 6 threads: the system refused one (unable to create native thread)");
    assertThat(made).hasSize(5).noneMatch(Thread::isAlive);
  }

  @Test
  void anInterruptedHelperSleepsOnAndAnInterruptedCallerStaysOne() throws InterruptedException {
    ThreadMXBean times = ManagementFactory.getThreadMXBean();
    List<Thread> made = new ArrayList<>();
    ThreadFactory keeping =
        work -> {
          made.add(new Thread(work));
          return made.getLast();
        };
    try (Team team = new Team(2, keeping)) {
      Thread helper = made.getFirst();
      helper.interrupt();
      Thread.sleep(100);
      long before = times.getThreadCpuTime(helper.threadId());
      Thread.sleep(400);
      assertThat(times.getThreadCpuTime(helper.threadId()) - before).isLessThan(100_000_000);
      Thread.currentThread().interrupt();
      AtomicIntegerArray runs = new AtomicIntegerArray(9);
      team.run(
          9,
          (worker, i) -> {
            runs.incrementAndGet(i);
            LockSupport.parkNanos(20_000_000);
          });
      assertThat(Thread.interrupted()).isTrue();
      assertThat(runs).hasToString("[1, 1, 1, 1, 1, 1, 1, 1, 1]");
    }
    assertThat(made).noneMatch(Thread::isAlive);
  }

  private static long helpersBeside(Set<Thread> others) {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(t -> !others.contains(t) && t.getName().startsWith("lanewise-cpu-"))
        .count();
  }

  private static void awaitUninterrupted(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
