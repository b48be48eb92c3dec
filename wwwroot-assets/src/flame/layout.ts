// Where the boxes of a flame graph lie: across by a figure, down by depth. Places across are in the figure's own unit.
import { type CallTree, type Figure } from './call-tree.ts'

/** Immutable. */
export interface FlameLayout {
  readonly tree: CallTree
  readonly figure: Figure
  /** Where each node begins; meaningless for one that has nothing of the figure. */
  readonly start: Float64Array
  /** How much of the figure each node has. */
  readonly width: Float64Array
  /** The nodes that have any, by depth, and from left to right within one. */
  readonly rows: Int32Array
  /** Where each depth begins in rows; one more than there are depths. */
  readonly rowStart: Int32Array
}

/**
 * Children stand by size in steps of a doubling, the widest first, and then by name: the widest path is at the left, and boxes do not
 * change places because a figure changed a little.
 */
export function layOut(tree: CallTree, figure: Figure): FlameLayout {
  const width = tree.width[figure]
  const start = new Float64Array(tree.count)
  const ranks = rankFrames(tree)
  const step = new Int8Array(tree.count)
  let depths = 0
  for (let node = 0; node < tree.count; node++) {
    if (width[node] <= 0) continue
    step[node] = Math.floor(Math.log2(width[node]))
    depths = Math.max(depths, tree.depth[node] + 1)
  }
  const rowStart = new Int32Array(depths + 1)
  for (let node = 0; node < tree.count; node++) if (width[node] > 0) rowStart[tree.depth[node] + 1]++
  for (let depth = 0; depth < depths; depth++) rowStart[depth + 1] += rowStart[depth]
  const rows = new Int32Array(rowStart[depths])
  const next = rowStart.slice()
  const open: number[] = width[0] > 0 ? [0] : []
  const children: number[] = []
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    rows[next[tree.depth[node]]++] = node
    children.length = 0
    for (let child = node + 1; child < tree.end[node]; child = tree.end[child]) if (width[child] > 0) children.push(child)
    if (children.length > 1) children.sort((a, b) => step[b] - step[a] || ranks[tree.frame[a]] - ranks[tree.frame[b]] || a - b)
    let at = start[node]
    for (const child of children) {
      start[child] = at
      at += width[child]
    }
    for (let i = children.length - 1; i >= 0; i--) open.push(children[i])
  }
  return { tree, figure, start, width, rows, rowStart }
}

export const depthsOf = (layout: FlameLayout): number => layout.rowStart.length - 1

/** The place in rows, within a depth, of the first node that ends after a place across; the depth's end when there is none. */
export function firstAfter(layout: FlameLayout, depth: number, at: number, from = layout.rowStart[depth]): number {
  const { rows, start, width } = layout
  let low = from
  let high = layout.rowStart[depth + 1]
  while (low < high) {
    const middle = (low + high) >>> 1
    const node = rows[middle]
    if (start[node] + width[node] <= at) low = middle + 1
    else high = middle
  }
  return low
}

/** The node at a place; -1 for none. */
export function nodeAt(layout: FlameLayout, depth: number, at: number): number {
  if (depth < 0 || depth >= depthsOf(layout)) return -1
  const index = firstAfter(layout, depth, at)
  if (index >= layout.rowStart[depth + 1]) return -1
  const node = layout.rows[index]
  return layout.start[node] <= at ? node : -1
}

/** The deepest node that a stretch across lies in: what is zoomed to. */
export function enclosing(layout: FlameLayout, from: number, to: number): number {
  let found = 0
  const slack = (to - from) * 1e-9
  for (let depth = 1; depth < depthsOf(layout); depth++) {
    const node = nodeAt(layout, depth, (from + to) / 2)
    if (node < 0 || layout.start[node] > from + slack || layout.start[node] + layout.width[node] < to - slack) break
    found = node
  }
  return found
}

export type FlameStep = 'left' | 'right' | 'up' | 'down'

/** The node that an arrow key leads to: callers above, the widest of what is called below, neighbours beside. */
export function step(layout: FlameLayout, node: number, to: FlameStep): number {
  const { tree, width, rows, rowStart, start } = layout
  if (node < 0 || width[node] <= 0) return 0
  if (to === 'up') return Math.max(0, tree.parent[node])
  if (to === 'down') {
    let widest = node
    for (let child = node + 1; child < tree.end[node]; child = tree.end[child]) if (width[child] > (widest === node ? 0 : width[widest])) widest = child
    return widest
  }
  const depth = tree.depth[node]
  const at = firstAfter(layout, depth, start[node]) + (to === 'left' ? -1 : 1)
  return at < rowStart[depth] || at >= rowStart[depth + 1] ? node : rows[at]
}

/** The place of each frame in the order of names. */
function rankFrames({ frames }: CallTree): Int32Array {
  const order = Array.from({ length: frames.length }, (_, i) => i)
  const compare = (a: string, b: string) => a < b ? -1 : a > b ? 1 : 0
  order.sort((a, b) => compare(frames[a].function, frames[b].function) || compare(frames[a].module, frames[b].module) || frames[a].line - frames[b].line)
  const ranks = new Int32Array(frames.length)
  order.forEach((frame, rank) => { ranks[frame] = rank })
  return ranks
}
