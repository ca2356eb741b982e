package dev.lanewise.cuda.network;

import dev.lanewise.cuda.driver.Arguments;
import dev.lanewise.cuda.kernel.KernelCalls;
import dev.lanewise.cuda.layer.CudaPass;
import dev.lanewise.cuda.layer.LayerMemory;
import dev.lanewise.cuda.network.WeightPlaces.Place;
import dev.lanewise.engine.layer.Regularizer;
import java.util.List;

/**
 * The penalties on weights that are trained, which alone have any in Keras 3; see penalty.cu. They
 * join each sample's loss, and their gradients the weights' before those are limited.
 */
final class CudaPenalties {
  private final LayerMemory memory;
  private final List<Place> penalized;
  private final long penalties;

  /**
   * Takes the memory.
   *
   * @param memory the addresses of all weights and of the gradients of those that are trained
   */
  CudaPenalties(LayerMemory memory, WeightPlaces places) {
    this.memory = memory;
    penalized =
        places.trained().stream()
            .filter(place -> !place.spec().regularizer().equals(Regularizer.NONE))
            .toList();
    penalties =
        memory.training() ? memory.arena().allocate("penalties on weights", penalized.size()) : 0;
  }

  /** Launches what adds them, to losses and in training to gradients. */
  void add(CudaPass pass) {
    KernelCalls calls = pass.calls();
    for (int i = 0; i < penalized.size(); i++) {
      Place place = penalized.get(i);
      Regularizer rule = place.spec().regularizer();
      long begin = (long) place.begin() * Float.BYTES;
      calls.oneBlock(
          "penalty",
          new Arguments()
              .pointer(memory.weights() + begin)
              .pointer(penalties + (long) i * Float.BYTES)
              .integer(place.length())
              .real(rule.l1())
              .real(rule.l2()));
      if (pass.training()) {
        calls.elements(
            "penalize",
            place.length(),
            new Arguments()
                .pointer(memory.weights() + begin)
                .pointer(memory.gradient() + begin)
                .integer(place.length())
                .real(rule.l1())
                .real(2 * rule.l2()));
      }
    }
    if (!penalized.isEmpty()) {
      calls.elements(
          "add_penalties",
          pass.rows(),
          new Arguments()
              .pointer(pass.batch())
              .pointer(penalties)
              .integer(penalized.size())
              .integer(pass.rows()));
    }
  }
}
