// A call tree as it comes from the hub (docs/formats.md, "Call tree"), as columns. Nodes stand in preorder: a node, then all that is
// below it. Node 0 is the whole, which has no frame.
import { ByteReader, FormatError } from '../lib/byte-reader.ts'

const version = 2
const maxTexts = 4_000_000
const maxNodes = 4_000_000
/** Two bytes hold a depth. */
const maxDepth = 65_535

/** The figures of a node, in the order of the format. Live is what is still there at the span's end of what was allocated in it. */
export const figures = ['liveBytes', 'liveBlocks', 'allocatedBytes', 'allocations', 'freedBytes', 'frees', 'temporaryBytes', 'temporaries'] as const
export type Figure = typeof figures[number]

export const isBytes = (figure: Figure): boolean => figure.endsWith('Bytes')

/** A function at a place in code. Texts are empty and the line is 0 where nothing is known. */
export interface CallFrame {
  readonly function: string
  readonly module: string
  readonly file: string
  readonly line: number
}

/** Immutable. */
export interface CallTree {
  /** Tells one moment from another. */
  readonly sequence: number
  readonly count: number
  readonly frames: readonly CallFrame[]
  readonly parent: Int32Array
  readonly depth: Uint16Array
  /** One past the last node below each. */
  readonly end: Int32Array
  /** Index into frames; -1 for the whole. */
  readonly frame: Int32Array
  /** What a node and all below it have. */
  readonly total: Figures
  /** What they had in the span that this one is compared with; null when it is compared with none. */
  readonly before: Figures | null
  /**
   * How wide a node is: what it has, or where two spans are compared the sum of what each node below it has most of, now or before, so
   * that what went is seen as well as what came.
   */
  readonly width: Figures
}

export type Figures = Readonly<Record<Figure, Float64Array>>

/** Takes the frames of one stream: every one of them is a whole tree. */
export class CallTreeDecoder {
  #current: CallTree | null = null

  get current(): CallTree | null {
    return this.#current
  }

  /** @throws FormatError when it breaks the format; the tree stays what it was. */
  apply(bytes: Uint8Array): 'applied' {
    this.#current = decodeCallTree(bytes)
    return 'applied'
  }
}

/** @throws FormatError when the bytes break the format. */
export function decodeCallTree(bytes: Uint8Array): CallTree {
  const reader = new ByteReader(bytes)
  const found = reader.byte()
  if (found !== version) throw new FormatError(`The call tree has version ${found}; this page reads version ${version}.`)
  const sequence = reader.varint()
  const frames = readFrames(reader)
  const count = reader.count(maxNodes, 'nodes')
  if (count < 1) throw new FormatError('The call tree has no node for the whole.')
  const places = readPlaces(reader, count)
  const frame = readNodeFrames(reader, count, frames.length)
  const own = readFigures(reader, count)
  const isCompared = reader.byte()
  if (isCompared > 1) throw new FormatError(`Whether the call tree is compared is ${isCompared}.`)
  const ownBefore = isCompared === 1 ? readFigures(reader, count) : null
  if (reader.remaining > 0) throw new FormatError(`The call tree has ${reader.remaining} bytes too many.`)
  const total = addUp(own, places.parent)
  if (ownBefore === null) return { sequence, count, frames, ...places, frame, total, before: null, width: total }
  const most = eachFigure((figure) => own[figure].map((value, node) => Math.max(value, ownBefore[figure][node])))
  return { sequence, count, frames, ...places, frame, total, before: addUp(ownBefore, places.parent), width: addUp(most, places.parent) }
}

/** What a node has beside what is below it. */
export function selfOf(tree: CallTree, figure: Figure, node: number): number {
  const total = tree.total[figure]
  let self = total[node]
  for (let child = node + 1; child < tree.end[node]; child = tree.end[child]) self -= total[child]
  return self
}

/** How much more of a figure a node has than in the span that this one is compared with; 0 when it is compared with none. */
export const growthIn = (tree: CallTree, figure: Figure, node: number): number =>
  tree.before === null ? 0 : tree.total[figure][node] - tree.before[figure][node]

/** What to call a node. */
export function nameOf(tree: CallTree, node: number): string {
  const frame = tree.frame[node]
  if (frame < 0) return 'All'
  return tree.frames[frame].function
}

function readFrames(reader: ByteReader): CallFrame[] {
  const texts: string[] = []
  const textCount = reader.count(maxTexts, 'texts')
  for (let i = 0; i < textCount; i++) texts.push(reader.text())
  const count = reader.count(maxNodes, 'frames')
  const column = () => {
    const values = new Float64Array(count)
    reader.column(values)
    return values
  }
  const functions = column()
  const modules = column()
  const files = column()
  const lines = column()
  for (const indexes of [functions, modules, files]) {
    if (indexes.some((index) => index >= textCount)) throw new FormatError(`A frame refers to a text beyond the ${textCount} there are.`)
  }
  return Array.from({ length: count }, (_, i) => ({ function: texts[functions[i]], module: texts[modules[i]], file: texts[files[i]], line: lines[i] }))
}

/** How many levels each node lies above what would be the first child of the one before it. */
function readPlaces(reader: ByteReader, count: number): Pick<CallTree, 'parent' | 'depth' | 'end'> {
  const above = new Float64Array(count)
  reader.column(above)
  const parent = new Int32Array(count).fill(-1)
  const depth = new Uint16Array(count)
  const end = new Int32Array(count)
  // The open nodes, one for each depth.
  const open: number[] = [0]
  if (above[0] !== 0) throw new FormatError('The whole of the call tree lies above itself.')
  for (let node = 1; node < count; node++) {
    const at = open.length - above[node]
    if (at < 1 || at > maxDepth) throw new FormatError(`Node ${node} of the call tree is at depth ${at}.`)
    for (let level = at; level < open.length; level++) end[open[level]] = node
    open.length = at
    parent[node] = open[at - 1]
    depth[node] = at
    open.push(node)
  }
  for (const node of open) end[node] = count
  return { parent, depth, end }
}

function readNodeFrames(reader: ByteReader, count: number, frameCount: number): Int32Array {
  const scratch = new Float64Array(count)
  reader.column(scratch)
  const frame = new Int32Array(count)
  frame[0] = -1
  for (let node = 1; node < count; node++) {
    if (scratch[node] >= frameCount) throw new FormatError(`Node ${node} refers to frame ${scratch[node]} of ${frameCount}.`)
    frame[node] = scratch[node]
  }
  return frame
}

const eachFigure = (make: (figure: Figure) => Float64Array): Figures => {
  const made: Partial<Record<Figure, Float64Array>> = {}
  for (const figure of figures) made[figure] = make(figure)
  return made as Figures
}

/** What each node has itself, mostly nothing. */
function readFigures(reader: ByteReader, count: number): Figures {
  return eachFigure(() => {
    const factor = reader.factor()
    const values = new Float64Array(count)
    reader.column(values)
    if (factor !== 1) for (let node = 0; node < count; node++) values[node] *= factor
    return values
  })
}

/** Parents stand before their children, so one pass from the end adds all up. */
function addUp(own: Figures, parent: Int32Array): Figures {
  return eachFigure((figure) => {
    const values = own[figure].slice()
    for (let node = values.length - 1; node > 0; node--) values[parent[node]] += values[node]
    return values
  })
}
