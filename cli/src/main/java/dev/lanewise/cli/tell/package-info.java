/** What the program says and how: numbers, tables, failures, exit codes. */
@NullMarked
package dev.lanewise.cli.tell;

import org.jspecify.annotations.NullMarked;
