package dev.lanewise.engine.tensor;

import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.TestInstanceFactoryContext;
import org.junit.jupiter.api.extension.TestInstancePreConstructCallback;

/**
 * Fails a test that ends with more bytes off-heap than it began with: an arena that it left open.
 * JUnit finds this by itself ({@code junit-platform.properties}), in every module that has these
 * tests on its class path. What a class makes once for all of its tests is there before the first.
 */
public final class NothingLeft
    implements TestInstancePreConstructCallback, BeforeEachCallback, AfterEachCallback {
  private long before;

  /** Before the fields of a test have what they begin with. */
  @Override
  public void preConstructTestInstance(TestInstanceFactoryContext of, ExtensionContext context) {
    before = MemoryLedger.liveBytes();
  }

  @Override
  public void beforeEach(ExtensionContext context) {
    if (context.getTestInstanceLifecycle().filter(Lifecycle.PER_CLASS::equals).isPresent()) {
      before = MemoryLedger.liveBytes();
    }
  }

  @Override
  public void afterEach(ExtensionContext context) {
    long left = MemoryLedger.liveBytes() - before;
    // Of a test that failed, what it left open is no news.
    if (left != 0 && context.getExecutionException().isEmpty()) {
      throw new AssertionError(
          left
              + " bytes off-heap more than before "
              + context.getRequiredTestClass().getSimpleName()
              + "."
              + context.getDisplayName()
              + ": close the model, predictor, stream or arena that it left open");
    }
  }
}
