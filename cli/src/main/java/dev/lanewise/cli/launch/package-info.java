/** What starts first, on any Java from 8 on, to find one that can run the rest. */
@NullMarked
package dev.lanewise.cli.launch;

import org.jspecify.annotations.NullMarked;
