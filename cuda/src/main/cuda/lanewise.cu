// All kernels, one module: `build-ptx` compiles it to the PTX that is a resource of this module.
#include "feed.cu"
#include "gemm.cu"
#include "loss.cu"
#include "rnn_fused.cu"
#include "simple_cell.cu"
#include "update.cu"
