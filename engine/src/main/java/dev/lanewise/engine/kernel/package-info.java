/** The hot loops' one interface and the one choice of its implementation. */
@NullMarked
package dev.lanewise.engine.kernel;

import org.jspecify.annotations.NullMarked;
