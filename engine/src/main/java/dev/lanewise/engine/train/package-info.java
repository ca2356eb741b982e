/** Models and the loop that trains them, written once above every backend. */
@NullMarked
package dev.lanewise.engine.train;

import org.jspecify.annotations.NullMarked;
