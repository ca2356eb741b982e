package dev.lanewise.cuda.driver;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What a device has given out, freed last to first. One free that fails does not keep the others
 * from being tried.
 */
final class Owned {
  private final Deque<Thing> things = new ArrayDeque<>();

  /**
   * Something that is to be given back.
   *
   * @param what its name, for messages
   * @param free the driver's call
   */
  record Thing(String what, IntSupplier free) {}

  Thing add(String what, IntSupplier free) {
    Thing thing = new Thing(what, free);
    things.push(thing);
    return thing;
  }

  /** Frees one thing before its time. */
  void free(Thing thing) {
    if (things.remove(thing)) {
      Driver.check(thing.free().getAsInt(), "free " + thing.what());
    }
  }

  /** Frees everything because of {@code cause}, to which a failure of freeing is added. */
  void freeAfter(Throwable cause) {
    try {
      freeAll();
    } catch (RuntimeException e) {
      cause.addSuppressed(e);
    }
  }

  /** Frees everything; the first failure is thrown when all has been tried. */
  void freeAll() {
    RuntimeException first = null;
    while (!things.isEmpty()) {
      first = tried(things.pop(), first);
    }
    if (first != null) {
      throw first;
    }
  }

  private static @Nullable RuntimeException tried(Thing thing, @Nullable RuntimeException first) {
    try {
      Driver.check(thing.free().getAsInt(), "free " + thing.what());
      return first;
    } catch (RuntimeException e) {
      if (first == null) {
        return e;
      }
      first.addSuppressed(e);
      return first;
    }
  }
}
