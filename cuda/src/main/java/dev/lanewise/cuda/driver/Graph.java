package dev.lanewise.cuda.driver;

import jcuda.driver.CUgraph;
import jcuda.driver.CUgraphExec;
import jcuda.driver.CUstreamCaptureMode;
import jcuda.driver.JCudaDriver;

/**
 * Launches that were recorded once and are given to the device as one: the host makes one call of
 * some microseconds in place of one for each, and the device begins a launch when the last ends.
 */
public final class Graph {
  private final Device device;
  private final CUgraphExec executable = new CUgraphExec();
  private final Owned.Thing thing;

  private Graph(Device device, CUgraph graph) {
    this.device = device;
    Driver.check(
        JCudaDriver.cuGraphInstantiate(executable, graph, 0), "make a graph of a batch's launches");
    thing = device.owned().add("a graph", () -> JCudaDriver.cuGraphExecDestroy(executable));
  }

  /** Records what {@code launches} gives to the stream, having loaded the kernels that it needs. */
  public static Graph capture(Device device, Runnable launches) {
    device.rehearse(launches);
    Driver.check(
        JCudaDriver.cuStreamBeginCapture(
            device.stream(), CUstreamCaptureMode.CU_STREAM_CAPTURE_MODE_THREAD_LOCAL),
        "record launches");
    try {
      launches.run();
    } catch (RuntimeException | Error e) {
      try {
        destroy(endCapture(device)); // or the stream would go on recording
      } catch (RuntimeException second) {
        e.addSuppressed(second);
      }
      throw e;
    }
    CUgraph graph = endCapture(device);
    try {
      return new Graph(device, graph);
    } finally {
      destroy(graph); // a recipe that is instantiated is of no more use
    }
  }

  private static CUgraph endCapture(Device device) {
    CUgraph graph = new CUgraph();
    Driver.check(JCudaDriver.cuStreamEndCapture(device.stream(), graph), "end recording launches");
    return graph;
  }

  private static void destroy(CUgraph graph) {
    Driver.check(JCudaDriver.cuGraphDestroy(graph), "free a graph's recipe");
  }

  /** Launches everything in the stream's order. */
  public void launch() {
    Driver.check(JCudaDriver.cuGraphLaunch(executable, device.stream()), "launch a batch");
  }

  /** Frees the graph before its device is closed. */
  public void free() {
    device.owned().free(thing);
  }
}
