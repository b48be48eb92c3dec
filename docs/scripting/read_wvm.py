#!/usr/bin/python3
"""Prints the summary of a snapshot in a .wvm file (docs/formats.md). Needs Debian's python3-brotli. Usage: read_wvm.py FILE"""
import sys

NAMES = ["Image", "Mapped File", "Shareable", "Heap", "Managed Heap", "Stack", "Private Data"]
data = memoryview(open(sys.argv[1], "rb").read())

def byte():
    global data
    first, data = data[0], data[1:]
    return first

def varint(shift=0):
    part = byte()
    return part << shift if part < 128 else (part & 127) << shift | varint(shift + 7)

def zigzag(value): return value >> 1 ^ -(value & 1)

def text():
    global data
    length = varint()
    taken, data = data[:length], data[length:]
    return bytes(taken).decode()

def column(count):
    values = []
    while len(values) < count:
        value = varint()
        values += [value] if value else [0] * (varint() + 1)
    return values

def bytes_column(count, signed=False):
    shift = byte()
    return [(zigzag(value) if signed else value) << shift for value in column(count)]

assert bytes(data[:5]) == b"WVMS\1", "not a .wvm file of version 1"
compressed, data = data[5], data[6:]
varint()
if compressed:
    import brotli
    data = memoryview(brotli.decompress(bytes(data)))
byte()
pid, _, _, name, _, _, _ = varint(), varint(), varint(), text(), text(), text(), text()
byte(), varint(), varint(), varint(), text()
[varint() for _ in range(3 + 6 + 3)]  # taken at, cost; counters; bounds
[(byte(), text()) for _ in range(varint())]
[text() for _ in range(varint())]
count = varint()
_, pages, _, xors = column(count), column(count), column(count), column(count)
column(count), column(count)
reserved, unprivate = bytes_column(count, True), bytes_column(count, True)
working_set = [sum(two) for two in zip(bytes_column(count), bytes_column(count))]
sums, category = {}, 0
for row in range(count):
    category ^= xors[row]
    size = pages[row] * 4096
    committed = size - reserved[row]
    figures = (size, committed, committed - unprivate[row], working_set[row])
    sums[category] = [a + b for a, b in zip(sums.get(category, [0] * 4), figures)]
print(f"{name} (pid {pid})\n{'Category':14}{'Size':>18}{'Committed':>18}{'Private':>18}{'Total WS':>18}")
for category, figures in sorted(sums.items()):
    print(f"{NAMES[category - 1]:14}" + "".join(f"{figure:18}" for figure in figures))
