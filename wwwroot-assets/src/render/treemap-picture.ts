// The treemap as a picture: what it is laid out from, where it is zoomed to, and how it gets there.
import { type Description, describeNode } from '../lib/describe.ts'
import { cssFrames, scaleFrames } from '../lib/frames.ts'
import { nodeName } from '../lib/region-names.ts'
import { type Platform, RegionTable } from '../lib/region-table.ts'
import { NodeKind, type RegionTree, buildTree, kindOf } from '../lib/region-tree.ts'
import { type Boxes, layoutTree } from '../lib/squarify.ts'
import { nodeOf, rowsOf, tokenOf } from '../lib/token.ts'
import { type Box, type Step, type TreemapScene, boxOf, hitTest, isInScene, meant, step } from '../lib/treemap-scene.ts'
import type { NodeChanges } from './change-look.ts'
import type { Fonts } from './fonts.ts'
import type { Painter } from './painter.ts'
import type { Arrow, Crumb, Hit, Picture, PictureInput } from './picture.ts'
import { drawTreemap } from './treemap.ts'

const animationMs = 180
/** A region of one byte in 2^40 is a pixel then; numbers are exact well beyond that. */
const maxZoom = 2 ** 20
const maxOutlines = 400
/** What there is to say about nodes, and for a comparison how they are drawn. */
export interface TreemapLook {
  readonly changes?: NodeChanges
  describe(tree: RegionTree, node: number, platform: Platform): Description
}

const steps: Readonly<Record<Arrow, Step>> = { left: 'previous', right: 'next', up: 'out', down: 'in' }

export class TreemapPicture implements Picture {
  #input: PictureInput | null = null
  #tree: RegionTree = buildTree(RegionTable.empty, 'size', false)
  #boxes: Boxes | null = null
  #nodeOfRow: Int32Array | null = null
  #width = 1
  #height = 1
  #ratio = 1
  #zoomToken = ''
  #root = 0
  /** The box of the root on the canvas: the canvas itself when fitted. */
  #view: Box = { left: 0, top: 0, right: 1, bottom: 1 }
  #animation: { from: Box, since: number } | null = null
  readonly #motion: () => boolean
  readonly #look: TreemapLook

  /** @param motion tells whether the person allows movement. */
  constructor(motion: () => boolean, look: TreemapLook = { describe: describeNode }) {
    this.#motion = motion
    this.#look = look
  }

  setInput(input: PictureInput): void {
    const last = this.#input
    this.#input = input
    if (last === null || last.table !== input.table || last.area !== input.area || last.showFree !== input.showFree) {
      this.#tree = buildTree(input.table, input.area, input.showFree)
      this.#boxes = null
      this.#nodeOfRow = null
      this.#findRoot()
    }
  }

  resize(width: number, height: number, ratio: number): void {
    if (width === this.#width && height === this.#height && ratio === this.#ratio) return
    const { left, top, right, bottom } = this.#view
    const byX = width / this.#width
    const byY = height / this.#height
    this.#width = width
    this.#height = height
    this.#ratio = ratio
    this.#view = { left: left * byX, top: top * byY, right: right * byX, bottom: bottom * byY }
    this.#animation = null
    this.#boxes = null
  }

  draw(painter: Painter, context: CanvasRenderingContext2D, fonts: Fonts, now: number): number {
    const input = this.#input
    if (input === null) return 0
    const scene = this.#scene(now)
    return drawTreemap({
      scene,
      width: this.#width,
      height: this.#height,
      ratio: this.#ratio,
      rowColours: input.rowColours,
      palette: input.palette,
      isCategoryDimmed: input.isCategoryDimmed,
      platform: input.platform,
      changes: this.#look.changes,
    }, painter, context, fonts)
  }

  get isAnimating(): boolean {
    return this.#animation !== null
  }

  get isEmpty(): boolean {
    return this.#tree.childCount[0] === 0
  }

  get isFitted(): boolean {
    return this.#view.right - this.#view.left <= this.#width * 1.0001
  }

  get zoomToken(): string {
    return this.#zoomToken
  }

  /** A token that is not in the data now is kept: the process may map the file again. */
  set zoomToken(token: string) {
    if (token === this.#zoomToken || token.startsWith('x:')) return
    this.#goTo(token)
  }

  get crumbs(): readonly Crumb[] {
    const tree = this.#tree
    const crumbs: Crumb[] = []
    for (let node = this.#root; node >= 0; node = tree.parent[node]) crumbs.unshift({ name: nodeName(tree, node), size: tree.value[node], token: tokenOf(tree, node) })
    return crumbs
  }

  hit(x: number, y: number): Hit | null {
    const node = meant(this.#tree, hitTest(this.#scene(), x, y))
    return node <= 0 || node === this.#root ? null : this.#hitOf(node)
  }

  find(token: string): Hit | null {
    const node = token === '' ? -1 : meant(this.#tree, nodeOf(this.#tree, token))
    return node > 0 ? this.#hitOf(node) : null
  }

  boxesOf(token: string): readonly Box[] {
    if (token === '') return []
    const scene = this.#scene()
    if (!token.startsWith('a:') && !token.startsWith('p:')) {
      const node = meant(this.#tree, nodeOf(this.#tree, token))
      const box = node > 0 && isInScene(scene, node) ? boxOf(scene, node) : null
      return box === null ? [] : [box]
    }
    // The regions of an allocation need not be neighbours in the picture.
    const wanted = rowsOf(this.#tree.table, token)
    if (wanted === null) return []
    const nodes = this.#nodes()
    const boxes: Box[] = []
    for (let row = 0; row < nodes.length && boxes.length < maxOutlines; row++) {
      if (nodes[row] < 0 || !wanted(row) || !isInScene(scene, nodes[row])) continue
      const box = boxOf(scene, nodes[row])
      if (box !== null) boxes.push(box)
    }
    return boxes
  }

  move(token: string, arrow: Arrow): string {
    const node = token === '' ? -1 : meant(this.#tree, nodeOf(this.#tree, token))
    const found = step(this.#scene(), node, steps[arrow])
    return found === this.#root ? token : tokenOf(this.#tree, found)
  }

  zoomAt(x: number, y: number, factor: number): void {
    const scene = this.#scene()
    const node = hitTest(scene, x, y)
    const before = node < 0 ? null : boxOf(scene, node)
    const { left, top, right, bottom } = this.#view
    const width = Math.min(Math.max(this.#width, (right - left) * factor), this.#width * maxZoom)
    const by = width / (right - left)
    this.#animation = null
    this.#setView({ left: x - (x - left) * by, top: y - (y - top) * by, right: x + (right - x) * by, bottom: y + (bottom - y) * by })
    // Headers keep their pixels, so the box under the pointer has moved a little: bring the same part of it back there.
    const after = before === null ? null : boxOf(this.#scene(), node)
    if (before === null || after === null || before.right <= before.left || before.bottom <= before.top) return
    this.pan(
      x - (after.left + (x - before.left) / (before.right - before.left) * (after.right - after.left)),
      y - (after.top + (y - before.top) / (before.bottom - before.top) * (after.bottom - after.top)),
    )
  }

  pan(dx: number, dy: number): void {
    const { left, top, right, bottom } = this.#view
    this.#animation = null
    this.#setView({ left: left + dx, top: top + dy, right: right + dx, bottom: bottom + dy })
  }

  zoomToBox(box: Box): void {
    const factor = Math.min(this.#width / Math.max(1, box.right - box.left), this.#height / Math.max(1, box.bottom - box.top))
    const x = (box.left + box.right) / 2
    const y = (box.top + box.bottom) / 2
    this.zoomAt(x, y, factor)
    this.pan(this.#width / 2 - x, this.#height / 2 - y)
  }

  enter(token: string): boolean {
    let node = nodeOf(this.#tree, token)
    if (node < 0) return false
    // A region cannot be entered; what holds it can.
    while (node > 0 && this.#tree.childCount[node] <= 1 && kindOf(this.#tree, node) !== NodeKind.category) node = this.#tree.parent[node]
    if (node === this.#root) return false
    this.#goTo(tokenOf(this.#tree, node))
    return true
  }

  back(): boolean {
    if (!this.isFitted) {
      this.fit()
      return true
    }
    if (this.#root === 0) {
      if (this.#zoomToken === '') return false
      this.#zoomToken = ''
      return true
    }
    this.#goTo(tokenOf(this.#tree, this.#tree.parent[this.#root]))
    return true
  }

  fit(): void {
    if (this.isFitted) return
    const from = this.#view
    this.#view = this.#canvas()
    this.#animate(from)
  }

  /** Enters a node; the picture grows out of, or shrinks into, the place it has in the other one. */
  #goTo(token: string): void {
    const before = this.#scene()
    this.#zoomToken = token
    const left = this.#root
    this.#findRoot()
    if (this.#root === left) return
    const place = isInScene(before, this.#root) ? boxOf(before, this.#root) : null
    this.#boxes = null
    this.#view = this.#canvas()
    if (place !== null) {
      this.#animate(place)
      return
    }
    // Going out: begin with the old root still filling the canvas.
    const after = this.#scene()
    const old = isInScene(after, left) ? boxOf(after, left) : null
    if (old === null || old.right <= old.left || old.bottom <= old.top) return
    const byX = this.#width / (old.right - old.left)
    const byY = this.#height / (old.bottom - old.top)
    this.#animate({ left: -old.left * byX, top: -old.top * byY, right: (this.#width - old.left) * byX, bottom: (this.#height - old.top) * byY })
  }

  #animate(from: Box): void {
    this.#animation = this.#motion() ? { from, since: performance.now() } : null
  }

  #findRoot(): void {
    const node = nodeOf(this.#tree, this.#zoomToken)
    this.#root = node >= 0 && this.#tree.childCount[node] > 0 ? node : 0
  }

  #canvas(): Box {
    return { left: 0, top: 0, right: this.#width, bottom: this.#height }
  }

  /** The root covers the canvas at least. */
  #setView(box: Box): void {
    const width = Math.max(this.#width, box.right - box.left)
    const height = Math.max(this.#height, box.bottom - box.top)
    const left = Math.min(0, Math.max(this.#width - width, box.left))
    const top = Math.min(0, Math.max(this.#height - height, box.top))
    this.#view = { left, top, right: left + width, bottom: top + height }
  }

  #scene(now = performance.now()): TreemapScene {
    this.#boxes ??= layoutTree(this.#tree, this.#root, this.#width / this.#ratio, this.#height / this.#ratio, cssFrames)
    return { tree: this.#tree, boxes: this.#boxes, root: this.#root, rootBox: this.#rootBox(now), frames: scaleFrames(cssFrames, this.#ratio) }
  }

  #rootBox(now: number): Box {
    if (this.#animation === null) return this.#view
    const { from, since } = this.#animation
    const share = (now - since) / animationMs
    if (share >= 1) {
      this.#animation = null
      return this.#view
    }
    const eased = 1 - (1 - Math.max(0, share)) ** 3
    const between = (a: number, b: number) => a + (b - a) * eased
    const to = this.#view
    return { left: between(from.left, to.left), top: between(from.top, to.top), right: between(from.right, to.right), bottom: between(from.bottom, to.bottom) }
  }

  #hitOf(node: number): Hit {
    const tree = this.#tree
    const platform = this.#input?.platform ?? 'linux'
    return { token: tokenOf(tree, node), describe: () => this.#look.describe(tree, node, platform) }
  }

  #nodes(): Int32Array {
    if (this.#nodeOfRow === null) {
      const { table, row, kindStart: [, , , firstRegion, end] } = this.#tree
      this.#nodeOfRow = new Int32Array(table.count).fill(-1)
      for (let node = firstRegion; node < end; node++) this.#nodeOfRow[row[node]] = node
    }
    return this.#nodeOfRow
  }
}
