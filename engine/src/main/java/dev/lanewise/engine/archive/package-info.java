/** Zip files, read without trust and written the same every time. */
@NullMarked
package dev.lanewise.engine.archive;

import org.jspecify.annotations.NullMarked;
