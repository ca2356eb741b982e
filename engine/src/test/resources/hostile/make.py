"""Makes the HDF5 files of this folder with h5py: weights of SimpleRNN(2) -> Dense(1) on [3, 2].

Each file but whole.h5 has one thing that a reader must refuse."""
import sys
import h5py
import numpy as np

FOLDER = sys.argv[1]
PATHS = {
    "layers/simple_rnn/cell/vars/0": (2, 2),
    "layers/simple_rnn/cell/vars/1": (2, 2),
    "layers/simple_rnn/cell/vars/2": (2,),
    "layers/dense/vars/0": (2, 1),
    "layers/dense/vars/1": (1,),
}
KERNEL = "layers/simple_rnn/cell/vars/0"


def make(name, change=None, without=()):
    with h5py.File(f"{FOLDER}/{name}.h5", "w") as file:
        for path, shape in PATHS.items():
            if path not in without:
                file[path] = np.ones(shape, np.float32)
        if change:
            change(file)


def soft(file):
    file[KERNEL] = h5py.SoftLink("/layers/dense/vars/0")


def external(file):
    file[KERNEL] = h5py.ExternalLink("/etc/passwd", "/kernel")


def soft_group(file):
    file["elsewhere/vars/0"] = np.ones((2, 1), np.float32)
    file["elsewhere/vars/1"] = np.ones((1,), np.float32)
    del file["layers/dense"]
    file["layers/dense"] = h5py.SoftLink("/elsewhere")


def storage(file):
    file.create_dataset(KERNEL, (2, 2), np.float32, external=[("/etc/passwd", 0, 16)])


def virtual(file):
    layout = h5py.VirtualLayout((2, 2), np.float32)
    layout[:] = h5py.VirtualSource("/etc/passwd", "x", (2, 2))
    file.create_virtual_dataset(KERNEL, layout)


make("whole")
make("soft-link", soft, [KERNEL])
make("external-link", external, [KERNEL])
make("soft-link-to-group", soft_group)
make("external-storage", storage, [KERNEL])
make("virtual", virtual, [KERNEL])
make("missing", None, [KERNEL])
make("never-stored", lambda f: f.create_dataset(KERNEL, (2, 2), np.float32), [KERNEL])
make("petabytes", lambda f: f.create_dataset(KERNEL, (1 << 25, 1 << 25), np.float32), [KERNEL])
make("deflated", lambda f: f.create_dataset(KERNEL, data=np.ones((2, 2), np.float32), compression="gzip"), [KERNEL])
make("other-shape", lambda f: f.create_dataset(KERNEL, data=np.ones((2, 3), np.float32)), [KERNEL])
make("double", lambda f: f.create_dataset(KERNEL, data=np.ones((2, 2), np.float64)), [KERNEL])
make("integers", lambda f: f.create_dataset(KERNEL, data=np.ones((2, 2), np.int32)), [KERNEL])
make("one-too-many", lambda f: f.create_dataset("layers/dense/vars/2", data=np.ones((1,), np.float32)))
