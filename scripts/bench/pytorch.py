"""What scripts/bench/compare.mjs holds Mnemonics Lab against: the same networks, batches and steps in plain PyTorch.

A process measures one task. It warms up, says so in a JSON line, and then measures one repeat for each line that it is sent: the
protocol of `bench --worker`. With --repeats N it measures N by itself.

Run: python3 scripts/bench/pytorch.py training --layout channels_last --repeats 5      (needs torch)
"""
import argparse
import json
import math
import os
import pathlib
import resource
import sys
import time

import torch
import torch.nn.functional as F
from torch.func import functional_call

# The networks are those of the fixtures; nothing is to be left beside them.
sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "test" / "fixtures"))
from plain_resnet import SMALL, ResNet  # noqa: E402


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("task", choices=TASKS)
    parser.add_argument("--network", default="resnet32", choices=[*SMALL, "resnet18"])
    parser.add_argument("--layout", default="contiguous", choices=["contiguous", "channels_last"])
    for name, value in {"batch": 128, "classes": 100, "exemplars": 128, "data": 128, "inner-steps": 5}.items():
        parser.add_argument(f"--{name}", type=int, default=value)
    parser.add_argument("--batch-norm", default="folded", choices=["folded", "module"],
                        help="frozen batch norm of outer steps: in the kernels, as Mnemonics Lab has it, or by PyTorch's own op")
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    parser.add_argument("--seconds", type=float, default=1.0, help="least time of a repeat: as many calls in a row as take so long")
    parser.add_argument("--repeats", type=int, help="measures so many and ends; without it, one for each line of standard input")
    return parser.parse_args()


def training(o):
    """SGD as the paper has it; the gradients' memory is given back, as zero_grad does by default."""
    model, images, labels = problem(o, o.batch)
    optimizer = torch.optim.SGD(model.parameters(), lr=1e-4, momentum=0.9, weight_decay=5e-4)

    def step():
        optimizer.zero_grad()
        loss = F.cross_entropy(model(images), labels)
        loss.backward()
        optimizer.step()
        return loss.item()

    return step, step, 1, o.batch


def evaluation(o):
    model, images, _ = problem(o, o.batch)
    model.eval()

    @torch.inference_mode()
    def step():
        out = model.outputs(images)
        return out["features"].sum().item() + out["logits"].sum().item()

    return step, step, 1, o.batch


def create_graph(o):
    """(9) by backward through all inner steps at once: PyTorch keeps the graph of all of them."""

    def hypergradient(inner, outer, params, exemplars, k):
        current = params
        for _ in range(k):
            gradients = torch.autograd.grad(inner(current, exemplars), list(current.values()), create_graph=True)
            current = {name: p - RATE * g for (name, p), g in zip(current.items(), gradients)}
        loss = outer(current)
        return loss, torch.autograd.grad(loss, exemplars)[0]

    return outer_step(o, hypergradient)


def reverse_sweep(o):
    """(9) step by step backwards, as Mnemonics Lab does it: the weights of each inner step are kept, and nothing else."""

    def leaves(params):
        return {name: p.detach().requires_grad_() for name, p in params.items()}

    def hypergradient(inner, outer, params, exemplars, k):
        fixed = exemplars.detach()
        trajectory = [leaves(params)]
        for _ in range(k):
            current = trajectory[-1]
            gradients = torch.autograd.grad(inner(current, fixed), list(current.values()))
            trajectory.append(leaves({name: p - RATE * g for (name, p), g in zip(current.items(), gradients)}))
        last = trajectory.pop()
        loss = outer(last)
        v = torch.autograd.grad(loss, list(last.values()))
        total = torch.zeros_like(fixed)
        for current in reversed(trajectory):
            points = list(current.values())
            gradients = torch.autograd.grad(inner(current, exemplars), points, create_graph=True)
            *by_params, by_exemplars = torch.autograd.grad(gradients, [*points, exemplars], grad_outputs=v)
            v = [vi - RATE * d for vi, d in zip(v, by_params)]
            total -= RATE * by_exemplars
        return loss, total

    return outer_step(o, hypergradient)


RATE = 0.01


def outer_step(o, hypergradient):
    model, images, labels = problem(o, o.data)
    model.eval()
    exemplars = laid_out(o, torch.randn(o.exemplars, 3, side(o), side(o))).requires_grad_()
    exemplar_labels = torch.arange(o.exemplars) % o.classes
    # Adam with the product's default step; its state is the exemplars' own.
    optimizer = torch.optim.Adam([exemplars], lr=0.01)
    buffers = dict(model.named_buffers())
    if o.batch_norm == "folded":
        classify = lambda p, x: folded(model, p, buffers, x)
    else:
        classify = lambda p, x: functional_call(model, p, (x,))
    params = {name: p.detach().requires_grad_() for name, p in model.named_parameters()}
    inner = lambda p, x: F.cross_entropy(classify(p, x), exemplar_labels)
    outer = lambda p: F.cross_entropy(classify(p, images), labels)

    def through(k):
        def step():
            loss, gradient = hypergradient(inner, outer, params, exemplars, k)
            exemplars.grad = gradient
            optimizer.step()
            exemplars.grad = None
            return loss.item()

        return step

    k = o.inner_steps
    return through(k), through(min(k, 1)), 1 / max(k, 1), 0


def folded(model, p, b, x):
    """Logits with frozen batch norm as conv(x, W·s) + b, which saves PyTorch an op and its second derivative in each layer."""

    def layer(x, conv, norm, stride, padding):
        scale = p[f"{norm}.weight"] * torch.rsqrt(b[f"{norm}.running_var"] + 1e-5)
        shift = p[f"{norm}.bias"] - b[f"{norm}.running_mean"] * scale
        return F.conv2d(x, p[f"{conv}.weight"] * scale[:, None, None, None], shift, stride, padding)

    if model.stem == "small":
        x = F.relu(layer(x, "conv1", "bn1", 1, 1))
    else:
        x = F.max_pool2d(F.relu(layer(x, "conv1", "bn1", 2, 3)), 3, 2, 1)
    for stage in range(1, model.stages + 1):
        for i, block in enumerate(getattr(model, f"layer{stage}")):
            at = f"layer{stage}.{i}"
            halves = hasattr(block, "downsample")
            y = F.relu(layer(x, f"{at}.conv1", f"{at}.bn1", 2 if halves else 1, 1))
            y = layer(y, f"{at}.conv2", f"{at}.bn2", 1, 1)
            x = F.relu(y + (layer(x, f"{at}.downsample.0", f"{at}.downsample.1", 2, 0) if halves else x))
    return F.linear(x.mean((2, 3)), p["fc.weight"], p["fc.bias"])


TASKS = {"training": training, "evaluation": evaluation, "create-graph": create_graph, "reverse-sweep": reverse_sweep}


def side(o):
    return 32 if o.network in SMALL else 224


def laid_out(o, tensor):
    return tensor.contiguous(memory_format=torch.channels_last) if o.layout == "channels_last" else tensor


def problem(o, batch):
    """A model whose activations stay in range by running statistics that are not its own yet, and a batch of noise."""
    torch.manual_seed(1)
    small = o.network in SMALL
    channels = (16, 32, 64) if small else (64, 128, 256, 512)
    model = ResNet(SMALL.get(o.network, 2), channels, 3, o.classes, stem="small" if small else "imagenet")
    for name, module in model.named_modules():
        if isinstance(module, torch.nn.Conv2d):
            torch.nn.init.kaiming_normal_(module.weight, mode="fan_out", nonlinearity="relu")
        if name.endswith("bn2"):
            torch.nn.init.constant_(module.weight, 0.2)
    if o.layout == "channels_last":
        model = model.to(memory_format=torch.channels_last)
    return model, laid_out(o, torch.randn(batch, 3, side(o), side(o))), torch.arange(batch) % o.classes


def timed(step):
    started = time.perf_counter()
    value = step()
    if not math.isfinite(value):
        raise ArithmeticError("the measured step is out of range")
    return time.perf_counter() - started


def peak_memory():
    """The high-water mark of resident memory since the program began, in MiB."""
    try:
        with open("/proc/self/status") as status:
            return next(int(line.split()[1]) for line in status if line.startswith("VmHWM:")) / 1024
    except (OSError, StopIteration):
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def repeat(step, calls):
    faults = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    seconds = sum(timed(step) for _ in range(calls)) / calls
    faults = (resource.getrusage(resource.RUSAGE_SELF).ru_minflt - faults) / calls
    return {"kind": "repeat", "seconds": seconds, "calls": calls, "peakMemoryMiB": peak_memory(), "pageFaults": faults}


def say(message):
    print(json.dumps(message), flush=True)


def main():
    o = arguments()
    torch.set_num_threads(o.threads)
    step, brief, share, images = TASKS[o.task](o)
    timed(brief)
    calls = max(1, math.ceil(o.seconds * share / timed(brief)))
    say({"kind": "ready", "torch": torch.__version__, "threads": torch.get_num_threads(), "images": images})
    for _ in range(o.repeats) if o.repeats else sys.stdin:
        say(repeat(step, calls))


if __name__ == "__main__":
    main()
