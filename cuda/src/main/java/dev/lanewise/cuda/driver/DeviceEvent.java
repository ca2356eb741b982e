package dev.lanewise.cuda.driver;

import jcuda.driver.CUevent;
import jcuda.driver.CUevent_flags;
import jcuda.driver.JCudaDriver;

/** A place in the stream that the host can wait for. */
final class DeviceEvent {
  private final CUevent event = new CUevent();
  private final Device device;

  DeviceEvent(Device device) {
    this.device = device;
    Driver.check(
        JCudaDriver.cuEventCreate(event, CUevent_flags.CU_EVENT_DISABLE_TIMING), "make an event");
    device.owned().add("an event", () -> JCudaDriver.cuEventDestroy(event));
  }

  /** Puts the event behind what the stream has been given so far. */
  void record() {
    Driver.check(JCudaDriver.cuEventRecord(event, device.stream()), "record an event");
  }

  /** Waits until the stream has come to the event; at once if it was never recorded. */
  void await() {
    Driver.check(JCudaDriver.cuEventSynchronize(event), "wait for an event");
  }
}
