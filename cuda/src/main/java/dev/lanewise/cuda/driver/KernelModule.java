package dev.lanewise.cuda.driver;

import jcuda.driver.JCudaDriver;

/** The kernels as one device's stream takes them; see {@link Ptx} for when they are compiled. */
public final class KernelModule {
  private final Device device;

  /** Returns the kernels for a device; none is loaded before it is needed. */
  public KernelModule(Device device) {
    this.device = device;
  }

  /**
   * Returns the PTX that is shipped, or the file's that {@code -Dlanewise.cuda.ptx=FILE} names: for
   * whoever works on the kernels.
   */
  public static String ptx() {
    return Ptx.read().text();
  }

  /**
   * Launches a kernel in the stream's order, or adds it to the graph that is being captured, or
   * only loads it if {@link Device#rehearse} asks for that.
   *
   * @param name its name in the source
   * @param grid the blocks
   * @param threads the threads of a block
   */
  public void launch(String name, Grid grid, int threads, Arguments arguments) {
    launch(name, grid, threads, 0, arguments);
  }

  /**
   * As {@link #launch(String, Grid, int, Arguments)}, with shared memory beside the kernel's own.
   *
   * @param shared its bytes, for one kernel always as many
   */
  public void launch(String name, Grid grid, int threads, int shared, Arguments arguments) {
    Kernel kernel = device.context().kernel(name, shared);
    assert kernel.takes(name, arguments.sizes());
    if (device.rehearses()) {
      return;
    }
    Driver.check(
        JCudaDriver.cuLaunchKernel(
            kernel.function(),
            grid.x(),
            grid.y(),
            grid.z(),
            threads,
            1,
            1,
            shared,
            device.stream(),
            arguments.toPointer(),
            null),
        "launch kernel " + name);
  }

  /**
   * The blocks of a launch.
   *
   * @param x blocks along x
   * @param y blocks along y
   * @param z blocks along z
   */
  public record Grid(int x, int y, int z) {
    /** Returns a row of blocks. */
    public static Grid of(int x) {
      return new Grid(x, 1, 1);
    }
  }
}
