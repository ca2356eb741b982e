/** Data sets and the files they come from. */
@NullMarked
package dev.lanewise.engine.data;

import org.jspecify.annotations.NullMarked;
