/** Work beside other work. */
@NullMarked
package dev.lanewise.cli.thread;

import org.jspecify.annotations.NullMarked;
