/** What the commands are told on their command lines, and what is read by it. */
@NullMarked
package dev.lanewise.cli.argument;

import org.jspecify.annotations.NullMarked;
