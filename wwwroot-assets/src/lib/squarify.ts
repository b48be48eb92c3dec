// Squarified treemap (Bruls, Huizing, van Wijk: "Squarified Treemaps", 2000) on typed arrays.
//
// A box is kept relative to the inside of its parent: 0 to 1 from left to right and from top to bottom. Headers and frames keep their
// pixels at every zoom, so the pixels of a box follow from those of its parent when it is drawn; what lies where never changes by zooming.
import { type RegionTree, kindOf } from './region-tree.ts'
import { type Frames, innerHeight, innerWidth } from './frames.ts'

/** Left, top, right and bottom of every node, four numbers each, relative to the inside of its parent. */
export type Boxes = Float64Array

/** Lays a tree (or the part below a node) out for a view of the given size, in CSS pixels. */
export function layoutTree(tree: RegionTree, root: number, width: number, height: number, frames: Frames): Boxes {
  const { count, firstChild, childCount, value } = tree
  const boxes = new Float64Array(4 * count)
  const widths = new Float32Array(count)
  const heights = new Float32Array(count)
  boxes[4 * root + 2] = 1
  boxes[4 * root + 3] = 1
  widths[root] = Math.max(1, width)
  heights[root] = Math.max(1, height)
  const place = (node: number) => {
    const children = childCount[node]
    if (children === 0) return
    const kind = node === root ? 0 : kindOf(tree, node)
    const w = Math.max(1e-3, innerWidth(frames, kind, children, widths[node], heights[node]))
    const h = Math.max(1e-3, innerHeight(frames, kind, children, widths[node], heights[node]))
    const first = firstChild[node]
    squarify(value, first, first + children, value[node], w, h, boxes)
    for (let child = first; child < first + children; child++) {
      widths[child] = (boxes[4 * child + 2] - boxes[4 * child]) * w
      heights[child] = (boxes[4 * child + 3] - boxes[4 * child + 1]) * h
    }
  }
  place(root)
  // Parents stand before their children, and the descendants of one node lie in one range of every kind.
  let from = firstChild[root]
  let to = from + childCount[root]
  while (to > from) {
    for (let node = from; node < to; node++) place(node)
    const last = to - 1
    const nextFrom = firstChild[from]
    const nextTo = firstChild[last] + childCount[last]
    if (childCount[from] === 0) break
    from = nextFrom
    to = nextTo
  }
  return boxes
}

/**
 * Places the nodes from..to, largest first, in the unit square, as if it were w by h pixels.
 * Rows are filled along the shorter side as long as that makes their worst aspect ratio no worse.
 */
export function squarify(value: Float64Array, from: number, to: number, total: number, w: number, h: number, boxes: Boxes): void {
  const perByte = w * h / total
  let left = 0
  let top = 0
  let at = from
  while (at < to) {
    const roomX = w - left
    const roomY = h - top
    const side = Math.min(roomX, roomY)
    if (!(side > 1e-9)) {
      // Rounding has used up the room: what is left has no pixels in any case.
      placeRow(value, at, to, 0, Math.min(1, left / w), 0, 0, Math.min(1, top / h), Math.min(1, top / h), boxes, 0)
      break
    }
    const sideSquared = side * side
    let sum = 0
    let largest = 0
    let smallest = Infinity
    let worst = Infinity
    let end = at
    while (end < to) {
      const area = value[end] * perByte
      const nextSum = sum + area
      const nextLargest = area > largest ? area : largest
      const nextSmallest = area < smallest ? area : smallest
      const squared = nextSum * nextSum
      const ratio = Math.max(sideSquared * nextLargest / squared, squared / (sideSquared * nextSmallest))
      if (ratio > worst) break
      worst = ratio
      sum = nextSum
      largest = nextLargest
      smallest = nextSmallest
      end++
    }
    // The last row takes what is left, so that rounding leaves no gap.
    const isLast = end === to
    if (roomX < roomY) {
      const thickness = isLast ? roomY : sum / roomX
      placeRow(value, at, end, perByte, left / w, roomX / w, 1 / (sum / roomX * w), top / h, isLast ? 1 : (top + thickness) / h, boxes, 0)
      top += thickness
    } else {
      const thickness = isLast ? roomX : sum / roomY
      placeRow(value, at, end, perByte, top / h, roomY / h, 1 / (sum / roomY * h), left / w, isLast ? 1 : (left + thickness) / w, boxes, 1)
      left += thickness
    }
    at = end
  }
}

/** One row: along is the axis it runs on (0 x, 1 y); near and far bound it on the other one. */
function placeRow(
  value: Float64Array, from: number, to: number, perByte: number,
  start: number, length: number, perArea: number, near: number, far: number, boxes: Boxes, along: 0 | 1,
): void {
  let at = start
  const end = start + length
  for (let node = from; node < to; node++) {
    const next = node === to - 1 ? end : Math.min(end, at + value[node] * perByte * perArea)
    const box = 4 * node
    boxes[box + along] = at
    boxes[box + 2 + along] = next
    boxes[box + 1 - along] = near
    boxes[box + 3 - along] = far
    at = next
  }
}
