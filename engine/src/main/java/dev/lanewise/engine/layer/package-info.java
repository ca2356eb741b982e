/** Descriptions of layers: what they compute, their parameters and shapes; no state. */
@NullMarked
package dev.lanewise.engine.layer;

import org.jspecify.annotations.NullMarked;
