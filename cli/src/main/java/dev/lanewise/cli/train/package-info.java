/** The command that trains: one run, from its options to what it leaves. */
@NullMarked
package dev.lanewise.cli.train;

import org.jspecify.annotations.NullMarked;
