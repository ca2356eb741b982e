package dev.lanewise.cuda.driver;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import jcuda.driver.CUfunction;
import jcuda.driver.CUmodule;
import jcuda.driver.JCudaDriver;

/** The kernels: PTX from this module's resources, which the driver compiles for the device. */
public final class KernelModule {
  private static final String RESOURCE = "/dev/lanewise/cuda/lanewise.ptx";

  private static final String PROPERTY = "lanewise.cuda.ptx";

  private final Device device;
  private final CUmodule module = new CUmodule();
  private final Map<String, CUfunction> functions = new HashMap<>();
  private final KernelSignatures signatures;

  /**
   * Loads the kernels, all of them now: drivers load a kernel when it is first asked for, which is
   * not allowed while a graph is recorded.
   *
   * @throws dev.lanewise.engine.backend.DeviceFailureException if the driver cannot compile them
   */
  public KernelModule(Device device) {
    this.device = device;
    String text = ptx();
    Driver.check(JCudaDriver.cuModuleLoadData(module, text), "load the kernels");
    device.owned().add("the kernels", () -> JCudaDriver.cuModuleUnload(module));
    signatures = new KernelSignatures(text);
    for (String name : signatures.kernels()) {
      CUfunction function = new CUfunction();
      Driver.check(
          JCudaDriver.cuModuleGetFunction(function, module, name), "find the kernel " + name);
      functions.put(name, function);
    }
  }

  /**
   * Returns the PTX that is shipped, or the file's that {@code -Dlanewise.cuda.ptx=FILE} names: for
   * whoever works on the kernels.
   */
  public static String ptx() {
    String file = System.getProperty(PROPERTY, "");
    try (InputStream in =
        file.isEmpty()
            ? KernelModule.class.getResourceAsStream(RESOURCE)
            : Files.newInputStream(Path.of(file))) {
      return new String(
          Objects.requireNonNull(in, RESOURCE).readAllBytes(), StandardCharsets.US_ASCII);
    } catch (IOException e) {
      throw new UncheckedIOException("the kernels' PTX cannot be read: " + e.getMessage(), e);
    }
  }

  /**
   * Launches a kernel in the stream's order, or adds it to the graph that is being captured.
   *
   * @param name its name in the source
   * @param grid the blocks
   * @param threads the threads of a block
   */
  public void launch(String name, Grid grid, int threads, Arguments arguments) {
    assert fits(name, arguments);
    Driver.check(
        JCudaDriver.cuLaunchKernel(
            Objects.requireNonNull(functions.get(name), name),
            grid.x(),
            grid.y(),
            grid.z(),
            threads,
            1,
            1,
            0,
            device.stream(),
            arguments.toPointer(),
            null),
        "launch kernel " + name);
  }

  private boolean fits(String name, Arguments arguments) {
    String difference = signatures.difference(name, arguments.sizes());
    if (!difference.isEmpty()) {
      throw new AssertionError(difference);
    }
    return true;
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
