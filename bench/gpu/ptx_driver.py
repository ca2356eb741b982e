"""Lanewise's kernels without a JVM: ctypes on NVIDIA's driver, and nothing of the Java backend.

What the probes beside this file share: a context, kernels cut out of the PTX one by one and compiled
when first launched, memory, copies, launches whose arguments are held against the PTX's parameters,
times. `driver` is libcuda.so.1, or the stand-in that the tests of the module cuda build
(cuda/target/stand-in/libcuda.so.1), which interprets the PTX on a CPU.
"""
import ctypes
import os
import re
import struct
import sys
import time

try:
    import numpy as np
except ImportError:
    sys.exit("%s needs NumPy, which this Python (%s) has not: pip install numpy"
             % (os.path.basename(sys.argv[0]), sys.executable))

PTX = "cuda/src/main/resources/dev/lanewise/cuda/lanewise.ptx"
PINNED = 64 << 20  # bytes of host memory that copies go through, and so the most of one
UNWRITTEN = 0xFFFFFFFF  # not a number: what reads memory that no kernel wrote spoils its result


def up(a, b):
    return -(-a // b)


def fours(a):
    return up(a, 4) * 4


def pointer(value):
    return ctypes.c_uint64(value)


def integer(value):
    return ctypes.c_int(value)


def struct_of(fmt, *values):
    """A structure as a C compiler lays it out whose addresses come first."""
    raw = struct.pack("<" + fmt, *values)
    raw += b"\0" * (-len(raw) % 8 if "Q" in fmt else 0)
    return ctypes.create_string_buffer(raw, len(raw))


def add_options(parser):
    parser.add_argument("--ptx", default=PTX)
    parser.add_argument("--driver", default="libcuda.so.1", help="the driver's library, or the stand-in's")
    parser.add_argument("--check-only", action="store_true")
    parser.add_argument("--repeat", type=int, default=200, help="how often what is timed is done")


def report(what, found, expected, most):
    """Prints a line, and returns whether the relative error is small enough."""
    error = np.linalg.norm(found - expected) / np.linalg.norm(expected)
    fine = bool(error <= most)  # false for NaN
    print("%-34s relative error %.1e %s" % (what, error, "ok" if fine else "WRONG"), flush=True)
    return fine


class Ptx:
    """The text of all kernels, and of one: what they share, and its body."""

    def __init__(self, file):
        text = open(file, encoding="ascii").read()
        self.bodies, self.sizes, rest, at = {}, {}, [], 0
        for entry in re.finditer(r"(?:\.visible\s+)?\.entry\s+(\w+)\s*\(([^)]*)\)", text):
            rest.append(text[at : entry.start()])
            at = text.index("\n}", entry.end()) + 2
            self.bodies[entry.group(1)] = text[entry.start() : at]
            self.sizes[entry.group(1)] = [
                int(bits) // 8 * int(count or 1)
                for bits, count in re.findall(
                    r"\.param\s+(?:\.align\s+\d+\s+)?\.[bfsu](\d+)\s+\w+(?:\[(\d+)\])?", entry.group(2))]
        self.shared = "".join(rest) + text[at:]

    def only(self, name):
        if name not in self.bodies:
            sys.exit("the PTX has no kernel " + name)
        return (self.shared + self.bodies[name] + "\n\0").encode("ascii")


class Driver:
    """The first device, one stream."""

    def __init__(self, options):
        try:
            self.cu = ctypes.CDLL(options.driver)
        except OSError as e:
            sys.exit("no driver: %s" % e)
        if hasattr(self.cu, "standin_shared"):
            self.cu.standin_shared(232448)  # the stand-in gives a block what it is told; as an H100 does
        self.ptx, self.kernels = Ptx(options.ptx), {}
        self.repeat, self.compiling = options.repeat, 0.0
        self.call("cuInit", 0)
        device, version, context = ctypes.c_int(), ctypes.c_int(), ctypes.c_void_p()
        self.call("cuDeviceGet", ctypes.byref(device), 0)
        name = ctypes.create_string_buffer(256)
        self.call("cuDeviceGetName", name, 256, device)
        self.call("cuDriverGetVersion", ctypes.byref(version))
        self.device, self.name, self.version = device, name.value.decode(), version.value
        begin = time.perf_counter()
        self.call("cuDevicePrimaryCtxRetain", ctypes.byref(context), device)
        self.call("cuCtxSetCurrent", context)
        print("%s, driver for CUDA %d.%d; context %.2f s" % (
            self.name, self.version // 1000, self.version % 1000 // 10,
            time.perf_counter() - begin), flush=True)
        self.stream, self.pinned = ctypes.c_void_p(), ctypes.c_void_p()
        self.call("cuStreamCreate", ctypes.byref(self.stream), 1)
        self.call("cuMemHostAlloc", ctypes.byref(self.pinned), ctypes.c_size_t(PINNED), 0)

    def call(self, name, *arguments):
        result = getattr(self.cu, name)(*arguments)
        if result:
            fault = getattr(self.cu, "standin_fault", None)
            if fault:
                fault.restype = ctypes.c_char_p
            sys.exit("%s: error %d %s" % (name, result, fault().decode() if fault else ""))

    def shared_bytes(self):
        """What a block can have, if its kernel asks for it."""
        value = ctypes.c_int()
        self.call("cuDeviceGetAttribute", ctypes.byref(value), 97, self.device)
        return value.value

    def kernel(self, name, shared=0):
        if name not in self.kernels:
            begin = time.perf_counter()
            module, f = ctypes.c_void_p(), ctypes.c_void_p()
            self.call("cuModuleLoadData", ctypes.byref(module), self.ptx.only(name))
            self.call("cuModuleGetFunction", ctypes.byref(f), module, name.encode())
            if shared:
                self.call("cuFuncSetAttribute", f, 8, shared)  # the most that launches may add
            self.kernels[name] = f
            self.compiling += time.perf_counter() - begin
        return self.kernels[name]

    def allocate(self, count, word=0):
        at = ctypes.c_uint64()
        self.call("cuMemAlloc_v2", ctypes.byref(at), ctypes.c_size_t(max(4 * count, 4)))
        self.call("cuMemsetD32Async", at, ctypes.c_uint(word), ctypes.c_size_t(max(count, 1)), self.stream)
        return at.value

    def send(self, at, array):
        raw = np.ascontiguousarray(array).tobytes()
        if len(raw) > PINNED:
            sys.exit("%d bytes in one copy are too many" % len(raw))
        ctypes.memmove(self.pinned, raw, len(raw))
        self.call("cuMemcpyHtoDAsync_v2", pointer(at), self.pinned, ctypes.c_size_t(len(raw)), self.stream)
        self.wait()

    def take(self, at, *shape):
        size = 4 * int(np.prod(shape))
        if size > PINNED:
            sys.exit("%d bytes in one copy are too many" % size)
        self.call("cuMemcpyDtoHAsync_v2", self.pinned, pointer(at), ctypes.c_size_t(size), self.stream)
        self.wait()
        return np.frombuffer(ctypes.string_at(self.pinned, size), np.float32).reshape(shape).copy()

    def wait(self):
        self.call("cuStreamSynchronize", self.stream)

    def launch(self, name, grid, threads, values, shared=0):
        f, given = self.kernel(name, shared), [ctypes.sizeof(v) for v in values]
        if given != self.ptx.sizes[name]:
            sys.exit("kernel %s takes parameters of %s bytes, given %s" % (name, self.ptx.sizes[name], given))
        pointers = (ctypes.c_void_p * len(values))(*[ctypes.addressof(v) for v in values])
        self.call("cuLaunchKernel", f, *grid, threads, 1, 1, shared, self.stream, pointers, None)

    # ---- times ----

    def has_times(self):
        return hasattr(self.cu, "cuEventElapsedTime")  # the stand-in has none

    def graph_of(self, launches):
        """Records launches once, and returns what gives them all."""
        graph, executable = ctypes.c_void_p(), ctypes.c_void_p()
        self.call("cuStreamBeginCapture_v2", self.stream, 1)
        for each in launches:
            self.launch(*each)
        self.call("cuStreamEndCapture", self.stream, ctypes.byref(graph))
        self.call("cuGraphInstantiateWithFlags", ctypes.byref(executable), graph, ctypes.c_uint64(0))
        return lambda: self.call("cuGraphLaunch", executable, self.stream)

    def timed(self, work):
        """Microseconds of one `work` by the device's events, the median of five times `repeat`."""
        begin, end, all_of = ctypes.c_void_p(), ctypes.c_void_p(), []
        self.call("cuEventCreate", ctypes.byref(begin), 0)
        self.call("cuEventCreate", ctypes.byref(end), 0)
        for _ in range(5):
            work()
            self.call("cuEventRecord", begin, self.stream)
            for _ in range(self.repeat):
                work()
            self.call("cuEventRecord", end, self.stream)
            self.call("cuEventSynchronize", end)
            ms = ctypes.c_float()
            self.call("cuEventElapsedTime", ctypes.byref(ms), begin, end)
            all_of.append(ms.value * 1e3 / self.repeat)
        return sorted(all_of)[2]
