/** Text that comes from outside, on its way to a terminal or a log. */
@NullMarked
package dev.lanewise.engine.text;

import org.jspecify.annotations.NullMarked;
