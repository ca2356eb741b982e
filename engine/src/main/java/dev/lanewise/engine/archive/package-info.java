/**
 * Zip files, read without trust and written the same every time.
 *
 * {@snippet class="dev.lanewise.engine.PackagePagesTest" region="archive"}
 */
@NullMarked
package dev.lanewise.engine.archive;

import org.jspecify.annotations.NullMarked;
