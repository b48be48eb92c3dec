// Regions as columns, ascending by address and never overlapping: the browser's twin of WebVmMap.Core.Regions.RegionTable.

export const pageSize = 4096

export type Platform = 'linux' | 'windows'

/** The figures that are kept, in the order of the format's columns. */
export const storedMetrics = ['committed', 'private', 'privateWs', 'shareableWs', 'sharedWs', 'lockedWs', 'pss', 'swap'] as const
export type StoredMetric = typeof storedMetrics[number]

/** Every figure of a region, in bytes: the kept ones, and those that follow from them. */
export type Metric = StoredMetric | 'size' | 'totalWs' | 'reserved'

/** Protection flags; the values are the format's. */
export const Protection = { read: 1, write: 2, execute: 4, copyOnWrite: 8, guard: 16, noCache: 32, writeCombine: 64, shared: 128, reserved: 256 } as const

/** Columns of equal length. Never changed once they are in a table. */
export interface Columns {
  /** First page: the address / 4096. All 52 bits of it are exact in a number; the address itself would not be. */
  readonly page: Float64Array
  /** Length in pages. */
  readonly pages: Float64Array
  /** First page of the allocation that the region belongs to. */
  readonly base: Float64Array
  readonly category: Uint8Array
  readonly protection: Uint16Array
  /** Index into the texts. */
  readonly detail: Uint32Array
  /** Bytes, in the order of storedMetrics. */
  readonly metrics: readonly Float64Array[]
}

export const newColumns = (count: number): Columns => ({
  page: new Float64Array(count),
  pages: new Float64Array(count),
  base: new Float64Array(count),
  category: new Uint8Array(count),
  protection: new Uint16Array(count),
  detail: new Uint32Array(count),
  metrics: storedMetrics.map(() => new Float64Array(count)),
})

/** How things in a table are called where that is not by their address alone. */
export interface TableTokens {
  region(row: number): string
  /** The allocation of a row. */
  allocation(row: number): string
  /** Which rows a token selects; null when it means nothing here. */
  rows(token: string): ((row: number) => boolean) | null
}

/** Immutable: a new frame makes a new table, so that what is being drawn never changes under the drawing. */
export class RegionTable {
  static readonly empty = new RegionTable(newColumns(0), [''])

  readonly columns: Columns
  readonly texts: readonly string[]
  readonly tokens: TableTokens | null = null
  readonly #derived = new Map<Metric, Float64Array>()

  /** Columns must ascend without overlap, and details must index the texts: FrameDecoder has checked both. */
  constructor(columns: Columns, texts: readonly string[]) {
    this.columns = columns
    this.texts = texts
  }

  get count(): number {
    return this.columns.page.length
  }

  /** A column of any figure, in bytes. Those that follow from others are made once, when first asked for. */
  metric(metric: Metric): Float64Array {
    const stored = storedMetrics.indexOf(metric as StoredMetric)
    if (stored >= 0) return this.columns.metrics[stored]
    let column = this.#derived.get(metric)
    if (column === undefined) this.#derived.set(metric, column = this.#derive(metric))
    return column
  }

  value(metric: Metric, row: number): number {
    return this.metric(metric)[row]
  }

  detail(row: number): string {
    return this.texts[this.columns.detail[row]]
  }

  /** The row that begins at a page, or -1. */
  rowAt(page: number): number {
    const row = this.#lastBefore(page)
    return row >= 0 && this.columns.page[row] === page ? row : -1
  }

  /** The row that holds a page, or -1. */
  find(page: number): number {
    const row = this.#lastBefore(page)
    return row >= 0 && page < this.columns.page[row] + this.columns.pages[row] ? row : -1
  }

  #lastBefore(page: number): number {
    const pages = this.columns.page
    let low = 0
    let high = pages.length
    while (low < high) {
      const middle = low + high >>> 1
      if (pages[middle] <= page) low = middle + 1
      else high = middle
    }
    return low - 1
  }

  #derive(metric: Metric): Float64Array {
    const { pages, metrics: [committed, , privateWs, shareableWs] } = this.columns
    const column = new Float64Array(this.count)
    if (metric === 'totalWs') {
      for (let row = 0; row < column.length; row++) column[row] = privateWs[row] + shareableWs[row]
    } else if (metric === 'reserved') {
      for (let row = 0; row < column.length; row++) column[row] = pages[row] * pageSize - committed[row]
    } else {
      for (let row = 0; row < column.length; row++) column[row] = pages[row] * pageSize
    }
    return column
  }
}
