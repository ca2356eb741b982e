// Products of two matrices of each sample, of which a sample may have several, one a head.
#include "gemm.cuh"

// Fewer than other products have: strides take registers, too.
static const int STRIDED_BLOCKS = 4;

// Where the matrices [outer][inner] of a value lie, one a head and sample, in floats from one to the next: so
// the same kernel takes a value's steps or its features as rows.
struct Strides {
  int sample;
  int head;
  int outer;
  int inner;

  __device__ __forceinline__ size_t first_of(int which, int its_head) const {
    return (size_t)which * sample + (size_t)its_head * head;
  }
};

// An operand's part of a tile, see gemm.cuh: neighbouring threads load what is neighbours in memory. Branches
// are the same for all threads, and each has its distances when it is compiled.
template <int OUTER_TILE>
struct StridedPart {
  static const int COUNT = OUTER_TILE * TILE_K / GEMM_THREADS;
  static const int STEP_O = GEMM_THREADS / TILE_K;  // between a thread's elements, if along
  static const int STEP_K = GEMM_THREADS / OUTER_TILE;

  const float* from;  // this thread's first element
  unsigned outer;     // strides
  unsigned inner;
  int left_o;         // outer indices from this thread's first to the last
  bool along;         // whether the inner index is the one that runs along memory
  float of[COUNT];

  __device__ __forceinline__ StridedPart(
      const float* matrix, const Strides& at, int outer_size, int outer_begin) {
    along = at.inner < at.outer;
    outer = at.outer;
    inner = at.inner;
    int o = min(outer_begin + my_o(), outer_size - 1);
    left_o = outer_size - 1 - o;
    from = matrix + (size_t)o * outer + (size_t)my_k() * inner;
  }

  __device__ __forceinline__ int my_o() const {
    return along ? threadIdx.x / TILE_K : threadIdx.x % OUTER_TILE;
  }

  __device__ __forceinline__ int my_k() const {
    return along ? threadIdx.x % TILE_K : threadIdx.x / OUTER_TILE;
  }

  template <bool WHOLE>
  __device__ __forceinline__ void load(int left) {
    left -= my_k();
    if (along) {
#pragma unroll
      for (int i = 0; i < COUNT; i++) {
        of[i] = WHOLE || left > 0 ? from[(size_t)min(i * STEP_O, left_o) * outer] : 0.0f;
      }
    } else {
#pragma unroll
      for (int i = 0; i < COUNT; i++) {
        of[i] = WHOLE || left > i * STEP_K ? from[(size_t)(i * STEP_K) * inner] : 0.0f;
      }
    }
    from += (size_t)TILE_K * inner;
  }

  __device__ __forceinline__ void store(float (*tile)[OUTER_TILE + PAD]) {
    int o = my_o();
    int k = my_k();
    if (along) {
#pragma unroll
      for (int i = 0; i < COUNT; i++) {
        tile[k][place(o + i * STEP_O)] = of[i];
      }
    } else {
#pragma unroll
      for (int i = 0; i < COUNT; i++) {
        tile[k + i * STEP_K][place(o)] = of[i];
      }
    }
  }

  // Where outer index o lies in a row of a tile.
  static __device__ __forceinline__ int place(int o) {
    return OUTER_TILE == TILE_N ? o % ACROSS * EACH + o / ACROSS : o;
  }
};

// CudaProduct.java passes these fields in this order.
struct Products {
  const float* a;  // [m][k]
  const float* b;  // [n][k]
  float* c;        // [m][n]
  Strides a_at;
  Strides b_at;
  Strides c_at;
  int heads;
  int m;
  int n;
  int k;
  float factor;
};

// C = factor * A * B' of each sample and head. Grid: [ceil(m / 32) * samples * heads, ceil(n / 64)].
extern "C" __global__ void __launch_bounds__(GEMM_THREADS, STRIDED_BLOCKS) sample_products(
    Products s) {
  int tiles_down = (s.m + TILE_M - 1) / TILE_M;
  int sample = blockIdx.x / tiles_down / s.heads;
  int head = blockIdx.x / tiles_down % s.heads;
  int first_row = blockIdx.x % tiles_down * TILE_M;
  int first_column = blockIdx.y * TILE_N;
  __shared__ Tiles tiles;
  StridedPart<TILE_M> a(s.a + s.a_at.first_of(sample, head), s.a_at, s.m, first_row);
  StridedPart<TILE_N> b(s.b + s.b_at.first_of(sample, head), s.b_at, s.n, first_column);
  Sums sums = {};
  add_products(tiles, sums, a, b, 0, s.k);
  float* c = s.c + s.c_at.first_of(sample, head);
#pragma unroll
  for (int i = 0; i < EACH; i++) {
#pragma unroll
    for (int j = 0; j < EACH; j++) {
      int row = first_row + threadIdx.x / ACROSS * EACH + i;
      int column = first_column + threadIdx.x % ACROSS + j * ACROSS;
      if (row < s.m && column < s.n) {
        c[(size_t)row * s.c_at.outer + (size_t)column * s.c_at.inner] = s.factor * sums.of[i][j];
      }
    }
  }
}
