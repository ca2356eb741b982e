/** Plain loops: the reference for every other implementation, always present. */
@NullMarked
package dev.lanewise.engine.kernel.scalar;

import org.jspecify.annotations.NullMarked;
