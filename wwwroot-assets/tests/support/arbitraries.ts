// Random regions for properties.
import fc from 'fast-check'
import { FrameDecoder, type Sample } from '../../src/lib/frame.ts'
import type { RegionTable } from '../../src/lib/region-table.ts'
import { type RowSpec, writeFrame } from './frame-writer.ts'

export const texts = ['', '/usr/lib/liba.so', '/usr/bin/node', '[heap]', 'Thread 12', 'C:\\Windows\\System32\\ntdll.dll']

interface Piece { gap: number, pages: number, category: number, protection: number, detail: number, joins: boolean, shares: number[] }

const piece: fc.Arbitrary<Piece> = fc.record({
  gap: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 2 ** 30 })),
  pages: fc.oneof(fc.integer({ min: 1, max: 64 }), fc.integer({ min: 1, max: 2 ** 24 })),
  category: fc.constantFrom(1, 2, 3, 4, 5, 6, 7, 9, 10),
  protection: fc.integer({ min: 0, max: 511 }),
  detail: fc.nat({ max: texts.length - 1 }),
  joins: fc.boolean(),
  shares: fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 8, maxLength: 8 }),
})

/** Rows that ascend without overlap, with figures that hold the invariants of a snapshot. */
export const rowSpecs = (maxLength = 60): fc.Arbitrary<RowSpec[]> => fc.array(piece, { maxLength }).map((pieces) => {
  const rows: RowSpec[] = []
  let page = 16
  for (const { gap, pages, category, protection, detail, joins, shares } of pieces) {
    const last = rows.at(-1)
    page += gap
    const size = pages * 4096
    const part = (share: number, of: number) => Math.floor(share * of)
    const isGap = category > 8
    const committed = isGap ? 0 : part(shares[0], size)
    const privateWs = isGap ? 0 : part(shares[1], size)
    const shareableWs = isGap ? 0 : part(shares[2], size - privateWs)
    rows.push({
      page, pages, category, protection, detail: isGap ? 0 : detail,
      base: joins && last !== undefined && last.category === category ? last.base ?? last.page : page,
      committed, private: isGap ? 0 : part(shares[3], committed), privateWs, shareableWs,
      sharedWs: part(shares[4], shareableWs), lockedWs: isGap ? 0 : part(shares[5], size), pss: isGap ? 0 : part(shares[6], size), swap: isGap ? 0 : part(shares[7], size),
    })
    page += pages
  }
  return rows
})

export function sampleOf(rows: RowSpec[]): Sample {
  const decoder = new FrameDecoder()
  decoder.apply(writeFrame({ kind: 1, sequence: 1, texts, rows }))
  if (decoder.current === null) throw new Error('no sample')
  return decoder.current
}

export const tableOf = (rows: RowSpec[]): RegionTable => sampleOf(rows).table

/** Tables of random regions. */
export const tables = (maxLength = 60): fc.Arbitrary<RegionTable> => rowSpecs(maxLength).map(tableOf)
