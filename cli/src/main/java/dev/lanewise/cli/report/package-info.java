/** A training run to read: one page of HTML with all that it needs inside. */
@NullMarked
package dev.lanewise.cli.report;

import org.jspecify.annotations.NullMarked;
