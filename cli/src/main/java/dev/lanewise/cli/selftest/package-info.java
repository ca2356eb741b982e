/** Holds a backend against the CPU on the user's own machine. */
@NullMarked
package dev.lanewise.cli.selftest;

import org.jspecify.annotations.NullMarked;
