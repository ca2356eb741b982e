package dev.lanewise.cuda;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.lanewise.engine.backend.Probe;
import org.junit.jupiter.api.BeforeAll;

/** A GPU keeps the contract, where there is one. */
class DeviceContractTest extends CudaContract {
  @BeforeAll
  static void findDevice() {
    Probe probe = new CudaBackend().probe();
    assumeTrue(probe.available(), "no GPU: " + probe.description());
  }
}
