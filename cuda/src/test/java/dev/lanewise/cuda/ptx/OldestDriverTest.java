package dev.lanewise.cuda.ptx;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanewise.cuda.driver.KernelModule;
import java.nio.charset.StandardCharsets;
import jcuda.nvptxcompiler.JNvPTXCompiler;
import jcuda.nvptxcompiler.nvPTXCompileResult;
import jcuda.nvptxcompiler.nvPTXCompilerHandle;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * NVIDIA's PTX compiler of CUDA 12, which JCuda's natives contain, takes the kernels: what drivers
 * of its time accept, without a driver.
 */
class OldestDriverTest {
  @ParameterizedTest
  @ValueSource(ints = {75, 90}) // the oldest and the newest that it knows well
  void compilerOfCuda12TakesTheKernels(int architecture) {
    byte[] ptx = (KernelModule.ptx() + "\0").getBytes(StandardCharsets.US_ASCII);
    nvPTXCompilerHandle compiler = new nvPTXCompilerHandle();
    succeed(JNvPTXCompiler.nvPTXCompilerCreate(compiler, ptx.length - 1, ptx), compiler);
    try {
      String[] options = {"--gpu-name=sm_" + architecture};
      succeed(JNvPTXCompiler.nvPTXCompilerCompile(compiler, 1, options), compiler);
      long[] size = new long[1];
      succeed(JNvPTXCompiler.nvPTXCompilerGetCompiledProgramSize(compiler, size), compiler);
      assertThat(size[0]).isGreaterThan(10_000);
    } finally {
      JNvPTXCompiler.nvPTXCompilerDestroy(compiler);
    }
  }

  private static void succeed(int result, nvPTXCompilerHandle compiler) {
    if (result != nvPTXCompileResult.NVPTXCOMPILE_SUCCESS) {
      long[] length = new long[1];
      JNvPTXCompiler.nvPTXCompilerGetErrorLogSize(compiler, length);
      byte[] log = new byte[(int) length[0] + 1];
      JNvPTXCompiler.nvPTXCompilerGetErrorLog(compiler, log);
      throw new AssertionError(
          nvPTXCompileResult.stringFor(result) + ": " + new String(log, StandardCharsets.UTF_8));
    }
  }
}
