// Writes diffs by docs/formats.md ("Diff"), independently of the reader, and makes random ones.
import fc from 'fast-check'
import { texts, rowSpecs } from './arbitraries.ts'
import { type RowSpec, Writer, writeRows, zigzagged } from './frame-writer.ts'

export interface DiffSpec {
  before: RowSpec[]
  after: RowSpec[]
  /** Row before and row after, -1 for none; rows of one allocation share a number and follow each other. */
  rows: { before: number, after: number, allocation: number }[]
}

/** 0 same, 1 added, 2 removed, 3 grown, 4 shrunk, 5 changed. */
export function changeOf(spec: DiffSpec, row: DiffSpec['rows'][number]): number {
  if (row.before < 0) return 1
  if (row.after < 0) return 2
  const [old, now] = [spec.before[row.before], spec.after[row.after]]
  const by = now.pages - old.pages || (now.committed ?? 0) - (old.committed ?? 0)
  if (by !== 0) return by > 0 ? 3 : 4
  return JSON.stringify(old) === JSON.stringify(now) ? 0 : 5
}

export function writeDiff(spec: DiffSpec): Uint8Array {
  const writer = new Writer()
  writer.byte(1)
  writer.byte(1)
  writer.byte(1)
  for (let i = 0; i < 2; i++) for (const bound of [16, 2 ** 47 / 4096, 4096]) writer.varint(bound)
  writer.varint(texts.length)
  for (const text of texts) writer.text(text)
  const changes = spec.rows.map((row) => changeOf(spec, row))
  writeRows(writer, spec.before)
  writeRows(writer, spec.rows.flatMap((row, i) => row.after >= 0 && changes[i] !== 0 ? [spec.after[row.after]] : []))
  writer.varint(spec.rows.length)
  writer.column(changes.map(BigInt))
  // Enough for a reader: flags are told, not worked out.
  writer.column(changes.map((change) => change >= 3 ? 4n : 0n))
  let next = 0
  writer.column(spec.rows.map(({ before }) => {
    if (before < 0) return 0n
    const value = zigzagged(BigInt(before - next))
    next = before + 1
    return value
  }))
  const sizes = new Map<number, number>()
  for (const { allocation } of spec.rows) sizes.set(allocation, (sizes.get(allocation) ?? 0) + 1)
  writer.varint(sizes.size)
  writer.column([...sizes.values()].map((size) => BigInt(size - 1)))
  return Uint8Array.from(writer.bytes)
}

/** Regions that stay, come, go, shrink and change their figures. */
export const diffSpecs = (maxLength = 40): fc.Arbitrary<DiffSpec> =>
  fc.tuple(rowSpecs(maxLength), fc.array(fc.record({ fate: fc.constantFrom('same', 'same', 'added', 'removed', 'shrunk', 'changed'), share: fc.double({ min: 0.1, max: 1, noNaN: true }) }), { minLength: maxLength, maxLength }))
    .map(([all, fates]) => {
      const spec: DiffSpec = { before: [], after: [], rows: [] }
      let allocation = 0
      all.filter(({ category }) => category < 9).forEach((row, i, used) => {
        const { fate, share } = fates[i]
        if (i > 0 && (row.base !== used[i - 1].base || row.category !== used[i - 1].category)) allocation++
        const scale = (by: number): RowSpec => ({
          ...row, committed: Math.floor((row.committed ?? 0) * by), private: Math.floor((row.private ?? 0) * by), privateWs: Math.floor((row.privateWs ?? 0) * by),
        })
        const now = fate === 'changed' ? scale(share) : fate === 'shrunk' ? { ...scale(0.5), pages: Math.max(1, Math.floor(row.pages * share)) } : row
        spec.rows.push({ before: fate === 'added' ? -1 : spec.before.length, after: fate === 'removed' ? -1 : spec.after.length, allocation })
        if (fate !== 'added') spec.before.push(row)
        if (fate !== 'removed') spec.after.push(now)
      })
      return spec
    })
