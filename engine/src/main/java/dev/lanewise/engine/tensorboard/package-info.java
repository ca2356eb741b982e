/** Event files that TensorBoard reads. */
@NullMarked
package dev.lanewise.engine.tensorboard;

import org.jspecify.annotations.NullMarked;
