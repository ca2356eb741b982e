import dev.lanewise.engine.backend.Backend;
import dev.lanewise.engine.backend.cpu.CpuBackend;

/** Recurrent networks trained and served in pure Java. */
@SuppressWarnings("module") // the module that some exports name is built after this one
module dev.lanewise.engine {
  requires jdk.incubator.vector;
  requires jdk.management;
  requires static com.google.gson;
  requires static io.jhdf;
  requires static jdk.jfr;
  requires static org.jspecify; // whoever compiles against this module needs none of it

  exports dev.lanewise.engine.archive;
  exports dev.lanewise.engine.backend;
  exports dev.lanewise.engine.backend.cpu;
  exports dev.lanewise.engine.checkpoint;
  exports dev.lanewise.engine.data;
  exports dev.lanewise.engine.kernel to
      dev.lanewise.cuda,
      dev.lanewise.bench;
  exports dev.lanewise.engine.keras;
  exports dev.lanewise.engine.layer;
  exports dev.lanewise.engine.loss;
  exports dev.lanewise.engine.metric;
  exports dev.lanewise.engine.onnx;
  exports dev.lanewise.engine.optimizer;
  exports dev.lanewise.engine.property;
  exports dev.lanewise.engine.random;
  exports dev.lanewise.engine.tensor;
  exports dev.lanewise.engine.tensorboard;
  exports dev.lanewise.engine.text;
  exports dev.lanewise.engine.train;

  uses Backend;

  provides Backend with
      CpuBackend;
}
