/** JMH benchmarks of the kernels and plans, next to the machine's own limits. */
@NullMarked
package dev.lanewise.bench;

import org.jspecify.annotations.NullMarked;
