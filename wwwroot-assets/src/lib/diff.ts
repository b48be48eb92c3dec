// Differences of two snapshots (docs/formats.md, "Diff"): what a comparison's pictures are drawn from.
import { ByteReader, FormatError } from './byte-reader.ts'
import { readRegions } from './frame.ts'
import { type Columns, type Platform, RegionTable, newColumns } from './region-table.ts'

const version = 1
const maxTexts = 4_000_000
const maxRows = 4_000_000

/** What became of a region; the values are the format's. */
export const Change = { same: 0, added: 1, removed: 2, grown: 3, shrunk: 4, changed: 5 } as const
export const changeNames = ['= same', '+ added', '\u2212 removed', '+ grown', '\u2212 shrunk', '\u00B1 changed'] as const

/** How regions were brought together. */
export const Matching = { address: 1, identity: 2 } as const

export interface Bounds { readonly lowest: number, readonly end: number, readonly granularity: number }

/** The regions in use of two snapshots, matched one to one. Immutable. */
export interface Diff {
  readonly matching: number
  readonly platform: Platform
  readonly boundsBefore: Bounds
  readonly boundsAfter: Bounds
  readonly before: RegionTable
  readonly after: RegionTable
  /** How many rows the union has. */
  readonly count: number
  readonly change: Uint8Array
  readonly aspects: Uint16Array
  /** Row in before, -1 for what was added. */
  readonly beforeRow: Int32Array
  /** Row in after, -1 for what was removed. */
  readonly afterRow: Int32Array
  /** The allocation of each row. */
  readonly allocation: Int32Array
}

/** @throws FormatError when the bytes break the format. */
export function decodeDiff(bytes: Uint8Array): Diff {
  const reader = new ByteReader(bytes)
  const found = reader.byte()
  if (found !== version) throw new FormatError(`The diff has version ${found}; this page reads version ${version}.`)
  const matching = reader.byte()
  if (matching !== Matching.address && matching !== Matching.identity) throw new FormatError(`The diff is matched in an unknown way, ${matching}.`)
  const platform = reader.byte()
  if (platform !== 1 && platform !== 2) throw new FormatError(`The diff names an unknown platform, ${platform}.`)
  const readBounds = (): Bounds => ({ lowest: reader.varint(), end: reader.varint(), granularity: reader.varint() })
  const boundsBefore = readBounds()
  const boundsAfter = readBounds()
  const texts: string[] = []
  const textCount = reader.count(maxTexts, 'texts')
  for (let i = 0; i < textCount; i++) texts.push(reader.text())
  const before = readRegions(reader, textCount)
  const sent = readRegions(reader, textCount)
  const count = reader.count(maxRows, 'rows')
  const { change, aspects, beforeRow } = readRows(reader, count, before.page.length)
  const { afterRow, after } = placeAfter(matching, change, beforeRow, before, sent)
  const allocation = readAllocations(reader, count)
  if (reader.remaining > 0) throw new FormatError(`The diff has ${reader.remaining} bytes too many.`)
  return {
    matching, platform: platform === 2 ? 'windows' : 'linux', boundsBefore, boundsAfter,
    before: new RegionTable(before, texts), after: new RegionTable(after, texts), count, change, aspects, beforeRow, afterRow, allocation,
  }
}

function readRows(reader: ByteReader, count: number, beforeCount: number): { change: Uint8Array, aspects: Uint16Array, beforeRow: Int32Array } {
  const scratch = new Float64Array(count)
  reader.column(scratch)
  const change = new Uint8Array(count)
  for (let row = 0; row < count; row++) {
    if (scratch[row] > Change.changed) throw new FormatError(`Row ${row} has the unknown change ${scratch[row]}.`)
    change[row] = scratch[row]
  }
  scratch.fill(0)
  reader.column(scratch)
  const aspects = new Uint16Array(count)
  for (let row = 0; row < count; row++) {
    if (scratch[row] > 1023) throw new FormatError(`Row ${row} has the unknown aspects ${scratch[row]}.`)
    aspects[row] = scratch[row]
  }
  scratch.fill(0)
  reader.zigzagColumn(scratch)
  const beforeRow = new Int32Array(count).fill(-1)
  const isTaken = new Uint8Array(beforeCount)
  let next = 0
  for (let row = 0; row < count; row++) {
    if (change[row] === Change.added) continue
    const at = next + scratch[row]
    if (!(at >= 0 && at < beforeCount) || isTaken[at] === 1) throw new FormatError(`The row before of row ${row} is no row of its own.`)
    isTaken[at] = 1
    beforeRow[row] = at
    next = at + 1
  }
  return { change, aspects, beforeRow }
}

/** By address, a row in which nothing differs is that of the older block; all others stand in the newer one, in order. */
function placeAfter(matching: number, change: Uint8Array, beforeRow: Int32Array, before: Columns, sent: Columns): { afterRow: Int32Array, after: Columns } {
  const rows = change.length
  const afterRow = new Int32Array(rows).fill(-1)
  let count = 0
  for (let row = 0; row < rows; row++) if (change[row] !== Change.removed) afterRow[row] = count++
  const after = newColumns(count)
  let taken = 0
  for (let row = 0; row < rows; row++) {
    const to = afterRow[row]
    if (to < 0) continue
    const isOld = matching === Matching.address && change[row] === Change.same
    const source = isOld ? before : sent
    const from = isOld ? beforeRow[row] : taken++
    if (from >= source.page.length) throw new FormatError('The newer block has not as many regions as there are rows for it.')
    after.page[to] = source.page[from]
    after.pages[to] = source.pages[from]
    after.base[to] = source.base[from]
    after.category[to] = source.category[from]
    after.protection[to] = source.protection[from]
    after.detail[to] = source.detail[from]
    for (let metric = 0; metric < after.metrics.length; metric++) after.metrics[metric][to] = source.metrics[metric][from]
    if (to > 0 && after.page[to] < after.page[to - 1] + after.pages[to - 1]) throw new FormatError(`The region at page ${after.page[to]} begins before the end of the one before it.`)
  }
  if (taken !== sent.page.length) throw new FormatError(`${sent.page.length - taken} regions of the newer block stand in no row.`)
  return { afterRow, after }
}

function readAllocations(reader: ByteReader, rows: number): Int32Array {
  const sizes = new Float64Array(reader.count(rows, 'allocations'))
  reader.column(sizes)
  const allocation = new Int32Array(rows)
  let row = 0
  for (let i = 0; i < sizes.length; i++) {
    const end = row + sizes[i] + 1
    if (end > rows) throw new FormatError('The allocations have more regions than there are rows.')
    allocation.fill(i, row, end)
    row = end
  }
  if (row !== rows) throw new FormatError(`${rows - row} rows belong to no allocation.`)
  return allocation
}
