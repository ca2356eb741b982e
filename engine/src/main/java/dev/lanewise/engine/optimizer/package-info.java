/** How gradients change parameters. */
@NullMarked
package dev.lanewise.engine.optimizer;

import org.jspecify.annotations.NullMarked;
