#!/usr/bin/env python3
"""The founding model on PyTorch and one GPU: the peer of `lanewise train --backend cuda`.

SimpleRNN(150, tanh) -> Dense(10) on 28 x 28 digits, Adam(1e-3, eps 1e-7), batches of 150, the first
48,000 of 60,000 trained on in a new order every epoch, the last 12,000 validated after it, loss and
accuracy of every batch counted, 10,000 tested at the end. Everything stays on the GPU as with
Lanewise: pixels as bytes, the order drawn there, sums read once an epoch.

  eager          nn.RNN (cuDNN), float32 products, launch by launch
  eager-tf32     the same with TF32 allowed (PyTorch's own default inside cuDNN)
  graph          the same as eager, the whole update recorded once as a CUDA graph
  graph-tf32     with TF32
  compile        steps written out (one product for all inputs, 28 of h * W), torch.compile
  compile-graph  the same, the whole update recorded as a CUDA graph (what reduce-overhead does,
                 optimizer and counting included); compile-graph-tf32 with TF32

Modes take turns, an epoch each, so that a drift of the clock meets all. Prints a table; --json FILE
keeps every time.

  python3 pytorch_peer.py [--mnist FOLDER|cli.jar] [--epochs 5] [--rounds 2] [--modes a,b] [--json FILE]
"""
import argparse
import gzip
import json
import os
import statistics
import sys
import time
import zipfile

T, F, H, C, B, TRAIN, ALL = 28, 28, 150, 10, 150, 48_000, 60_000


def idx(folder, name):
    import numpy as np

    path = os.path.join(folder, name)
    if folder.endswith(".jar"):
        inside = zipfile.ZipFile(folder).read("dev/lanewise/cli/mnist/" + name + ".gz")
        raw = gzip.decompress(inside)
    else:
        raw = gzip.open(path + ".gz").read() if os.path.exists(path + ".gz") else open(path, "rb").read()
    dims = [int.from_bytes(raw[4 + 4 * i : 8 + 4 * i], "big") for i in range(raw[3])]
    return np.frombuffer(raw, np.uint8, offset=4 + 4 * raw[3]).reshape(dims)


def main():
    here = os.path.dirname(os.path.abspath(__file__))
    usual = "cli/src/main/resources/dev/lanewise/cli/mnist"
    p = argparse.ArgumentParser()
    p.add_argument("--mnist", default=usual if os.path.isdir(usual) else os.path.join(here, "lib/cli.jar"),
                   help="a folder with the four files, gzipped or not, or cli.jar")
    p.add_argument("--epochs", type=int, default=5, help="of one run; then it starts over")
    p.add_argument("--rounds", type=int, default=2, help="runs of every mode")
    p.add_argument("--modes", default="eager,eager-tf32,graph,graph-tf32,compile,compile-graph,compile-graph-tf32")
    p.add_argument("--device", default="cuda")
    p.add_argument("--train", type=int, default=TRAIN, help="fewer samples, to try this out")
    p.add_argument("--json")
    args = p.parse_args()

    begin = time.perf_counter()
    import torch
    from torch import nn

    imported = time.perf_counter() - begin
    device = torch.device(args.device)
    on_gpu = device.type == "cuda"

    def wait():
        if on_gpu:
            torch.cuda.synchronize()

    def put(a):
        return torch.from_numpy(a.copy()).to(device)

    x = put(idx(args.mnist, "train-images-idx3-ubyte"))
    y = put(idx(args.mnist, "train-labels-idx1-ubyte")).long()
    xt = put(idx(args.mnist, "t10k-images-idx3-ubyte"))
    yt = put(idx(args.mnist, "t10k-labels-idx1-ubyte")).long()
    wait()
    train = min(args.train, TRAIN) // B * B
    held = (TRAIN, ALL) if train == TRAIN else (TRAIN, TRAIN + train // 4 // B * B)

    class Cudnn(nn.Module):
        def __init__(self):
            super().__init__()
            self.rnn = nn.RNN(F, H, batch_first=True)
            self.out = nn.Linear(H, C)
            nn.init.xavier_uniform_(self.rnn.weight_ih_l0)
            nn.init.orthogonal_(self.rnn.weight_hh_l0)
            nn.init.zeros_(self.rnn.bias_ih_l0)
            nn.init.zeros_(self.rnn.bias_hh_l0)
            self.rnn.bias_hh_l0.requires_grad_(False)  # Keras has one bias
            nn.init.xavier_uniform_(self.out.weight)
            nn.init.zeros_(self.out.bias)

        def forward(self, images):
            return self.out(self.rnn(images)[1][0])

    class Unrolled(nn.Module):
        def __init__(self):
            super().__init__()
            self.wx = nn.Parameter(nn.init.xavier_uniform_(torch.empty(F, H)))
            self.wh = nn.Parameter(nn.init.orthogonal_(torch.empty(H, H)))
            self.b = nn.Parameter(torch.zeros(H))
            self.out = nn.Linear(H, C)
            nn.init.xavier_uniform_(self.out.weight)
            nn.init.zeros_(self.out.bias)

        def forward(self, images):
            inputs = (images.transpose(0, 1).reshape(-1, F) @ self.wx + self.b).view(T, -1, H)
            h = torch.tanh(inputs[0])
            for t in range(1, T):
                h = torch.tanh(inputs[t] + h @ self.wh)
            return self.out(h)

    def allow_tf32(yes):
        torch.set_float32_matmul_precision("high" if yes else "highest")
        torch.backends.cudnn.allow_tf32 = yes

    class Trainer:
        """One run: model, optimizer and the ways to train and to validate a batch."""

        def __init__(self, mode, seed):
            self.mode = mode
            self.tf32 = mode.endswith("tf32")
            allow_tf32(self.tf32)
            torch.manual_seed(seed)
            begin = time.perf_counter()
            model = (Unrolled() if mode.startswith("compile") else Cudnn()).to(device)
            recorded = "graph" in mode and on_gpu
            self.loss_of = nn.CrossEntropyLoss()
            self.model = model
            self.opt = torch.optim.Adam(
                [w for w in model.parameters() if w.requires_grad],
                lr=1e-3, eps=1e-7, fused=on_gpu, capturable=recorded)
            self.order = torch.randperm(train, device=device)
            self.rows = torch.arange(B, device=device)  # the batch's places in the order
            self.places = torch.arange(TRAIN, TRAIN + B, device=device)  # and in validation
            self.sums = torch.zeros(2, device=device)
            forward = torch.compile(model) if mode.startswith("compile") else model
            self.forward = forward
            self.train_batch, self.check_batch = self.update, self.check
            if recorded:
                self.record()
            else:
                self.warm_up()
            self.restart(seed)
            wait()
            self.prepared = time.perf_counter() - begin

        def warm_up(self, times=3):
            for _ in range(times):
                self.update()
                self.check()
            wait()

        def update(self):
            rows = self.order[self.rows]
            images = x[rows].float() / 255
            labels = y[rows]
            self.opt.zero_grad(set_to_none=True)
            logits = self.forward(images)
            loss = self.loss_of(logits, labels)
            loss.backward()
            self.opt.step()
            with torch.no_grad():
                self.sums[0] += loss.detach() * B
                self.sums[1] += (logits.detach().argmax(1) == labels).sum()
                self.rows += B

        @torch.no_grad()
        def check(self):
            images = x[self.places].float() / 255
            labels = y[self.places]
            logits = self.forward(images)
            self.sums[0] += self.loss_of(logits, labels) * B
            self.sums[1] += (logits.argmax(1) == labels).sum()
            self.places += B

        def record(self):
            side = torch.cuda.Stream()
            side.wait_stream(torch.cuda.current_stream())
            with torch.cuda.stream(side):
                self.warm_up()
            torch.cuda.current_stream().wait_stream(side)
            self.begin_pass()
            self.training, self.checking = torch.cuda.CUDAGraph(), torch.cuda.CUDAGraph()
            with torch.cuda.graph(self.training):
                self.update()
            with torch.cuda.graph(self.checking):
                self.check()
            self.train_batch, self.check_batch = self.training.replay, self.checking.replay

        def restart(self, seed):
            """Start weights and an empty optimizer, in place: a graph knows the addresses."""
            torch.manual_seed(seed)
            fresh = (Unrolled() if self.mode.startswith("compile") else Cudnn()).to(device)
            with torch.no_grad():
                for mine, other in zip(self.model.parameters(), fresh.parameters()):
                    mine.copy_(other)
                for state in self.opt.state.values():
                    for value in state.values():
                        if torch.is_tensor(value):
                            value.zero_()

        def begin_pass(self):
            self.rows.copy_(torch.arange(B, device=device))
            self.places.copy_(torch.arange(TRAIN, TRAIN + B, device=device))
            self.sums.zero_()

        def epoch(self):
            allow_tf32(self.tf32)
            wait()
            begin = time.perf_counter()
            self.order.copy_(torch.randperm(train, device=device))
            self.begin_pass()
            for _ in range(train // B):
                self.train_batch()
            loss, correct = self.sums.tolist()  # waits
            middle = time.perf_counter()
            self.sums.zero_()
            for _ in range((held[1] - held[0]) // B):
                self.check_batch()
            val_loss, val_correct = self.sums.tolist()
            end = time.perf_counter()
            count = held[1] - held[0]
            return dict(mode=self.mode, train_s=middle - begin, val_s=end - middle,
                        loss=loss / train, accuracy=correct / train,
                        val_loss=val_loss / count, val_accuracy=val_correct / count)

        @torch.no_grad()
        def test(self):
            allow_tf32(self.tf32)
            hits = 0
            for i in range(0, len(xt), B):
                logits = self.model(xt[i : i + B].float() / 255)
                hits += (logits.argmax(1) == yt[i : i + B]).sum()
            return hits.item() / len(xt)

    facts = dict(torch=torch.__version__, import_s=imported,
                 device=torch.cuda.get_device_name() if on_gpu else str(device),
                 cudnn=torch.backends.cudnn.version(), batches=train // B)
    print(json.dumps(facts), flush=True)
    trainers, failed = [], {}
    for mode in args.modes.split(","):
        try:
            trainers.append(Trainer(mode, 1))
            print("%-14s ready after %.2f s" % (mode, trainers[-1].prepared), flush=True)
        except Exception as e:  # one mode that does not work here must not cost the others
            failed[mode] = "%s: %s" % (type(e).__name__, str(e).splitlines()[0] if str(e) else "")
            print("%-14s FAILED %s" % (mode, failed[mode]), flush=True)
    epochs, tests = [], {}
    for round in range(args.rounds):
        for trainer in trainers:
            trainer.restart(1 + round)
        for number in range(args.epochs):
            for trainer in trainers if number % 2 == 0 else trainers[::-1]:
                result = trainer.epoch()
                result.update(round=round, epoch=number)
                epochs.append(result)
        for trainer in trainers:
            tests.setdefault(trainer.mode, []).append(trainer.test())
    print("%-14s %10s %10s %10s %12s %9s %9s" % (
        "mode", "us/batch", "train ms", "val ms", "images/s", "val acc", "test acc"))
    for trainer in trainers:
        mine = [e for e in epochs if e["mode"] == trainer.mode]
        seconds = statistics.median(e["train_s"] for e in mine)
        print("%-14s %10.1f %10.2f %10.2f %12.0f %9.4f %9.4f" % (
            trainer.mode, seconds / (train // B) * 1e6, seconds * 1e3,
            statistics.median(e["val_s"] for e in mine) * 1e3, train / seconds,
            statistics.mean(e["val_accuracy"] for e in mine if e["epoch"] == args.epochs - 1),
            statistics.mean(tests[trainer.mode])), flush=True)
    if args.json:
        with open(args.json, "w") as out:
            json.dump(dict(facts=facts, failed=failed, epochs=epochs, tests=tests,
                           prepared={t.mode: t.prepared for t in trainers}), out)
    return 0


if __name__ == "__main__":
    sys.exit(main())
