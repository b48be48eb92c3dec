#!/usr/bin/python3
"""Prints the summary of a snapshot in a .wvm file (docs/formats.md). Needs Debian's python3-brotli. Usage: read_wvm.py FILE"""
import brotli, io, sys

def byte(): return body.read(1)[0]
def varint(): return part - 128 | varint() << 7 if (part := byte()) > 127 else part
def zigzag(value): return value >> 1 ^ -(value & 1)
def text(): return body.read(varint()).decode()
def read(*fields): return [field() for field in fields]
def column():
    values = []
    while len(values) < count: values += [value] if (value := varint()) else [0] * (varint() + 1)
    return values
def figures(shift, decode=int): return [decode(value) << shift for value in column()]

body = io.BytesIO(open(sys.argv[1], "rb").read())
assert body.read(5) == b"WVMS\1", "not a .wvm file of version 1"
if read(byte, varint)[0]: body = io.BytesIO(brotli.decompress(body.read()))
_, pid, _, _, name, *_ = read(byte, varint, varint, varint, text, text, text, text, byte, varint, varint, varint, text)
read(*[varint] * (3 + 6 + 3))  # taken at and cost; counters; bounds
[read(byte, text) for _ in range(varint())], read(*[text] * varint())  # notes; texts
count, sums, category = varint(), {}, 0
_, pages, _, changes, _, _ = [column() for _ in range(6)]
for size, change, reserved, unprivate, *resident in zip(pages, changes, figures(byte(), zigzag), figures(byte(), zigzag), figures(byte()), figures(byte())):
    category, size = category ^ change, size * 4096
    row = (size, size - reserved, size - reserved - unprivate, sum(resident))
    sums[category] = [a + b for a, b in zip(sums.get(category, [0] * 4), row)]
names = ["", "Image", "Mapped File", "Shareable", "Heap", "Managed Heap", "Stack", "Private Data"]
print(f"{name} (pid {pid})\n{'Category':14}{'Size':>18}{'Committed':>18}{'Private':>18}{'Total WS':>18}")
for category in sorted(sums): print(f"{names[category]:14}" + "".join(f"{figure:18}" for figure in sums[category]))
