package dev.lanewise.spark;

import dev.lanewise.engine.train.Model;
import java.io.Serializable;
import java.util.Map;

/** Makes the model of a setting, on an executor: its class has to be there, too. */
@FunctionalInterface
public interface SearchModel extends Serializable {
  /**
   * {@return a compiled model, with a seed of its own or one for all settings}
   *
   * @param setting numbers by name
   */
  Model of(Map<String, Double> setting);
}
