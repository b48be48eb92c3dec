// Frames of live samples (docs/formats.md, "Frame"): what the hub's /live streams.
import { ByteReader, FormatError } from './byte-reader.ts'
import { type Columns, type Platform, RegionTable, newColumns, pageSize, storedMetrics } from './region-table.ts'

const version = 1
const keyFrame = 1
const deltaFrame = 2
const maxRows = 4_000_000
const maxTexts = 4_000_000
const maxNotes = 1_000
const maxPage = 2 ** 52

/** What the system itself says of the process, in bytes; null where it says nothing. */
export interface Counters {
  readonly workingSet: number | null
  readonly privateCommit: number | null
  readonly residentAnonymous: number | null
  readonly swap: number | null
  readonly virtualSize: number | null
  readonly pageTable: number | null
}

const noteKinds = ['method', 'limitation', 'changed'] as const
export type NoteKind = typeof noteKinds[number]

/** What a reader of the figures has to know. */
export interface Note {
  readonly kind: NoteKind
  readonly text: string
}

/** One moment of a process. Immutable. */
export interface Sample {
  readonly sequence: number
  /** Milliseconds since 1970 UTC. */
  readonly takenAt: number
  readonly elapsedMicroseconds: number
  readonly agentCpuMicroseconds: number
  readonly counters: Counters
  readonly notes: readonly Note[]
  readonly platform: Platform
  /** User space, in pages: the first that can be allocated, and the one after the last. */
  readonly bounds: { readonly lowest: number, readonly end: number, readonly granularity: number }
  readonly table: RegionTable
}

/** "gap": the frame changes another one than the one held; the next key frame heals it. */
export type Outcome = 'applied' | 'gap'

/** Holds the state of one stream. */
export class FrameDecoder {
  #current: Sample | null = null

  get current(): Sample | null {
    return this.#current
  }

  /**
   * Takes a frame over.
   * @throws FormatError when it breaks the format; the state stays what it was.
   */
  apply(frame: Uint8Array): Outcome {
    const reader = new ByteReader(frame)
    const found = reader.byte()
    if (found !== version) throw new FormatError(`The frame has version ${found}; this page reads version ${version}.`)
    const kind = reader.byte()
    if (kind !== keyFrame && kind !== deltaFrame) throw new FormatError(`The frame is of an unknown kind, ${kind}.`)
    const sequence = reader.varint()
    const baseSequence = reader.varint()
    const held = this.#current
    if (kind === deltaFrame && held?.sequence !== baseSequence) return 'gap'
    const head = readHead(reader)
    const { platform, bounds } = kind === keyFrame || held === null ? readSystem(reader) : held
    const texts = readTexts(reader, kind === keyFrame || held === null ? [] : held.table.texts)
    const removed = readRemoved(reader)
    if (kind === keyFrame && removed.length > 0) throw new FormatError('A key frame removes rows.')
    const changed = readRegions(reader, texts.length)
    if (reader.remaining > 0) throw new FormatError(`The frame has ${reader.remaining} bytes too many.`)
    const columns = kind === keyFrame || held === null ? changed : merge(held.table.columns, removed, changed)
    this.#current = { sequence, ...head, platform, bounds, table: new RegionTable(columns, texts) }
    return 'applied'
  }
}

function readHead(reader: ByteReader): Pick<Sample, 'takenAt' | 'elapsedMicroseconds' | 'agentCpuMicroseconds' | 'counters' | 'notes'> {
  const optional = () => {
    const value = reader.varint()
    return value === 0 ? null : value - 1
  }
  return {
    takenAt: reader.varint(),
    elapsedMicroseconds: reader.varint(),
    agentCpuMicroseconds: reader.varint(),
    counters: {
      workingSet: optional(),
      privateCommit: optional(),
      residentAnonymous: optional(),
      swap: optional(),
      virtualSize: optional(),
      pageTable: optional(),
    },
    notes: readNotes(reader),
  }
}

function readNotes(reader: ByteReader): readonly Note[] {
  const notes: Note[] = []
  const count = reader.count(maxNotes, 'notes')
  for (let i = 0; i < count; i++) {
    const kind = reader.byte()
    if (kind < 1 || kind > noteKinds.length) throw new FormatError(`The frame has a note of the unknown kind ${kind}.`)
    notes.push({ kind: noteKinds[kind - 1], text: reader.text() })
  }
  return notes
}

function readSystem(reader: ByteReader): Pick<Sample, 'platform' | 'bounds'> {
  const platform = reader.byte()
  if (platform !== 1 && platform !== 2) throw new FormatError(`The frame names an unknown platform, ${platform}.`)
  return {
    platform: platform === 2 ? 'windows' : 'linux',
    bounds: { lowest: reader.varint(), end: reader.varint(), granularity: reader.varint() },
  }
}

/** The texts of the base and, after them, those that the frame adds. */
function readTexts(reader: ByteReader, held: readonly string[]): readonly string[] {
  const first = reader.varint()
  if (first !== held.length) throw new FormatError(`The frame's texts begin at ${first}, not at ${held.length}.`)
  const count = reader.count(maxTexts, 'texts')
  if (count === 0) return held
  const added: string[] = []
  for (let i = 0; i < count; i++) added.push(reader.text())
  return held.concat(added)
}

function readRemoved(reader: ByteReader): Float64Array {
  const removed = new Float64Array(reader.count(maxRows, 'removed rows'))
  reader.column(removed)
  for (let i = 1; i < removed.length; i++) removed[i] += removed[i - 1]
  return removed
}

export function readRegions(reader: ByteReader, textCount: number): Columns {
  const count = reader.count(maxRows, 'regions')
  const columns = newColumns(count)
  const { page, pages, base, category, protection, detail, metrics } = columns
  const scratch = new Float64Array(count)

  reader.column(page)
  reader.column(pages)
  let end = 0
  for (let row = 0; row < count; row++) {
    page[row] += end
    end = page[row] + pages[row]
    if (pages[row] < 1) throw new FormatError(`Region ${row} is empty.`)
    if (end > maxPage) throw new FormatError(`Region ${row} passes the end of the address space.`)
  }

  reader.column(base)
  for (let row = 0, last = 0; row < count; row++) {
    if (base[row] > 0) last = page[row] - (base[row] - 1)
    base[row] = last
    if (last < 0) throw new FormatError(`Region ${row} has an allocation base below zero.`)
  }

  scratch.fill(0)
  reader.column(scratch)
  for (let row = 0, last = 0; row < count; row++) {
    last ^= scratch[row]
    if (scratch[row] > 15 || last < 1 || last > 10 || last === 8) throw new FormatError(`Region ${row} has the unknown category ${last}.`)
    category[row] = last
  }

  scratch.fill(0)
  reader.column(scratch)
  for (let row = 0, last = 0; row < count; row++) {
    last ^= scratch[row]
    if (last > 511 || scratch[row] > 511) throw new FormatError(`Region ${row} has the unknown protection ${last}.`)
    protection[row] = last
  }

  scratch.fill(0)
  reader.zigzagColumn(scratch)
  for (let row = 0, last = 0; row < count; row++) {
    last += scratch[row]
    if (last < 0 || last >= textCount) throw new FormatError(`Region ${row} refers to text ${last} of ${textCount}.`)
    detail[row] = last
  }

  readMetrics(reader, pages, metrics)
  return columns
}

function readMetrics(reader: ByteReader, pages: Float64Array, metrics: readonly Float64Array[]): void {
  const count = pages.length
  const [committed, ...others] = metrics
  const reservedFactor = reader.factor()
  reader.zigzagColumn(committed)
  for (let row = 0; row < count; row++) committed[row] = pages[row] * pageSize - committed[row] * reservedFactor
  others.forEach((column, at) => {
    const factor = reader.factor()
    if (at === 0) {
      reader.zigzagColumn(column)
      for (let row = 0; row < count; row++) column[row] = committed[row] - column[row] * factor
    } else {
      reader.column(column)
      if (factor !== 1) for (let row = 0; row < count; row++) column[row] *= factor
    }
  })
}

/**
 * The rows of a base without the removed ones, with the changed ones replaced or inserted. What lies between two changes is copied
 * as a block, so the cost follows the number of changes and not that of the rows.
 */
function merge(held: Columns, removed: Float64Array, changed: Columns): Columns {
  const heldCount = held.page.length
  const changedCount = changed.page.length
  // Every step copies a run of held rows and then, unless it only dropped a row, one changed row.
  const runFrom: number[] = []
  const runTo: number[] = []
  const then: number[] = []
  let from = 0
  let removedAt = 0
  let count = 0
  const step = (page: number, row: number) => {
    const to = lowerBound(held.page, page, from)
    runFrom.push(from)
    runTo.push(to)
    then.push(row)
    count += to - from + (row >= 0 ? 1 : 0)
    const replaces = to < heldCount && held.page[to] === page
    if (row < 0 && !replaces) throw new FormatError(`The frame removes a region at page ${page}, where there is none.`)
    from = replaces ? to + 1 : to
  }
  for (let row = 0; row < changedCount; row++) {
    const page = changed.page[row]
    while (removedAt < removed.length && removed[removedAt] < page) step(removed[removedAt++], -1)
    if (removedAt < removed.length && removed[removedAt] === page) removedAt++
    step(page, row)
  }
  while (removedAt < removed.length) step(removed[removedAt++], -1)
  count += heldCount - from
  runFrom.push(from)
  runTo.push(heldCount)
  then.push(-1)

  const result = newColumns(count)
  const copy = (target: Float64Array | Uint8Array | Uint16Array | Uint32Array, old: typeof target, fresh: typeof target) => {
    let at = 0
    for (let i = 0; i < then.length; i++) {
      const to = runTo[i]
      if (to - runFrom[i] > 16) {
        target.set(old.subarray(runFrom[i], to), at)
        at += to - runFrom[i]
      } else {
        for (let row = runFrom[i]; row < to; row++) target[at++] = old[row]
      }
      if (then[i] >= 0) target[at++] = fresh[then[i]]
    }
  }
  copy(result.page, held.page, changed.page)
  copy(result.pages, held.pages, changed.pages)
  copy(result.base, held.base, changed.base)
  copy(result.category, held.category, changed.category)
  copy(result.protection, held.protection, changed.protection)
  copy(result.detail, held.detail, changed.detail)
  storedMetrics.forEach((_, i) => { copy(result.metrics[i], held.metrics[i], changed.metrics[i]) })
  for (let row = 1; row < count; row++) {
    if (result.page[row - 1] + result.pages[row - 1] > result.page[row]) {
      throw new FormatError(`The frame makes the region at page ${result.page[row]} overlap the one before it.`)
    }
  }
  return result
}

function lowerBound(values: Float64Array, wanted: number, from: number): number {
  let low = from
  let high = values.length
  while (low < high) {
    const middle = low + high >>> 1
    if (values[middle] < wanted) low = middle + 1
    else high = middle
  }
  return low
}
