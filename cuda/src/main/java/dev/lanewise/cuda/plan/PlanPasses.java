package dev.lanewise.cuda.plan;

import dev.lanewise.cuda.driver.Device;
import dev.lanewise.cuda.kernel.KernelCalls;
import dev.lanewise.cuda.network.CudaStack;

/**
 * A plan's ways through a batch.
 *
 * @param train forward, backward and the update
 * @param evaluate forward, and each sample's loss and metrics
 * @param predict forward
 */
record PlanPasses(GraphCache train, GraphCache evaluate, GraphCache predict) {
  static PlanPasses of(Device device, KernelCalls calls, PlanMemory memory) {
    CudaStack stack = memory.stack();
    long trained = memory.training().address();
    long other = memory.other().address();
    return new PlanPasses(
        new GraphCache(
            device,
            rows -> {
              stack.train(calls, trained, rows);
              memory.update().launch(calls, trained, rows);
            }),
        new GraphCache(
            device,
            rows -> {
              stack.evaluate(calls, other, rows);
              calls.advance(other, rows);
            }),
        new GraphCache(
            device,
            rows -> {
              stack.predict(calls, other, rows);
              calls.advance(other, rows);
            }));
  }
}
