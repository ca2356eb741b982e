package dev.lanewise.engine.backend.cpu;

import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** Lends desks, the last given back first: its memory is the likeliest to be in a cache. */
final class DeskPool {
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition given = lock.newCondition();
  private final Desk[] free;
  private int count;

  DeskPool(List<Desk> desks) {
    free = desks.toArray(Desk[]::new);
    count = free.length;
  }

  /** Returns a desk, waiting for one if all are taken. */
  Desk take() {
    lock.lock();
    try {
      while (count == 0) {
        given.awaitUninterruptibly();
      }
      return free[--count];
    } finally {
      lock.unlock();
    }
  }

  void give(Desk desk) {
    lock.lock();
    try {
      free[count++] = desk;
      given.signal();
    } finally {
      lock.unlock();
    }
  }
}
