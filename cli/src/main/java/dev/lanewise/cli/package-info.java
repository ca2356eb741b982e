/** The program: which commands there are and how one is run. */
@NullMarked
package dev.lanewise.cli;

import org.jspecify.annotations.NullMarked;
