/**
 * Keras's model files, read and written: {@code .keras}, {@code .weights.h5} and legacy {@code
 * .h5}. The only package that needs jHDF and Gson, which are optional for whoever does without such
 * files.
 *
 * <p>A file is data and nothing else: no class is looked up by a name in it, no link is followed,
 * nothing is unpacked to disk, and nothing is allocated before its size has been held against the
 * bytes that are there.
 *
 * {@snippet class="dev.lanewise.engine.PackagePagesTest" region="keras"}
 */
@NullMarked
package dev.lanewise.engine.keras;

import org.jspecify.annotations.NullMarked;
