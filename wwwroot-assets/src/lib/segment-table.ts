// The address space of two snapshots cut where either has an edge, for the address map: each piece lay in at most one region before
// and lies in at most one now, so what was there and what is there can be told at every address.
import { Category } from './colours.ts'
import { type Bounds, type Diff, Matching } from './diff.ts'
import { type Metric, RegionTable, type TableTokens, newColumns, pageSize, storedMetrics } from './region-table.ts'
import type { Side } from './view-state.ts'
import { DiffTokens } from './union-table.ts'

/** Row of the older table and of the newer one under a piece; -1 where that has nothing in use. */
interface Pieces { readonly page: number[], readonly pages: number[], readonly before: number[], readonly after: number[] }

export class SegmentTable extends RegionTable {
  readonly diff: Diff
  override readonly tokens: TableTokens
  /** Row of the union that a piece belongs to: what lies there now, else what lay there; -1 for free space. */
  readonly unionRow: Int32Array
  readonly #pieces: Pieces

  /**
   * @param side Where regions are matched by what they are, addresses of the two have nothing to do with each other: then the map is
   * that of the newer snapshot, and of the older one on its side.
   */
  constructor(diff: Diff, side: Side) {
    const pieces = cut(diff, side)
    super(segmentColumns(diff, pieces), diff.before.texts)
    this.diff = diff
    this.#pieces = pieces
    const unionOfBefore = invert(diff.beforeRow, diff.before.count)
    const unionOfAfter = invert(diff.afterRow, diff.after.count)
    this.unionRow = Int32Array.from(pieces.page, (_, i) => pieces.after[i] >= 0 ? unionOfAfter[pieces.after[i]] : pieces.before[i] >= 0 ? unionOfBefore[pieces.before[i]] : -1)
    this.tokens = new SegmentTokens(this)
  }

  /** What a figure of the piece was: the region's, by the piece's share of it. */
  before(metric: Metric, row: number): number {
    return share(this.diff.before, metric, this.#pieces.before[row], this.#pieces.pages[row])
  }

  after(metric: Metric, row: number): number {
    return share(this.diff.after, metric, this.#pieces.after[row], this.#pieces.pages[row])
  }

  /** By identity a region is compared with its partner, wherever that lies. */
  delta(metric: Metric, row: number): number {
    if (this.diff.matching === Matching.address) return this.after(metric, row) - this.before(metric, row)
    const union = this.unionRow[row]
    if (union < 0) return 0
    const { afterRow, beforeRow, after, before } = this.diff
    return (afterRow[union] < 0 ? 0 : after.value(metric, afterRow[union])) - (beforeRow[union] < 0 ? 0 : before.value(metric, beforeRow[union]))
  }

  wasThere(row: number): boolean {
    return this.#pieces.before[row] >= 0
  }

  isThere(row: number): boolean {
    return this.#pieces.after[row] >= 0
  }
}

class SegmentTokens implements TableTokens {
  readonly #table: SegmentTable
  readonly #union: DiffTokens

  constructor(table: SegmentTable) {
    this.#table = table
    this.#union = new DiffTokens(table.diff)
  }

  region(row: number): string {
    const union = this.#table.unionRow[row]
    return union < 0 ? '' : this.#union.region(union)
  }

  allocation(row: number): string {
    const union = this.#table.unionRow[row]
    return union < 0 ? '' : this.#union.allocation(union)
  }

  rows(token: string): ((row: number) => boolean) | null {
    const wanted = this.#union.rows(token)
    const { unionRow } = this.#table
    return wanted === null ? null : (row) => unionRow[row] >= 0 && wanted(unionRow[row])
  }
}

function invert(rows: Int32Array, count: number): Int32Array {
  const inverse = new Int32Array(count).fill(-1)
  rows.forEach((row, union) => { if (row >= 0) inverse[row] = union })
  return inverse
}

function share(table: RegionTable, metric: Metric, row: number, pages: number): number {
  return row < 0 ? 0 : metric === 'size' ? pages * pageSize : table.value(metric, row) * (pages / table.columns.pages[row])
}

/** Walks both tables at once from edge to edge. */
function cut(diff: Diff, side: Side): Pieces {
  const isOne = diff.matching === Matching.identity
  const older = isOne && side !== 'before' ? RegionTable.empty : diff.before
  const newer = isOne && side === 'before' ? RegionTable.empty : diff.after
  const bounds: Bounds = isOne && side === 'before' ? diff.boundsBefore : diff.boundsAfter
  const pieces: Pieces = { page: [], pages: [], before: [], after: [] }
  const edge = (table: RegionTable, row: number, from: number): number => {
    if (row >= table.count) return Infinity
    const { page, pages } = table.columns
    return page[row] > from ? page[row] : page[row] + pages[row]
  }
  let b = 0
  let a = 0
  let at = Math.min(bounds.lowest, older.count > 0 ? older.columns.page[0] : Infinity, newer.count > 0 ? newer.columns.page[0] : Infinity)
  for (;;) {
    const next = Math.min(edge(older, b, at), edge(newer, a, at))
    const rowAt = (table: RegionTable, row: number): number => row < table.count && table.columns.page[row] <= at ? row : -1
    const before = rowAt(older, b)
    const after = rowAt(newer, a)
    // Free space ends where user space does: behind it lies what the kernel maps, and nothing that could be had.
    const end = before < 0 && after < 0 ? Math.min(bounds.end, next) : next
    if (end > at) {
      pieces.page.push(at)
      pieces.pages.push(end - at)
      pieces.before.push(before)
      pieces.after.push(after)
    }
    if (next === Infinity) return pieces
    at = next
    if (b < older.count && older.columns.page[b] + older.columns.pages[b] <= at) b++
    if (a < newer.count && newer.columns.page[a] + newer.columns.pages[a] <= at) a++
  }
}

function segmentColumns(diff: Diff, { page, pages, before, after }: Pieces) {
  const columns = newColumns(page.length)
  for (let row = 0; row < page.length; row++) {
    columns.page[row] = page[row]
    columns.pages[row] = pages[row]
    const table = after[row] >= 0 ? diff.after : before[row] >= 0 ? diff.before : null
    const own = after[row] >= 0 ? after[row] : before[row]
    columns.category[row] = table === null ? Category.free : table.columns.category[own]
    columns.base[row] = table === null ? page[row] : table.columns.base[own]
    columns.protection[row] = table === null ? 0 : table.columns.protection[own]
    columns.detail[row] = table === null ? 0 : table.columns.detail[own]
    storedMetrics.forEach((metric, i) => {
      columns.metrics[i][row] = Math.max(share(diff.before, metric, before[row], pages[row]), share(diff.after, metric, after[row], pages[row]))
    })
  }
  return columns
}
