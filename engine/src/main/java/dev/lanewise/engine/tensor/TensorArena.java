package dev.lanewise.engine.tensor;

import dev.lanewise.engine.property.JvmProperties;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/**
 * A named owner of off-heap memory. Tensors belong to the arena they were made in and die with it;
 * the arena is the only thing that is closed. Nothing is left to finalizers: an arena that is never
 * closed stays in {@link MemoryLedger}.
 *
 * <p>Making tensors and closing are for one thread at a time; {@link #acquire} and {@link #release}
 * are for any.
 */
public final class TensorArena implements AutoCloseable {
  /** Every tensor starts at a multiple of this many bytes: a cache line, and a 512-bit vector. */
  public static final int ALIGNMENT = 64;

  /** Runs before each allocation; tests have one fail here, as it does when the system refuses. */
  static volatile Runnable beforeAllocation = () -> {};

  private final String name;
  private final Arena arena = Arena.ofShared();
  private final List<BoundedPool.Block> blocks = new ArrayList<>();
  private final Lease lease;
  private final boolean counting;
  private long bytes;

  /**
   * Opens an arena.
   *
   * @param name names it in messages
   */
  public TensorArena(String name) {
    this(name, false, new Lease("arena " + name));
  }

  private TensorArena(String name, boolean counting, Lease lease) {
    JvmProperties.get(); // a wrong one is told here; later it would be a class that cannot be made
    this.name = name;
    this.counting = counting;
    this.lease = lease;
  }

  /**
   * Opens an arena that counts the bytes of its tensors but takes no memory: what is built in it
   * tells how much the same would need, so that it can be refused whole. Its tensors cannot be read
   * or written.
   *
   * @param name names it in messages
   * @return the arena
   */
  public static TensorArena counting(String name) {
    return new TensorArena(name, true, new Lease("arena " + name));
  }

  /**
   * Opens an arena that something holds which does not compute, and may be left open by mistake.
   *
   * @param name names it in messages
   * @param user who holds it, and what to do about it, for the message of {@link #close}
   * @return the arena
   */
  public static TensorArena heldBy(String name, String user) {
    return new TensorArena(name, false, new Lease("arena " + name, user));
  }

  /** {@return the name given at its making} */
  public String name() {
    return name;
  }

  /**
   * {@return the bytes of all its tensors, padding and alignment included}
   *
   * @throws IllegalStateException if the arena is closed
   */
  public long bytes() {
    requireOpen();
    return bytes;
  }

  /**
   * Makes a zero-filled tensor.
   *
   * @param label names the tensor in messages
   * @param shape its sizes; the last dimension is the row
   * @param rowStride elements from row to row, at least the last dimension's size
   * @return the tensor, which lives as long as this arena
   * @throws IllegalStateException if the arena is closed
   * @throws IllegalArgumentException if the stride is too small or the byte count overflows
   * @throws InsufficientMemoryException if the budget does not allow it or the system refuses
   */
  public Tensor tensor(String label, Shape shape, int rowStride) {
    requireOpen();
    long size = Tensor.byteCount(label, shape, rowStride);
    long rounded = (size + ALIGNMENT - 1) & -ALIGNMENT;
    if (counting) {
      bytes = saturatedSum(bytes, rounded);
      return new Tensor(this, label, shape, rowStride, MemorySegment.NULL);
    }
    MemoryLedger.add("tensor " + label + " " + shape + " of arena " + name, rounded);
    boolean taken = false;
    try {
      MemorySegment segment = allocate(rounded);
      taken = true;
      bytes += rounded;
      return new Tensor(this, label, shape, rowStride, segment);
    } catch (OutOfMemoryError e) {
      throw new InsufficientMemoryException(
          "tensor "
              + label
              + " "
              + shape
              + " of arena "
              + name
              + ": the system refused "
              + rounded
              + " bytes; make the model or the batch smaller, or end other programs");
    } finally {
      if (!taken) {
        MemoryLedger.remove(rounded);
      }
    }
  }

  private MemorySegment allocate(long size) {
    beforeAllocation.run();
    if (!AddressSpace.BOUNDED) {
      return arena.allocate(size, ALIGNMENT);
    }
    BoundedPool.Block block = BoundedPool.take(size);
    blocks.add(block);
    return block.segment();
  }

  private static long saturatedSum(long a, long b) {
    return a > Long.MAX_VALUE - b ? Long.MAX_VALUE : a + b;
  }

  /**
   * Holds the memory for a computation, so that closing meanwhile is refused in place of pulling
   * memory from under a kernel. Each call is paired with {@link #release}.
   *
   * @throws IllegalStateException if the arena is closed
   */
  public void acquire() {
    lease.acquire();
  }

  /**
   * Holds the memory for a computation that is to be the only one.
   *
   * @throws IllegalStateException if the arena is closed or another computation holds it
   */
  public void acquireAlone() {
    lease.acquireAlone();
  }

  /** Ends what {@link #acquire} or {@link #acquireAlone} began. */
  public void release() {
    lease.release();
  }

  /**
   * Throws unless the arena is open.
   *
   * @throws IllegalStateException if it is closed
   */
  public void requireOpen() {
    lease.requireOpen();
  }

  /**
   * Gives all memory back; closing again does nothing.
   *
   * @throws IllegalStateException if a computation holds it
   */
  @Override
  public void close() {
    closeOnce();
  }

  /**
   * Does what {@link #close} does, and returns whether this call did it: false if it was closed
   * already.
   *
   * @return whether this call closed it
   * @throws IllegalStateException if a computation holds it
   */
  public boolean closeOnce() {
    if (!lease.close()) {
      return false;
    }
    arena.close();
    blocks.forEach(BoundedPool::giveBack);
    if (!counting) {
      MemoryLedger.remove(bytes);
    }
    return true;
  }
}
