// Where the boxes of a laid out tree are on a canvas. One unit throughout: device pixels.
import { type Frames, farFrameOf, frameOf, headerOf } from './frames.ts'
import { NodeKind, type RegionTree, kindOf } from './region-tree.ts'
import type { Boxes } from './squarify.ts'

export interface Box { left: number, top: number, right: number, bottom: number }

/** A tree laid out below a root, and the box on the canvas that the root fills; larger than the canvas when zoomed in. */
export interface TreemapScene {
  readonly tree: RegionTree
  readonly boxes: Boxes
  readonly root: number
  readonly rootBox: Box
  readonly frames: Frames
}

/** The inside of a node's box, where its children lie. The root has neither header nor frame. */
export function insideOf(scene: TreemapScene, node: number, box: Box): Box {
  if (node === scene.root) return box
  const kind = kindOf(scene.tree, node)
  const children = scene.tree.childCount[node]
  const width = box.right - box.left
  const height = box.bottom - box.top
  const frame = frameOf(scene.frames, kind, children, width, height)
  const header = headerOf(scene.frames, kind, children, width, height)
  const far = farFrameOf(scene.frames, kind, children, width, height)
  return { left: box.left + frame, top: box.top + (header > 0 ? header : frame), right: box.right - far, bottom: box.bottom - far }
}

/** A child's box, from the inside of its parent. */
export function childBox(scene: TreemapScene, inside: Box, child: number): Box {
  const { boxes } = scene
  const width = inside.right - inside.left
  const height = inside.bottom - inside.top
  return {
    left: inside.left + boxes[4 * child] * width,
    top: inside.top + boxes[4 * child + 1] * height,
    right: inside.left + boxes[4 * child + 2] * width,
    bottom: inside.top + boxes[4 * child + 3] * height,
  }
}

/** True when a node is the root of the scene or below it. */
export function isInScene(scene: TreemapScene, node: number): boolean {
  for (let at = node; at >= 0; at = scene.tree.parent[at]) if (at === scene.root) return true
  return false
}

/** The box of a node, null when it is not below the root. */
export function boxOf(scene: TreemapScene, node: number): Box | null {
  if (node === scene.root) return scene.rootBox
  const parent = scene.tree.parent[node]
  if (parent < 0) return null
  const box = boxOf(scene, parent)
  return box === null ? null : childBox(scene, insideOf(scene, parent, box), node)
}

/** The deepest node at a point; a header or frame belongs to its node. -1 outside the root. */
export function hitTest(scene: TreemapScene, x: number, y: number): number {
  const holds = (box: Box) => x >= box.left && x < box.right && y >= box.top && y < box.bottom
  if (!holds(scene.rootBox)) return -1
  let node = scene.root
  let box = scene.rootBox
  for (;;) {
    const inside = insideOf(scene, node, box)
    const first = scene.tree.firstChild[node]
    const end = first + scene.tree.childCount[node]
    let found = -1
    for (let child = first; child < end && found < 0; child++) {
      const inner = childBox(scene, inside, child)
      if (holds(inner)) {
        found = child
        box = inner
      }
    }
    if (found < 0) return node
    node = found
  }
}

/** The node that a person means: a group of one region is that region. */
export function meant(tree: RegionTree, node: number): number {
  return node >= 0 && kindOf(tree, node) === NodeKind.group && tree.childCount[node] === 1 ? tree.firstChild[node] : node
}

export type Step = 'next' | 'previous' | 'in' | 'out'

/** Where an arrow key leads from a node, staying below the scene's root; the node itself when there is nothing there. */
export function step(scene: TreemapScene, node: number, direction: Step): number {
  const { tree, root } = scene
  if (node < 0 || !isInScene(scene, node)) return tree.childCount[root] > 0 ? meant(tree, tree.firstChild[root]) : root
  if (direction === 'in') return tree.childCount[node] > 0 ? meant(tree, tree.firstChild[node]) : node
  if (node === root) return direction === 'out' ? root : step(scene, -1, direction)
  // A lone region stands for its group: its siblings are those of the group.
  const parent = tree.parent[node]
  const isLone = parent !== root && meant(tree, parent) === node
  const own = isLone ? parent : node
  const above = tree.parent[own]
  if (direction === 'out') return above === root ? node : above
  const next = own + (direction === 'next' ? 1 : -1)
  const first = tree.firstChild[above]
  return next >= first && next < first + tree.childCount[above] ? meant(tree, next) : node
}
