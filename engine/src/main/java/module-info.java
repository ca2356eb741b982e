import dev.lanewise.engine.backend.Backend;
import dev.lanewise.engine.backend.cpu.CpuBackend;

/**
 * Recurrent networks trained and served in pure Java: hot loops written with {@link
 * jdk.incubator.vector/} over off-heap memory, and the same bits from the same seed, whatever the
 * threads and the width of vectors.
 *
 * <p>Begin with {@link dev.lanewise.engine.train}, whose {@code Model} is what most programs need;
 * its page shows one in ten lines. Its layers are in {@link dev.lanewise.engine.layer}, what it
 * learns from in {@link dev.lanewise.engine.data}; save with {@link dev.lanewise.engine.keras},
 * serve with {@link dev.lanewise.engine.backend}. Names are Keras's in Java's case. Models, plans,
 * predictors and streams own off-heap memory until they are closed.
 *
 * <p>Java is started with {@code --add-modules jdk.incubator.vector}, without which the engine
 * works on plain loops and says so once, and with {@code --enable-native-access=ALL-UNNAMED}; a
 * program that is a module needs {@code --enable-native-access=dev.lanewise.engine} alone. jHDF and
 * Gson are needed for Keras's files and for nothing else.
 */
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
