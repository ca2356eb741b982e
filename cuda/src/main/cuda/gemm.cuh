// Matrix products, row-major with strides. A block computes a tile of 32 x 64 outputs, 128 threads
// with 4 x 4 of them each, and walks the inner dimension 16 at a time through shared memory, where
// two tiles take turns: the next is on its way while one is multiplied. Each output has one order
// of summation, so two runs give the same bits.
#pragma once

static const int TILE_M = 32;
static const int TILE_N = 64;
static const int TILE_K = 16;
static const int EACH = 4;
static const int GEMM_THREADS = (TILE_M / EACH) * (TILE_N / EACH);
// Blocks that a multiprocessor shall have room for: without it ptxas spills for sm_80 to have nine.
static const int GEMM_BLOCKS = 6;
static const int PAD = 4;  // keeps rows of a tile on 16 bytes

// An operand's part of a tile, on its way from memory: element (o, k) of outer index o and inner
// index k. INNER says that k is the index that runs along memory, so that neighbouring threads load
// neighbours. With ONES there is one more outer index, whose elements are all 1.
template <bool INNER, bool ONES, int OUTER_TILE>
struct Part {
  static const int COUNT = OUTER_TILE * TILE_K / GEMM_THREADS;
  static const int STEP_O = INNER ? GEMM_THREADS / TILE_K : 0;
  static const int STEP_K = INNER ? 0 : GEMM_THREADS / OUTER_TILE;

  const float* from;
  size_t stride;
  int k;           // this thread's first inner index
  int outer_left;  // outer indices from this thread's first on
  float of[COUNT];

  __device__ __forceinline__ Part(
      const float* matrix, int stride, int outer, int outer_begin, int inner_begin)
      : stride(stride) {
    int o = outer_begin + my_o();
    k = inner_begin + my_k();
    outer_left = outer - o;
    from = INNER ? matrix + (size_t)o * stride + k : matrix + (size_t)k * stride + o;
  }

  static __device__ __forceinline__ int my_o() {
    return INNER ? threadIdx.x / TILE_K : threadIdx.x % OUTER_TILE;
  }

  static __device__ __forceinline__ int my_k() {
    return INNER ? threadIdx.x % TILE_K : threadIdx.x / OUTER_TILE;
  }

  // Loads the tile at hand and moves on to the next.
  __device__ __forceinline__ void load(int end) {
    int left = end - k;
#pragma unroll
    for (int i = 0; i < COUNT; i++) {
      bool inside = i * STEP_K < left;
      float value = 0.0f;
      if (inside && i * STEP_O < outer_left) {
        value = from[i * (INNER ? STEP_O : STEP_K) * stride];
      } else if (ONES && inside && i * STEP_O == outer_left) {
        value = 1.0f;
      }
      of[i] = value;
    }
    k += TILE_K;
    from += INNER ? TILE_K : TILE_K * stride;
  }

  __device__ __forceinline__ void store(float (*tile)[OUTER_TILE + PAD]) {
#pragma unroll
    for (int i = 0; i < COUNT; i++) {
      tile[my_k() + i * STEP_K][my_o() + i * STEP_O] = of[i];
    }
  }

  // Columns j and j + 1 of this thread in a row of a tile; columns are pairs that are half a tile
  // apart, so that a warp reads, and writes, neighbours.
  static __device__ __forceinline__ float2 pair(const float* row, int j) {
    return *(const float2*)&row[column(j)];
  }

  static __device__ __forceinline__ int column(int j) {
    return threadIdx.x % (TILE_N / EACH) * 2 + j % 2 + j / 2 * (TILE_N / 2);
  }
};

struct Sums {
  float of[EACH][EACH];
};

// A thread has neighbouring rows, which it reads at once.
static __device__ __forceinline__ int my_row(int i) {
  return blockIdx.x * TILE_M + threadIdx.x / (TILE_N / EACH) * EACH + i;
}

// The tiles at hand. Kernels declare them: what several share in name would be the module's own.
struct __align__(16) Tiles {
  float a[2][TILE_K][TILE_M + PAD];
  float b[2][TILE_K][TILE_N + PAD];
};

// Adds the products of the operands' elements [begin, end) to sums.
template <class A, class B>
__device__ __forceinline__ void add_products(
    Tiles& tiles, Sums& sums, A a_part, B b_part, int begin, int end) {
  a_part.load(end);
  b_part.load(end);
  a_part.store(tiles.a[0]);
  b_part.store(tiles.b[0]);
  __syncthreads();
  int turn = 0;
  for (int k0 = begin; k0 < end; k0 += TILE_K) {
    bool more = k0 + TILE_K < end;
    if (more) {  // on its way while the tile at hand is multiplied
      a_part.load(end);
      b_part.load(end);
    }
#pragma unroll
    for (int k = 0; k < TILE_K; k++) {
      float4 four = *(const float4*)&tiles.a[turn][k][threadIdx.x / (TILE_N / EACH) * EACH];
      float x[EACH] = {four.x, four.y, four.z, four.w};
#pragma unroll
      for (int j = 0; j < EACH; j += 2) {
        float2 y = B::pair(tiles.b[turn][k], j);
#pragma unroll
        for (int i = 0; i < EACH; i++) {
          sums.of[i][j] += x[i] * y.x;
          sums.of[i][j + 1] += x[i] * y.y;
        }
      }
    }
    if (more) {
      turn = 1 - turn;
      a_part.store(tiles.a[turn]);
      b_part.store(tiles.b[turn]);
      __syncthreads();
    }
  }
}

// The products of two matrices, the block's tile of them.
template <bool A_INNER, bool B_INNER, bool ONES>
__device__ __forceinline__ Sums tile_product(
    Tiles& tiles, const float* a, int a_stride, int m, const float* b, int b_stride, int n,
    int begin, int end) {
  Part<A_INNER, ONES, TILE_M> a_part(a, a_stride, m, blockIdx.x * TILE_M, begin);
  Part<B_INNER, false, TILE_N> b_part(b, b_stride, n, blockIdx.y * TILE_N, begin);
  Sums sums = {};
  add_products(tiles, sums, a_part, b_part, begin, end);
  return sums;
}

static __device__ __forceinline__ int my_column(int j) {
  return blockIdx.y * TILE_N + Part<true, false, TILE_N>::column(j);
}

// Calls use(i, j, row, column) for the outputs of this thread that exist.
template <class Use>
static __device__ __forceinline__ void for_each_output(int m, int n, Use use) {
#pragma unroll
  for (int i = 0; i < EACH; i++) {
#pragma unroll
    for (int j = 0; j < EACH; j++) {
      int r = my_row(i);
      int c = my_column(j);
      if (r < m && c < n) {
        use(i, j, r, c);
      }
    }
  }
}
