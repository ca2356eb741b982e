/** Files that survive crashes, and the state of a training run in them. */
@NullMarked
package dev.lanewise.engine.checkpoint;

import org.jspecify.annotations.NullMarked;
