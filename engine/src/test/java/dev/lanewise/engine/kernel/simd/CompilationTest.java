package dev.lanewise.engine.kernel.simd;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanewise.engine.kernel.ChildJvm;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A kernel that the JIT gives up on runs many times slower and says nothing. Here it says so:
 * {@code -XX:+PrintCompilation} lists what each compiler made of each method.
 */
class CompilationTest {
  private static final String PACKAGE = "dev.lanewise.engine.kernel.simd.";

  /** Time, id, flags, tier, method, and how it ended where it did. */
  private static final Pattern LINE =
      Pattern.compile(
          "\\s*\\d+\\s+(\\d+)\\s+([%sbn! ]*)\\s*([1-4])\\s+"
              + Pattern.quote(PACKAGE)
              + "(\\S+)(?: @ \\d+)? \\(\\d+ bytes\\)(.*)");

  private static final List<String> ROWS = List.of("rows5", "rows4", "rows2", "rows1");
  private static final List<String> NARROW =
      List.of(
          "PanelOf2::rows6",
          "PanelOf2::term5",
          "PanelOf2::pairs5",
          "PackedPanelOf2::rows5",
          "PackedPanelOf2::term5",
          "PackedPanelOf2::pairs5",
          "PackedPanelOf10::rows1");
  private static final List<String> LOOPS =
      List.of(
          "SimdActivations::scaledTanh",
          "SimdActivations::relu",
          "SimdActivations::exp",
          "SimdDerivatives::relu",
          "SimdDerivatives::tanh",
          "SimdDerivatives::sigmoid",
          "SimdClips::relu6",
          "SimdClips::relu6Derivative",
          "SimdClips::leakyRelu",
          "SimdClips::leakyReluDerivative",
          "SimdClips::hardSigmoid",
          "SimdClips::hardSigmoidDerivative",
          "SimdClips::hardSilu",
          "SimdClips::hardSiluDerivative",
          "SimdClips::softsign",
          "SimdClips::softsignDerivative",
          "SimdExponentials::exponential",
          "SimdExponentials::exponentialDerivative",
          "SimdExponentials::elu",
          "SimdExponentials::eluDerivative",
          "SimdExponentials::softplus",
          "SimdExponentials::softplusDerivative",
          "SimdExponentials::silu",
          "SimdExponentials::siluDerivative",
          "SimdNormalCurve::gelu",
          "SimdNormalCurve::geluDerivative",
          "SimdReductions::add",
          "SimdReductions::multiply",
          "SimdReductions::multiplyAdd",
          "SimdLstm::state",
          "SimdLstm::outputGradient",
          "SimdLstm::stateGradient",
          "SimdGru::state",
          "SimdGru::gradient",
          "SimdDropout::run",
          "SimdLeakyRelu::run",
          "SimdLeakyRelu::derivative",
          "SimdMaxima::maximum",
          "SimdMaxima::addWhereEqual",
          "SimdReductions::columnSums",
          "SimdReductions::fourColumnSums",
          "SimdReductions::sumInto",
          "SimdPenalties::sumOfMagnitudes",
          "SimdPenalties::penalize",
          "SimdClipping::sumOfSquares",
          "SimdClipping::multiply",
          "SimdClipping::clip",
          "SimdPack::panel",
          "SimdOptimizers::adam",
          "SimdOptimizers::sgd",
          "SimdOptimizers::momentum",
          "SimdOptimizers::nesterov",
          "SimdOptimizers::decay",
          "SimdOptimizers::amsgrad",
          "SimdOptimizers::nadam",
          "SimdRmsProp::plain",
          "SimdRmsProp::withMomentum",
          "SimdRmsProp::centered",
          "SimdRmsProp::centeredWithMomentum",
          "SimdAdaptive::adamax",
          "SimdAdaptive::adagrad",
          "SimdAdaptive::adadelta",
          "SimdAdaptive::lion",
          "SimdSoftmax::run",
          "SimdBytes::scale",
          "SimdTranspose::pairs",
          "SimdTranspose::elements");

  @ParameterizedTest
  @ValueSource(strings = {"-XX:UseAVX=3", "-XX:UseAVX=2"})
  void everyKernelReachesTheLastCompilerAndNoneIsSkipped(String instructions) {
    // Inlined into one another, methods would not be listed each.
    ChildJvm.Result child =
        ChildJvm.run(
            List.of(
                "--add-modules=jdk.incubator.vector",
                "-XX:+IgnoreUnrecognizedVMOptions", // neither flag is known outside x86
                instructions,
                "-Xbatch", // what is wanted is compiled before it runs on
                "-XX:CompileThresholdScaling=0.2",
                "-XX:+PrintCompilation",
                "-XX:CompileCommand=quiet",
                "-XX:CompileCommand=dontinline," + PACKAGE + "*::*"),
            RnnStepMain.class);
    assertThat(child.exitCode()).as(child.output()).isZero();
    List<String> lines = child.output().lines().toList();
    assertThat(lines).noneMatch(line -> line.contains(PACKAGE) && line.contains("COMPILE SKIPPED"));
    List<String> wanted = new ArrayList<>(LOOPS);
    // The compilers print in between, at times on the same line.
    boolean wide = child.output().contains("wide=true");
    for (int panel : wide ? new int[] {1, 2, 3, 4} : new int[] {2}) {
      ROWS.forEach(rows -> wanted.add("PanelOf" + panel + "::" + rows));
    }
    if (!wide) {
      wanted.addAll(NARROW);
    }
    wanted.add(wide ? "PanelOf10::rows1" : "MaskedPanelOf10::rows1");
    wanted.removeAll(atLastTier(lines));
    assertThat(wanted).as("kernels without code of the last compiler").isEmpty();
  }

  /** Returns the methods that have tier-4 code, whole and not thrown away again. */
  private static Set<String> atLastTier(List<String> lines) {
    Map<String, String> methodById = new HashMap<>();
    for (String line : lines) {
      Matcher matcher = LINE.matcher(line);
      if (matcher.matches() && matcher.group(3).equals("4") && !matcher.group(2).contains("%")) {
        if (matcher.group(5).contains("made not entrant")) {
          methodById.remove(matcher.group(1));
        } else {
          methodById.put(matcher.group(1), matcher.group(4));
        }
      }
    }
    return new HashSet<>(methodById.values());
  }
}
