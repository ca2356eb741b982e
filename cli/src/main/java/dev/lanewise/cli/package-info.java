/** The command line: the launcher and the commands. */
@NullMarked
package dev.lanewise.cli;

import org.jspecify.annotations.NullMarked;
