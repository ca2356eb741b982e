package dev.lanewise.engine.kernel;

/** Prints what kernels were chosen and one hash of all their results: the child of a test. */
final class DigestMain {
  private DigestMain() {}

  public static void main(String[] args) {
    Kernels kernels = KernelProvider.kernels();
    System.out.println("kernels=" + KernelProvider.description());
    System.out.println("digest=" + new KernelRuns(kernels, KernelRuns.FEW_SIZES).all().digest());
  }
}
