// Writes frames by docs/formats.md, independently of the reader: for tests and benchmarks. Slow and plain on purpose.
import { storedMetrics, type StoredMetric } from '../../src/lib/region-table.ts'

/** A region with exact values; what is left out is zero. */
export interface RowSpec extends Partial<Record<StoredMetric, number>> {
  page: number
  pages: number
  base?: number
  category: number
  protection?: number
  detail?: number
}

export interface FrameSpec {
  kind: 1 | 2
  sequence: number
  baseSequence?: number
  takenAt?: number
  /** Working set, private commit, resident anonymous, swap, virtual size, page table. */
  counters?: (number | null)[]
  /** Kind, 1 to 3, and text. */
  notes?: [kind: number, text: string][]
  platform?: 1 | 2
  bounds?: [lowest: number, end: number, granularity: number]
  firstText?: number
  texts?: string[]
  removed?: number[]
  rows: RowSpec[]
}

export class Writer {
  readonly bytes: number[] = []

  byte(value: number): void {
    this.bytes.push(value)
  }

  varint(value: number | bigint): void {
    let rest = BigInt(value)
    for (; rest > 127n; rest >>= 7n) this.bytes.push(Number(rest & 127n) | 128)
    this.bytes.push(Number(rest))
  }

  zigzag(value: number | bigint): void {
    this.varint(zigzagged(BigInt(value)))
  }

  text(value: string): void {
    const bytes = new TextEncoder().encode(value)
    this.varint(bytes.length)
    this.bytes.push(...bytes)
  }

  column(values: readonly bigint[]): void {
    for (let row = 0; row < values.length;) {
      if (values[row] !== 0n) {
        this.varint(values[row++])
        continue
      }
      const from = row
      while (row < values.length && values[row] === 0n) row++
      this.byte(0)
      this.varint(row - from - 1)
    }
  }

  bytesColumn(values: readonly bigint[], isSigned: boolean): void {
    let shift = 0
    while (shift < 12 && values.every((value) => (value & ((1n << BigInt(shift + 1)) - 1n)) === 0n)) shift++
    this.byte(shift)
    const shifted = values.map((value) => value >> BigInt(shift))
    this.column(isSigned ? shifted.map(zigzagged) : shifted)
  }
}

export const zigzagged = (value: bigint): bigint => value < 0n ? -value * 2n - 1n : value * 2n

export function writeRows(writer: Writer, rows: readonly RowSpec[]): void {
  const column = (value: (row: RowSpec, last: RowSpec | undefined) => number | bigint) => rows.map((row, i) => BigInt(value(row, i === 0 ? undefined : rows[i - 1])))
  const baseOf = (row: RowSpec) => row.base ?? row.page
  writer.varint(rows.length)
  writer.column(column((row, last) => row.page - (last === undefined ? 0 : last.page + last.pages)))
  writer.column(column((row) => row.pages))
  writer.column(column((row, last) => last !== undefined && baseOf(last) === baseOf(row) ? 0 : 1 + row.page - baseOf(row)))
  writer.column(column((row, last) => row.category ^ (last?.category ?? 0)))
  writer.column(column((row, last) => (row.protection ?? 0) ^ (last?.protection ?? 0)))
  writer.column(column((row, last) => zigzagged(BigInt((row.detail ?? 0) - (last?.detail ?? 0)))))
  writer.bytesColumn(column((row) => row.pages * 4096 - (row.committed ?? 0)), true)
  writer.bytesColumn(column((row) => (row.committed ?? 0) - (row.private ?? 0)), true)
  for (const metric of storedMetrics.slice(2)) writer.bytesColumn(column((row) => row[metric] ?? 0), false)
}

/** Writes a frame. */
export function writeFrame(frame: FrameSpec): Uint8Array {
  const writer = new Writer()
  writer.byte(1)
  writer.byte(frame.kind)
  writer.varint(frame.sequence)
  writer.varint(frame.baseSequence ?? 0)
  writer.varint(frame.takenAt ?? 0)
  writer.varint(0)
  writer.varint(0)
  for (let i = 0; i < 6; i++) {
    const counter = frame.counters?.[i] ?? null
    writer.varint(counter === null ? 0 : counter + 1)
  }
  const notes = frame.notes ?? []
  writer.varint(notes.length)
  for (const [kind, text] of notes) {
    writer.byte(kind)
    writer.text(text)
  }
  if (frame.kind === 1) {
    const [lowest, end, granularity] = frame.bounds ?? [16, 0x7ffffffff, 4096]
    writer.byte(frame.platform ?? 1)
    writer.varint(lowest)
    writer.varint(end)
    writer.varint(granularity)
  }
  const texts = frame.texts ?? (frame.kind === 1 ? [''] : [])
  writer.varint(frame.firstText ?? 0)
  writer.varint(texts.length)
  for (const text of texts) writer.text(text)
  const removed = frame.removed ?? []
  writer.varint(removed.length)
  writer.column(removed.map((page, i) => BigInt(page - (i === 0 ? 0 : removed[i - 1]))))
  writeRows(writer, frame.rows)
  return Uint8Array.from(writer.bytes)
}
