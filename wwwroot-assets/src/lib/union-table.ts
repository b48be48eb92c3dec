// The union of two snapshots as a table, for the treemap: each region of either has a row, and its figures are the larger of before
// and after (or what changed), so that a box keeps its place when one looks at the other side.
import { categoryNames } from './colours.ts'
import type { Diff } from './diff.ts'
import { formatPageAddress, parsePageAddress } from './format.ts'
import { type Metric, RegionTable, type TableTokens, newColumns } from './region-table.ts'

export type BoxMeasure = 'both' | 'change'

/** A region's figure on each side, 0 where it is not there. */
export const valueBefore = (diff: Diff, metric: Metric, row: number): number => diff.beforeRow[row] < 0 ? 0 : diff.before.value(metric, diff.beforeRow[row])
export const valueAfter = (diff: Diff, metric: Metric, row: number): number => diff.afterRow[row] < 0 ? 0 : diff.after.value(metric, diff.afterRow[row])

export class UnionTable extends RegionTable {
  readonly diff: Diff
  override readonly tokens: TableTokens
  readonly #measure: BoxMeasure
  readonly #columns = new Map<Metric, Float64Array>()

  constructor(diff: Diff, measure: BoxMeasure) {
    super(unionColumns(diff), diff.before.texts)
    this.diff = diff
    this.tokens = new DiffTokens(diff)
    this.#measure = measure
  }

  override metric(metric: Metric): Float64Array {
    let column = this.#columns.get(metric)
    if (column === undefined) {
      column = new Float64Array(this.count)
      for (let row = 0; row < column.length; row++) {
        const before = valueBefore(this.diff, metric, row)
        const after = valueAfter(this.diff, metric, row)
        column[row] = this.#measure === 'both' ? Math.max(before, after) : Math.abs(after - before)
      }
      this.#columns.set(metric, column)
    }
    return column
  }
}

/** Where a region is, or was; the base tells allocations of the diff apart and is no address. */
function unionColumns(diff: Diff) {
  const columns = newColumns(diff.count)
  for (let row = 0; row < diff.count; row++) {
    const isThere = diff.afterRow[row] >= 0
    const { columns: own } = isThere ? diff.after : diff.before
    const from = isThere ? diff.afterRow[row] : diff.beforeRow[row]
    columns.page[row] = own.page[from]
    columns.pages[row] = own.pages[from]
    columns.base[row] = diff.allocation[row]
    columns.category[row] = own.category[from]
    columns.protection[row] = own.protection[from]
    columns.detail[row] = own.detail[from]
  }
  return columns
}

/** Names rows as the pages do: r: and a: by the newer address, o: and p: by the older one of what is no more. */
export class DiffTokens implements TableTokens {
  readonly #diff: Diff

  constructor(diff: Diff) {
    this.#diff = diff
  }

  region(row: number): string {
    const { afterRow, beforeRow, after, before } = this.#diff
    return afterRow[row] >= 0 ? `r:${formatPageAddress(after.columns.page[afterRow[row]])}` : `o:${formatPageAddress(before.columns.page[beforeRow[row]])}`
  }

  allocation(row: number): string {
    const { allocation, afterRow, beforeRow, after, before, count } = this.#diff
    let first = row
    while (first > 0 && allocation[first - 1] === allocation[row]) first--
    for (let at = first; at < count && allocation[at] === allocation[row]; at++) {
      if (afterRow[at] >= 0) return `a:${formatPageAddress(after.columns.page[afterRow[at]])}`
    }
    return `p:${formatPageAddress(before.columns.page[beforeRow[first]])}`
  }

  rows(token: string): ((row: number) => boolean) | null {
    const diff = this.#diff
    const body = token.slice(2)
    if (token.startsWith('c:')) {
      const wanted = categoryNames.findIndex((name) => name === body)
      return wanted < 1 ? null : (row) => isOf(diff, row, wanted)
    }
    if (token.startsWith('g:')) return this.#group(body)
    const kind = token.slice(0, 2)
    const isOld = kind === 'o:' || kind === 'p:'
    if (!isOld && kind !== 'r:' && kind !== 'a:') return null
    const page = parsePageAddress(body)
    const at = page < 0 ? -1 : (isOld ? diff.before : diff.after).find(page)
    const found = at < 0 ? -1 : (isOld ? diff.beforeRow : diff.afterRow).indexOf(at)
    if (found < 0) return page < 0 ? null : () => false
    if (kind === 'r:' || kind === 'o:') return (row) => row === found
    return (row) => diff.allocation[row] === diff.allocation[found]
  }

  /** Allocations are named by their first row. */
  #group(body: string): ((row: number) => boolean) | null {
    const { allocation, count, afterRow, beforeRow, after, before } = this.#diff
    const cut = body.indexOf('|')
    const wanted = categoryNames.findIndex((name) => name === body.slice(0, cut))
    if (cut < 0 || wanted < 1) return null
    const name = body.slice(cut + 1)
    const isIn = new Uint8Array(count)
    let isNamed = false
    for (let row = 0; row < count; row++) {
      if (row === 0 || allocation[row] !== allocation[row - 1]) {
        const table = afterRow[row] >= 0 ? after : before
        const at = afterRow[row] >= 0 ? afterRow[row] : beforeRow[row]
        isNamed = table.columns.category[at] === wanted && table.detail(at) === name
      }
      if (isNamed) isIn[row] = 1
    }
    return (row) => isIn[row] === 1
  }
}

/** Whether a row is or was of a category. */
function isOf(diff: Diff, row: number, category: number): boolean {
  const { afterRow, beforeRow, after, before } = diff
  return afterRow[row] >= 0 && after.columns.category[afterRow[row]] === category || beforeRow[row] >= 0 && before.columns.category[beforeRow[row]] === category
}
