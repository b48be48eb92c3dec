#!/usr/bin/python3
"""Prints the summary of a snapshot in a .wvm file (docs/formats.md). Needs Debian's python3-brotli. Usage: read_wvm.py FILE"""
import io, sys

def varint(shift=0):
    part = body.read(1)[0]
    return part << shift if part < 128 else (part & 127) << shift | varint(shift + 7)

def zigzag(value): return value >> 1 ^ -(value & 1)
def text(): return body.read(varint()).decode()
def column():
    values = []
    while len(values) < count:
        value = varint()
        values += [value] if value else [0] * (varint() + 1)
    return values
def figures(decode=int):
    shift = body.read(1)[0]
    return [decode(value) << shift for value in column()]

body = io.BytesIO(open(sys.argv[1], "rb").read())
assert body.read(5) == b"WVMS\1", "not a .wvm file of version 1"
if [body.read(1)[0], varint()][0]:
    import brotli
    body = io.BytesIO(brotli.decompress(body.read()))
_, pid, _, _, name, _, _, _ = body.read(1), varint(), varint(), varint(), text(), text(), text(), text()
body.read(1), varint(), varint(), varint(), text()
[varint() for _ in range(3 + 6 + 3)]  # taken at and cost; counters; bounds
[(body.read(1), text()) for _ in range(varint())], [text() for _ in range(varint())]  # notes; texts
count = varint()
_, pages, _, changes, _, _ = [column() for _ in range(6)]
sums, category = {}, 0
for size, change, reserved, unprivate, *resident in zip(pages, changes, figures(zigzag), figures(zigzag), figures(), figures()):
    category ^= change
    row = (size * 4096, size * 4096 - reserved, size * 4096 - reserved - unprivate, sum(resident))
    sums[category] = [a + b for a, b in zip(sums.get(category, [0] * 4), row)]
names = ["", "Image", "Mapped File", "Shareable", "Heap", "Managed Heap", "Stack", "Private Data"]
print(f"{name} (pid {pid})\n{'Category':14}{'Size':>18}{'Committed':>18}{'Private':>18}{'Total WS':>18}")
for category, row in sorted(sums.items()):
    print(f"{names[category]:14}" + "".join(f"{figure:18}" for figure in row))
