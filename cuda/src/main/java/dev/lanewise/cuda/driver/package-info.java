/** The NVIDIA driver through JCuda: a device, its memory, kernels and graphs, and who owns them. */
@NullMarked
package dev.lanewise.cuda.driver;

import org.jspecify.annotations.NullMarked;
