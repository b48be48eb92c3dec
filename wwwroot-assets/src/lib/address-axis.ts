// The address map's axis: the whole address space on one line of pixels, in address order, which the map wraps into rows.
//
// Memory in use is as long as it is large; what is not there (free space, and large reservations without memory behind them) is a
// short mark of nearly constant length, longer by its magnitude. So the marks between the boxes show fragmentation, and no
// reservation of 256 GiB pushes everything else out of the picture.
import { Category } from './colours.ts'
import { type RegionTable, pageSize } from './region-table.ts'

/**
 * Where every row begins on the line, worked out for the rows that are asked about: a zoom makes a new axis with every frame, and of a
 * hundred thousand rows it shows a few.
 */
export class AddressAxis {
  readonly length: number
  /** Pixels per byte of what is to scale. */
  readonly scale: number
  readonly #parts: AxisParts
  readonly #markScale: number
  readonly #least: number

  constructor(parts: AxisParts, markScale: number, least: number, scale: number) {
    this.#parts = parts
    this.#markScale = markScale
    this.#least = least
    this.scale = scale
    this.length = this.startOf(parts.table.count)
  }

  get table(): RegionTable {
    return this.#parts.table
  }

  /** 1 where a row is a mark and not to scale. */
  get isMark(): Uint8Array {
    return this.#parts.isMark
  }

  /** Where a row begins, in pixels of the line; of the number of rows, where the line ends. Never less than the row before. */
  startOf(row: number): number {
    const { marksBefore, regionsBefore, bytesBefore } = this.#parts
    return marksBefore[row] * this.#markScale + regionsBefore[row] * this.#least + bytesBefore[row] * this.scale
  }
}

/** What the axis is made of, whatever its length: found once per table. */
export interface AxisParts {
  readonly table: RegionTable
  readonly isMark: Uint8Array
  /** Pixels of the marks, number of the regions and bytes of what is to scale before each row; one longer than the rows. */
  readonly marksBefore: Float64Array
  readonly regionsBefore: Float64Array
  readonly bytesBefore: Float64Array
  readonly bytesToScale: number
  readonly markTotal: number
  readonly regions: number
}

/** A mark's length in CSS pixels: 3 for a page, 16 for a GiB; the great ones have room for their size beside that. */
const markLength = (bytes: number): number => 3 + Math.max(0, Math.log2(bytes / pageSize)) * 0.75 + (bytes >= 2 ** 30 ? 30 : 0)

/** Reservations without memory behind them become marks above this share of all that has some. */
const reservationShare = 1 / 16

/** Finds what is to scale and what is a mark. Unusable and free rows are marks; so are large reservations. */
export function axisParts(table: RegionTable): AxisParts {
  const { category, metrics: [committed] } = table.columns
  const size = table.metric('size')
  const resident = table.metric('totalWs')
  const isMark = new Uint8Array(table.count)
  let bytesInUse = 0
  for (let row = 0; row < table.count; row++) {
    if (category[row] === Category.free || category[row] === Category.unusable) isMark[row] = 1
    else if (committed[row] > 0 || resident[row] > 0) bytesInUse += size[row]
  }
  const largest = bytesInUse * reservationShare
  const marksBefore = new Float64Array(table.count + 1)
  const regionsBefore = new Float64Array(table.count + 1)
  const bytesBefore = new Float64Array(table.count + 1)
  let bytesToScale = 0
  let markTotal = 0
  let regions = 0
  for (let row = 0; row < table.count; row++) {
    if (isMark[row] === 0 && committed[row] === 0 && resident[row] === 0 && size[row] > largest) isMark[row] = 1
    if (isMark[row] === 1) {
      markTotal += markLength(size[row]) * (category[row] === Category.unusable ? 0.5 : 1)
    } else {
      bytesToScale += size[row]
      regions++
    }
    marksBefore[row + 1] = markTotal
    regionsBefore[row + 1] = regions
    bytesBefore[row + 1] = bytesToScale
  }
  return { table, isMark, marksBefore, regionsBefore, bytesBefore, bytesToScale, markTotal, regions }
}

/**
 * Stretches the axis to a length. Every region gets at least a pixel or two where there is room for that, so that small ones are seen;
 * the rest of the length is shared by size. Marks take at most a third of it.
 */
export function makeAxis(parts: AxisParts, length: number, density: number): AddressAxis {
  const { bytesToScale, markTotal, regions } = parts
  const markScale = Math.min(density, regions === 0 ? Infinity : length / 3 / Math.max(1e-9, markTotal))
  const room = regions === 0 ? 0 : Math.max(0, length - markTotal * markScale)
  const least = regions === 0 ? 0 : Math.min(2 * density, room / 2 / regions)
  const scale = bytesToScale === 0 ? 0 : (room - least * regions) / bytesToScale
  return new AddressAxis(parts, markScale, least, scale)
}

/** The row at a point of the axis, -1 outside it. */
export function rowAtPoint(axis: AddressAxis, point: number): number {
  if (!(point >= 0) || point >= axis.length) return -1
  let low = 0
  let high = axis.table.count
  while (low < high) {
    const middle = low + high >>> 1
    if (axis.startOf(middle) <= point) low = middle + 1
    else high = middle
  }
  return low - 1
}

/** The point of the axis where a page lies, to scale inside its row; pages before and after everything give the ends. */
export function pointOfPage(axis: AddressAxis, page: number): number {
  const { page: first, pages } = axis.table.columns
  let low = 0
  let high = first.length
  while (low < high) {
    const middle = low + high >>> 1
    if (first[middle] <= page) low = middle + 1
    else high = middle
  }
  if (low === 0) return 0
  const row = low - 1
  const share = Math.min(1, (page - first[row]) / pages[row])
  const start = axis.startOf(row)
  return start + share * (axis.startOf(row + 1) - start)
}

/** The page at a point of the axis. */
export function pageAtPoint(axis: AddressAxis, point: number): number {
  const { page, pages } = axis.table.columns
  if (page.length === 0) return 0
  const row = rowAtPoint(axis, Math.min(Math.max(0, point), axis.length * (1 - 1e-15)))
  if (row < 0) return page[0]
  const start = axis.startOf(row)
  const share = (point - start) / (axis.startOf(row + 1) - start)
  return page[row] + Math.min(pages[row] - 1, Math.max(0, Math.floor(share * pages[row])))
}
