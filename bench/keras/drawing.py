"""What programs that draw models have in common: a folder a seed, and why of some seeds nothing came."""
import argparse
import os
import shutil
import sys
import traceback


def run(draw, flag, meaning):
    """Draws a folder of each seed; draw(seed, folder, told) may fail, of which the reasons are counted."""
    p = argparse.ArgumentParser()
    p.add_argument("out")
    p.add_argument("--seed", type=int, default=1)
    p.add_argument("--count", type=int, default=100)
    p.add_argument(flag, action="store_true", dest="told", help=meaning)
    p.add_argument("--verbose", action="store_true")
    a = p.parse_args()
    why = {}
    for seed in range(a.seed, a.seed + a.count):
        folder = os.path.join(a.out, f"{seed:06d}")
        try:
            draw(seed, folder, a.told)
        except Exception as e:  # what does not fit together, or what Keras cannot save or read
            if a.verbose:
                traceback.print_exc()
            key = f"{type(e).__name__}: {str(e).splitlines()[0][:90] if str(e) else ''}"
            why[key] = why.get(key, 0) + 1
            shutil.rmtree(folder, ignore_errors=True)
    print(f"{a.count - sum(why.values())} models of {a.count} seeds in {a.out}")
    for key, count in sorted(why.items(), key=lambda item: -item[1]):
        print(f"  {count} not drawn: {key}", file=sys.stderr)
